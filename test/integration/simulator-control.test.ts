import { describe, expect, it } from 'vitest';
import { startSimulator } from '#simulator/simulator.ts';
import { caller } from '#support/api-caller.ts';
import { simulatedNowMs, workspace } from '#support/simulated-workspace.ts';

const control = (url: string) => async (method: string, path: string, body?: unknown) => {
  const response = await fetch(`${url}/_simulator${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, json: () => JSON.parse(text) as unknown };
};

const linesOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { id: string; deleted: unknown; json: unknown });

describe('the control endpoints', () => {
  it('need no token, are not counted and are not struck', async () => {
    await using simulator = await workspace({ access: { token: 'secret' }, faults: [{ kind: 'reset' }] });
    expect((await control(simulator.url)('GET', '')).json()).toEqual({
      workspace_id: 'simulated',
      region: 'US',
      now: simulatedNowMs,
      conversations: 0,
      deletions: 0,
      personal_marker: 'PERSONAL',
    });
    expect(simulator.stats().calls).toBe(0);
  });

  it('count the calls by endpoint and status, by path, and those that may change something', async () => {
    await using simulator = await workspace({
      conversations: [{ updatedDaysAgo: 1 }, { updatedDaysAgo: 2 }],
    });
    const call = caller(simulator.url, '2.16');
    await call('GET', '/conversations?per_page=2');
    await call('POST', '/conversations/search', { query: { field: 'open', operator: '=', value: true } });
    await call('DELETE', '/conversations/1');
    await call('DELETE', '/conversations/1');
    const ask = control(simulator.url);
    expect((await ask('GET', '/stats')).json()).toEqual({
      calls: 4,
      writeCalls: 2,
      byEndpoint: { list: { 200: 1 }, search: { 200: 1 }, delete: { 200: 1, 404: 1 } },
      byPath: { 'GET /conversations': 1, 'POST /conversations/search': 1, 'DELETE /conversations/{id}': 2 },
      rateLimited: { own: 0, foreign: 0, injected: 0 },
      faults: {},
      churnActions: 0,
      maxConcurrent: 1,
    });
    await ask('POST', '/stats/reset');
    expect((await ask('GET', '/stats')).json()).toMatchObject({ calls: 0, writeCalls: 0, byEndpoint: {} });
  });

  it('tell how many calls were under way at once', async () => {
    await using simulator = await workspace({ latencyMs: 30 });
    const call = caller(simulator.url, '2.16');
    await Promise.all([1, 2, 3].map(() => call('GET', '/me')));
    expect(simulator.stats().maxConcurrent).toBe(3);
  });

  it('stream the truth: every conversation, and who deleted it, when and how', async () => {
    await using simulator = await workspace({ generate: 30 });
    const [mine, theirs, kept] = [...simulator.conversations()].map(({ id }) => id);
    await caller(simulator.url, '2.16')('DELETE', `/conversations/${mine}?retain_metrics=false`);
    const ask = control(simulator.url);
    expect((await ask('POST', `/conversations/${theirs}/delete`)).json()).toEqual({ done: true });
    const truth = new Map(linesOf((await ask('GET', '/conversations')).text).map((line) => [line.id, line]));
    expect(truth.size).toBe(30);
    expect(truth.get(kept!)).toMatchObject({ deleted: null, json: { type: 'conversation', id: kept } });
    const deletions = [
      { id: mine, at: simulatedNowMs, by: 'api', metrics_retained: false },
      { id: theirs, at: simulatedNowMs, by: 'foreign', metrics_retained: true },
    ];
    expect([truth.get(mine!)?.deleted, truth.get(theirs!)?.deleted]).toEqual(deletions);
    expect(linesOf((await ask('GET', '/deletions')).text)).toEqual(deletions);
  });

  it('change the settings that are given and leave the others', async () => {
    await using simulator = await workspace({ latencyMs: 1, faults: [{ kind: 'server_error', calls: [2] }] });
    const ask = control(simulator.url);
    const call = caller(simulator.url, '2.16');
    await call('GET', '/me');
    expect((await ask('PATCH', '/settings', { comparison: 'day' })).json()).toMatchObject({
      latencyMs: 1,
      comparison: 'day',
    });
    expect((await ask('GET', '/settings')).json()).toEqual(simulator.settings());
    // The counts of faults go on: this is the second call.
    expect((await call('GET', '/me')).status).toBe(500);
    await ask('PATCH', '/settings', { faults: [{ kind: 'html_error', status: 502 }] });
    await expect(call('GET', '/me')).rejects.toThrow(SyntaxError);
  });

  it('refuse settings that are none, and change nothing', async () => {
    await using simulator = await workspace();
    const before = simulator.settings();
    const refused = await control(simulator.url)('PATCH', '/settings', { latencyMs: -1, colour: 'red' });
    expect(refused.status).toBe(400);
    expect(refused.json()).toMatchObject({ problems: [{ path: ['latencyMs'] }, { keys: ['colour'] }] });
    expect(simulator.settings()).toBe(before);
  });

  it.each([
    [
      'POST',
      '/conversations/1/reply',
      200,
      { state: 'open', updated_at: simulatedNowMs / 1000, read: false },
    ],
    ['POST', '/conversations/1/reopen', 200, { state: 'open' }],
    [
      'POST',
      '/conversations/1/snooze',
      200,
      { state: 'snoozed', snoozed_until: simulatedNowMs / 1000 + 7 * 86_400 },
    ],
    [
      'POST',
      '/conversations/1/close',
      200,
      { state: 'closed', statistics: { last_close_at: simulatedNowMs / 1000 } },
    ],
    ['POST', '/conversations/1/tag', 200, { tags: { tags: [{ name: 'vip' }, { name: 'billing' }] } }],
    ['POST', '/conversations/1/untag', 200, { tags: { tags: [] } }],
    ['POST', '/conversations/1/assign', 200, { admin_assignee_id: 991_267_400 }],
    ['POST', '/conversations/99/reply', 404, {}],
    ['POST', '/conversations/1/paint', 400, {}],
    ['GET', '/nothing', 404, {}],
  ])('%s %s: %i', async (method, path, status, changed) => {
    await using simulator = await workspace({ conversations: [{ updatedDaysAgo: 100, tags: ['vip'] }] });
    expect((await control(simulator.url)(method, path)).status).toBe(status);
    expect((await caller(simulator.url, '2.16')('GET', '/conversations/1')).json).toMatchObject(changed);
  });

  it('assign to the team or teammate, and take off the tag, that is named', async () => {
    await using simulator = await workspace({
      conversations: [{ updatedDaysAgo: 100, tags: ['vip', 'bug'] }],
    });
    const { teams, tags } = simulator.staff;
    const ask = control(simulator.url);
    await ask('POST', '/conversations/1/assign', { subject: String(teams[2]!.id) });
    await ask('POST', '/conversations/1/untag', { subject: tags.find(({ name }) => name === 'vip')!.id });
    expect((await caller(simulator.url, '2.16')('GET', '/conversations/1')).json).toMatchObject({
      team_assignee_id: teams[2]!.id,
      tags: { tags: [{ name: 'bug' }] },
    });
  });

  it('move the clock on', async () => {
    await using simulator = await workspace();
    expect((await control(simulator.url)('POST', '/clock', { advanceMs: 5000 })).json()).toEqual({
      now: simulatedNowMs + 5000,
    });
    expect(simulator.now()).toBe(simulatedNowMs + 5000);
  });

  it('shut down', async () => {
    const simulator = await startSimulator();
    expect((await control(simulator.url)('POST', '/shutdown')).json()).toEqual({ closing: true });
    await expect(fetch(`${simulator.url}/me`)).rejects.toThrow('fetch failed');
  });
});

describe('startSimulator', () => {
  it('takes the port that it is given, and says so when it is taken', async () => {
    await using first = await workspace();
    await expect(startSimulator({ port: first.port })).rejects.toThrow('EADDRINUSE');
  });

  it('serves 100,000 conversations within seconds', async () => {
    const startedAt = performance.now();
    const simulator = await startSimulator({ generate: 100_000, rateLimit: { perMinute: 0 } });
    const startMs = Math.round(performance.now() - startedAt);
    process.stdout.write(`The simulator started with 100,000 conversations in ${startMs} ms.\n`);
    expect((await caller(simulator.url, '2.16')('GET', '/conversations')).json).toMatchObject({
      total_count: 100_000,
    });
    await simulator.close();
  });
});
