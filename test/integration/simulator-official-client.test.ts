import { IntercomClient } from 'intercom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '#simulator/running-simulator.ts';
import { workspace } from '#support/simulated-workspace.ts';

describe('the official client, with the simulator in place of Intercom', () => {
  let simulator: Simulator;
  let client: IntercomClient;

  beforeAll(async () => {
    simulator = await workspace({ generate: 70, workspaceId: 'a86dr8yl', region: 'EU' });
    client = new IntercomClient({
      token: 'test',
      baseUrl: simulator.url,
      headers: { 'Intercom-Version': '2.16' },
    });
  });
  afterAll(() => simulator.close());

  it('lists every conversation, page after page', async () => {
    const ids: unknown[] = [];
    for await (const { id } of await client.conversations.list({ per_page: 20 })) ids.push(id);
    expect(ids).toHaveLength(70);
    expect(new Set(ids)).toEqual(new Set([...simulator.conversations()].map(({ id }) => id)));
  });

  it('searches, page after page', async () => {
    const found: unknown[] = [];
    const pages = await client.conversations.search({
      query: { operator: 'AND', value: [{ field: 'state', operator: '=', value: 'closed' }] },
      pagination: { per_page: 10 },
    });
    for await (const { id } of pages) found.push(id);
    const closed = [...simulator.conversations()]
      .filter(({ json }) => json['state'] === 'closed')
      .map(({ id }) => id);
    expect(found).toHaveLength(closed.length);
    expect(new Set(found)).toEqual(new Set(closed));
    expect(closed.length).toBeGreaterThan(20);
  });

  it('finds a conversation with its parts', async () => {
    const { id, json } = [...simulator.conversations()][0]!;
    const found = await client.conversations.find({ conversation_id: id });
    expect(found).toMatchObject({ id, state: json['state'], created_at: json['created_at'] });
    expect(found.conversation_parts?.conversation_parts).toHaveLength(
      Number(found.conversation_parts?.total_count),
    );
  });

  it('deletes one conversation without its metrics, which is then gone and on the list of the deleted', async () => {
    const id = [...simulator.conversations()][5]!.id;
    const answer = await client.conversations.deleteConversation(
      { conversation_id: Number(id) },
      { queryParams: { retain_metrics: false } },
    );
    expect(answer).toEqual({ id, object: 'conversation', deleted: true });
    expect(simulator.deletions()).toEqual([{ id, by: 'api', metricsRetained: false, at: simulator.now() }]);
    await expect(client.conversations.find({ conversation_id: id })).rejects.toMatchObject({
      statusCode: 404,
    });
  });

  it('identifies itself and lists tags, teams and admins', async () => {
    const { staff } = simulator;
    expect(await client.admins.identify()).toMatchObject({
      app: { id_code: 'a86dr8yl', region: 'EU', timezone: 'UTC' },
    });
    expect((await client.tags.list()).data?.map(({ name }) => name)).toEqual(
      staff.tags.map(({ name }) => name),
    );
    expect((await client.teams.list()).teams?.map(({ id }) => id)).toEqual(
      staff.teams.map(({ id }) => String(id)),
    );
    expect((await client.admins.list()).admins?.map((admin) => admin?.id)).toEqual(
      staff.admins.map(({ id }) => String(id)),
    );
  });

  it('takes a 429 for what it is and comes back when the window has ended', async () => {
    await using strict = await workspace({ generate: 1, faults: [{ kind: 'rate_limited', calls: [1] }] });
    const patient = new IntercomClient({
      token: 'test',
      baseUrl: strict.url,
      headers: { 'Intercom-Version': '2.16' },
    });
    expect(await patient.tags.list()).toHaveProperty('type', 'list');
    expect(strict.stats()).toMatchObject({ calls: 2, rateLimited: { own: 0, foreign: 0, injected: 1 } });
  });
});
