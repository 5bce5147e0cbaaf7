import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Fault } from '#simulator/settings.ts';
import { caller } from '#support/api-caller.ts';
import { workspace } from '#support/simulated-workspace.ts';

/** What a client sees of a deletion: a status and a text, or that the connection was lost, or nothing at all. */
function seenDeletion(url: string, patienceMs: number): Promise<string> {
  return new Promise((resolve) => {
    const headers = { accept: 'application/json', authorization: 'Bearer test', 'intercom-version': '2.16' };
    const sent = request(
      `${url}/conversations/1`,
      { method: 'DELETE', headers, timeout: patienceMs },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        response.on('end', () => resolve(`${response.statusCode} ${text}`));
        response.on('error', () => resolve(`${response.statusCode} broken off after ${text}`));
      },
    );
    sent.on('timeout', () => {
      resolve('nothing');
      sent.destroy();
    });
    sent.on('error', () => resolve('connection lost'));
    sent.end();
  });
}

const whole = '{"id":"1","object":"conversation","deleted":true}';

describe('a fault', () => {
  it.each<[Fault['kind'], RegExp, number]>([
    ['rate_limited', /^429 .*rate_limit_exceeded/, 0],
    ['server_error', /^503 .*error\.list.*server_error/, 0],
    ['html_error', /^503 <html>/, 0],
    ['hang', /^nothing$/, 0],
    ['reset', /^connection lost$/, 0],
    ['hang_after', /^nothing$/, 1],
    ['reset_after', /^connection lost$/, 1],
    ['error_after', /^503 .*server_error/, 1],
    ['torn_body', /^200 \{"id":"1","object":"conv$/, 1],
    ['torn_connection', /^200 broken off after \{"id":"1","object":"conv$/, 1],
    ['empty_body', /^200 $/, 1],
    ['slow', new RegExp(`^200 ${whole}$`), 1],
  ])('%s looks like %s to the client and leaves %i deletions', async (kind, seen, deletions) => {
    await using simulator = await workspace({
      conversations: [{ updatedDaysAgo: 1 }],
      faults: [{ kind, on: ['delete'], status: 503, delayMs: 20 }],
    });
    expect(await seenDeletion(simulator.url, 200)).toMatch(seen);
    expect(simulator.deletions()).toHaveLength(deletions);
    expect(simulator.stats().faults).toEqual({ [kind]: 1 });
  });

  it('strikes the calls of the endpoints that it names, as often as it may', async () => {
    await using simulator = await workspace({
      faults: [
        { kind: 'server_error', on: ['tags'], calls: [2, 3, 5], times: 2 },
        { kind: 'html_error', on: ['teams'], times: 1, status: 502 },
      ],
    });
    const call = caller(simulator.url, '2.16');
    const statuses: number[] = [];
    for (let asked = 0; asked < 6; asked += 1) statuses.push((await call('GET', '/tags')).status);
    expect(statuses).toEqual([200, 500, 500, 200, 200, 200]);
    await expect(call('GET', '/teams')).rejects.toThrow(SyntaxError);
    expect((await call('GET', '/teams')).status).toBe(200);
    expect(simulator.stats()).toMatchObject({ byEndpoint: { teams: { 502: 1, 200: 1 } } });
  });

  it('strikes about as often as its probability says', async () => {
    await using simulator = await workspace({ faults: [{ kind: 'server_error', probability: 0.3 }] });
    const call = caller(simulator.url, '2.16');
    let struck = 0;
    for (let asked = 0; asked < 300; asked += 1) if ((await call('GET', '/me')).status === 500) struck += 1;
    expect(struck).toBeGreaterThan(60);
    expect(struck).toBeLessThan(120);
  });
});

describe('hooks', () => {
  it('run around the effect of every call, and may do so in their own time', async () => {
    const events: string[] = [];
    const deletions = () => simulator.deletions().length;
    await using simulator = await workspace({
      conversations: [{ updatedDaysAgo: 1 }],
      hooks: {
        beforeEffect: ({ number, endpoint }) =>
          void events.push(`before ${number} ${endpoint} ${deletions()}`),
        afterEffect: async ({ number, endpoint }) => {
          await Promise.resolve();
          events.push(`after ${number} ${endpoint} ${deletions()}`);
        },
      },
    });
    await caller(simulator.url, '2.16')('DELETE', '/conversations/1');
    expect(events).toEqual(['before 1 delete 0', 'after 1 delete 1']);
  });
});

describe('damaged items', () => {
  const served = async (damage: 'missing' | 'null' | 'wrong_type' | 'no_id') => {
    const simulator = await workspace({
      generate: 100,
      presentation: { brokenItems: 0.5, damage: [damage] },
    });
    const { items } = await caller(simulator.url, '2.16')('GET', '/conversations?per_page=150');
    const truth = new Map([...simulator.conversations()].map(({ id, json }) => [id, json]));
    await simulator.close();
    return { items, truth };
  };

  it.each(['missing', 'null', 'wrong_type'] as const)(
    'have one field %s, while the truth is whole',
    async (damage) => {
      const { items, truth } = await served(damage);
      const spoilt = items.map((item) => {
        const whole = truth.get(String(item['id']));
        return Object.keys(whole ?? {}).filter(
          (name) => JSON.stringify(item[name]) !== JSON.stringify(whole?.[name]),
        );
      });
      const broken = spoilt.filter((fields) => fields.length > 0);
      expect(broken.length).toBeGreaterThan(20);
      expect(broken.length).toBeLessThan(80);
      expect(broken.every((fields) => fields.length === 1)).toBe(true);
    },
  );

  it('may have no id', async () => {
    const { items } = await served('no_id');
    expect(items).toHaveLength(100);
    expect(items.filter((item) => item['id'] === undefined).length).toBeGreaterThan(20);
  });

  it('show where they are asked for only', async () => {
    await using simulator = await workspace({
      conversations: [{ updatedDaysAgo: 1 }],
      presentation: { brokenItems: 1, damage: ['no_id'], damagedOn: ['list'] },
    });
    const call = caller(simulator.url, '2.16');
    expect((await call('GET', '/conversations')).items[0]).not.toHaveProperty('id');
    expect((await call('GET', '/conversations/1')).json).toHaveProperty('id', '1');
  });
});
