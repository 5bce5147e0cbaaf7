import { describe, expect, it } from 'vitest';
import { caller, type Reply } from '#support/api-caller.ts';
import { simulatedNowMs, workspace } from '#support/simulated-workspace.ts';

const closed = { query: { field: 'state', operator: '=', value: 'closed' } };
const idsOf = ({ items }: Reply) => items.map(({ id }) => id);

describe('an index that trails behind', () => {
  it('still shows what is deleted or changed, in its old state, until the lag is over; a single read is right at once', async () => {
    await using simulator = await workspace({
      conversations: [{ updatedDaysAgo: 1 }, { updatedDaysAgo: 2 }, { updatedDaysAgo: 3 }],
      indexLag: { probability: 1, lagMs: 60_000 },
    });
    const call = caller(simulator.url, '2.16');
    const both = async () => [
      idsOf(await call('GET', '/conversations')),
      idsOf(await call('POST', '/conversations/search', closed)),
    ];
    expect(await both()).toEqual([
      ['1', '2', '3'],
      ['1', '2', '3'],
    ]);
    await call('DELETE', '/conversations/1');
    simulator.happen('2', { action: 'reply' });
    simulator.happen('2', { action: 'tag' });

    expect(await both()).toEqual([
      ['1', '2', '3'],
      ['1', '2', '3'],
    ]);
    expect((await call('GET', '/conversations')).items[1]).toMatchObject({
      state: 'closed',
      tags: { tags: [] },
    });
    expect((await call('GET', '/conversations/1')).status).toBe(404);
    expect((await call('DELETE', '/conversations/1')).status).toBe(404);
    expect((await call('GET', '/conversations/2')).json).toMatchObject({
      state: 'open',
      tags: { tags: [{}] },
    });

    simulator.advance(59_999);
    expect(await both()).toEqual([
      ['1', '2', '3'],
      ['1', '2', '3'],
    ]);
    simulator.advance(1);
    expect(await both()).toEqual([['2', '3'], ['3']]);
    expect((await call('GET', '/conversations')).json).toMatchObject({ total_count: 2 });
  });

  it('trails for the share of changes that is asked for', async () => {
    await using simulator = await workspace({ generate: 150, indexLag: { probability: 0.3 } });
    const call = caller(simulator.url, '2.16');
    const ids = [...simulator.conversations()].map(({ id }) => id);
    for (const id of ids) await call('DELETE', `/conversations/${id}`);
    const stale = (await call('GET', '/conversations?per_page=150')).items.length;
    expect(stale).toBeGreaterThan(20);
    expect(stale).toBeLessThan(80);
  });
});

describe('churn', () => {
  it('changes conversations every so many calls while somebody reads', async () => {
    await using simulator = await workspace({ generate: 100, churn: { everyCalls: 5 } });
    const before = new Map([...simulator.conversations()].map(({ id, json }) => [id, JSON.stringify(json)]));
    const call = caller(simulator.url, '2.16');
    for (let calls = 0; calls < 100; calls += 1) await call('GET', '/me');
    const changed = [...simulator.conversations()].filter(
      ({ id, json }) => JSON.stringify(json) !== before.get(id),
    );
    expect(simulator.stats().churnActions).toBeGreaterThan(15);
    expect(changed.length).toBeGreaterThan(5);
    expect(changed.every(({ json }) => json['updated_at'] === simulatedNowMs / 1000)).toBe(true);
    expect(new Set(simulator.deletions().map(({ by }) => by))).toEqual(new Set(['foreign']));
  });
});

describe('GET /conversations/deleted', () => {
  const deleteAll = async (url: string, count: number, afterEach: () => void) => {
    for (let id = 1; id <= count; id += 1) {
      await caller(url, '2.16')('DELETE', `/conversations/${id}?retain_metrics=${id % 2 === 0}`);
      afterEach();
    }
  };
  const five = Array.from({ length: 5 }, (_, index) => ({ updatedDaysAgo: index }));

  it('comes in pages by number, the latest first unless asked otherwise, and names the next page by a URL', async () => {
    await using simulator = await workspace({ conversations: five });
    await deleteAll(simulator.url, 5, () => simulator.advance(1000));
    const call = caller(simulator.url, '2.16');
    const page = (query: string) => call('GET', `/conversations/deleted?${query}`);
    expect((await page('per_page=2')).json).toEqual({
      type: 'conversations.list',
      total_count: 5,
      pages: {
        type: 'pages',
        next: 'https://api.intercom.io/conversations/deleted?per_page=2&order=desc&page=2',
        page: 1,
        per_page: 2,
        total_pages: 3,
      },
      conversations: [
        { type: 'conversation', id: '5', metrics_retained: false, deleted_at: simulatedNowMs / 1000 + 4 },
        { type: 'conversation', id: '4', metrics_retained: true, deleted_at: simulatedNowMs / 1000 + 3 },
      ],
    });
    expect(idsOf(await page('per_page=2&page=3'))).toEqual(['1']);
    expect((await page('per_page=2&page=3')).json).toHaveProperty('pages.next', null);
    expect(idsOf(await page('per_page=2&page=4'))).toEqual([]);
    expect(idsOf(await page('per_page=60&order=asc'))).toEqual(['1', '2', '3', '4', '5']);
  });

  it('shows an entry after the delay', async () => {
    await using simulator = await workspace({ conversations: five, deletedList: { delayMs: 30_000 } });
    await deleteAll(simulator.url, 1, () => simulator.advance(29_999));
    const call = caller(simulator.url, '2.16');
    expect(idsOf(await call('GET', '/conversations/deleted'))).toEqual([]);
    simulator.advance(1);
    expect(idsOf(await call('GET', '/conversations/deleted'))).toEqual(['1']);
  });

  it('puts a late entry where its time says', async () => {
    await using simulator = await workspace({
      generate: 60,
      deletedList: { lateShare: 0.5, lateByMs: 600_000 },
    });
    const call = caller(simulator.url, '2.16');
    const deleted: string[] = [];
    const ids = [...simulator.conversations()].map(({ id }) => id);
    for (const id of ids) {
      await call('DELETE', `/conversations/${id}`);
      deleted.push(id);
      simulator.advance(1000);
    }
    const early = idsOf(await call('GET', '/conversations/deleted?per_page=60&order=asc'));
    expect(early.length).toBeGreaterThan(10);
    expect(early.length).toBeLessThan(50);
    expect(early).toEqual(deleted.filter((id) => early.includes(id)));
    simulator.advance(600_000);
    expect(idsOf(await call('GET', '/conversations/deleted?per_page=60&order=asc'))).toEqual(deleted);
  });

  it.each(['per_page=61', 'per_page=0', 'page=0', 'order=up'])('refuses %s with 400', async (query) => {
    await using simulator = await workspace();
    expect((await caller(simulator.url, '2.16')('GET', `/conversations/deleted?${query}`)).status).toBe(400);
  });
});
