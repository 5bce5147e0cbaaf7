import { describe, expect, it } from 'vitest';
import { caller } from '#support/api-caller.ts';
import { workspace } from '#support/simulated-workspace.ts';

const conversation = {
  updatedDaysAgo: 10,
  company: 7,
  priority: 'high',
  isTicket: true,
  aiResolution: 'escalated',
} as const;

describe('Intercom-Version', () => {
  it.each([
    [
      '2.7',
      { priority: 'priority', admin_assignee_id: null, team_assignee_id: null },
      ['company', 'channel', 'ai_agent', 'linked_objects', 'ticket'],
    ],
    [
      '2.9',
      { priority: 'priority', ticket: { type: 'ticket' } },
      ['company', 'channel', 'ai_agent', 'linked_objects'],
    ],
    [
      '2.14',
      { admin_assignee_id: null, ai_agent: { resolution_state: 'routed_to_team' } },
      ['company', 'channel'],
    ],
    [
      '2.15',
      { priority: 'priority', team_assignee_id: null, company: { type: 'company' } },
      ['channel', 'sales_agent'],
    ],
    [
      '2.16',
      {
        priority: 'high',
        admin_assignee_id: 0,
        team_assignee_id: 0,
        channel: {},
        ai_agent: { resolution_state: 'escalated' },
      },
      [],
    ],
    ['Preview', { priority: 'high', admin_assignee_id: 0, team_assignee_id: 0 }, []],
    ['Unstable', { priority: 'high', admin_assignee_id: 0, team_assignee_id: 0 }, []],
  ])('%s has its own words and fields', async (version, present, absent) => {
    await using simulator = await workspace({ conversations: [conversation] });
    const call = caller(simulator.url, version);
    const { items } = await call('GET', '/conversations');
    expect(items).toMatchObject([present]);
    for (const name of absent) expect(items[0]).not.toHaveProperty(name);
    expect((await call('GET', '/conversations/1')).json).toMatchObject({
      ...present,
      conversation_parts: { total_count: 2 },
    });
  });

  it('left out gives the default of the app', async () => {
    await using simulator = await workspace({ conversations: [conversation] });
    const call = caller(simulator.url, undefined);
    expect((await call('GET', '/conversations/1')).json).toMatchObject({ priority: 'priority' });
    simulator.set({ defaultVersion: '2.16' });
    expect((await call('GET', '/conversations/1')).json).toMatchObject({ priority: 'high' });
  });

  it('is refused with 400 when there is no such version', async () => {
    await using simulator = await workspace();
    const { status, json } = await caller(simulator.url, '9.9')('GET', '/me');
    expect([status, json]).toMatchObject([400, { errors: [{ code: 'intercom_version_invalid' }] }]);
  });

  it.each([
    ['1.0', 404, []],
    ['2.12', 404, []],
    ['2.13', 200, [true]],
    ['2.15', 200, [true]],
    ['2.16', 200, [false]],
    ['2.17', 200, [false]],
    ['Preview', 200, [false]],
  ])('%s answers a deletion without metrics with %i', async (version, status, metricsRetained) => {
    await using simulator = await workspace({ conversations: [conversation] });
    const answer = await caller(simulator.url, version)('DELETE', '/conversations/1?retain_metrics=false');
    expect(answer.status).toBe(status);
    expect(simulator.deletions().map((deletion) => deletion.metricsRetained)).toEqual(metricsRetained);
  });

  it.each([
    ['2.15', 400],
    ['2.16', 200],
    ['Unstable', 200],
  ])('%s answers the list of the deleted with %i', async (version, status) => {
    await using simulator = await workspace();
    expect((await caller(simulator.url, version)('GET', '/conversations/deleted')).status).toBe(status);
  });
});

describe('what may be called', () => {
  it.each([
    ['GET', '/conversations/999', 404],
    ['GET', '/conversations/abc', 404],
    ['DELETE', '/conversations/999', 404],
    ['DELETE', '/conversations/1?retain_metrics=maybe', 400],
    ['DELETE', '/contacts/6762f0f30000000000000001', 404],
    ['PUT', '/conversations/1', 404],
    ['GET', '/nowhere', 404],
    ['PATCH', '/conversations/1', 405],
  ])('%s %s gives %i', async (method, path, status) => {
    await using simulator = await workspace({ conversations: [conversation] });
    expect((await caller(simulator.url, '2.16')(method, path)).status).toBe(status);
    expect(simulator.deletions()).toEqual([]);
  });

  it('answers 406 to a call that does not take JSON', async () => {
    await using simulator = await workspace();
    const headers = { accept: 'text/html', authorization: 'Bearer test', 'intercom-version': '2.16' };
    expect((await fetch(`${simulator.url}/me`, { headers })).status).toBe(406);
  });

  it('deletes once: the second call gives 404', async () => {
    await using simulator = await workspace({ conversations: [conversation] });
    const call = caller(simulator.url, '2.16');
    expect((await call('DELETE', '/conversations/1')).json).toEqual({
      id: '1',
      object: 'conversation',
      deleted: true,
    });
    expect((await call('DELETE', '/conversations/1')).status).toBe(404);
    expect(simulator.deletions()).toHaveLength(1);
  });
});

describe('access', () => {
  it.each([
    ['unauthorized', 401],
    ['token_revoked', 401],
    ['token_expired', 401],
    ['token_unauthorized', 401],
    ['api_plan_restricted', 403],
  ] as const)('%s refuses every call with %i', async (code, status) => {
    await using simulator = await workspace({ access: { status: code }, rateLimit: {} });
    const answer = await caller(simulator.url, '2.16')('GET', '/me');
    expect([answer.status, answer.json]).toMatchObject([status, { errors: [{ code }] }]);
    // Intercom sends these headers to good tokens only.
    expect(answer.headers.has('x-ratelimit-limit')).toBe(false);
  });

  it('takes one token only, when one is set', async () => {
    await using simulator = await workspace({ access: { token: 'right' } });
    expect((await caller(simulator.url, '2.16', 'right')('GET', '/me')).status).toBe(200);
    expect((await caller(simulator.url, '2.16', 'wrong')('GET', '/me')).status).toBe(401);
  });

  it.each([
    ['forbidden', 403],
    ['token_unauthorized', 401],
  ] as const)('refuses what the scopes do not allow: %s, %i', async (missingScopeAnswer, status) => {
    await using simulator = await workspace({
      conversations: [conversation, conversation],
      access: { missingScopes: ['delete_conversations_and_metrics'], missingScopeAnswer },
    });
    const call = caller(simulator.url, '2.16');
    expect((await call('DELETE', '/conversations/1?retain_metrics=false')).status).toBe(status);
    expect(simulator.deletions()).toEqual([]);
    expect((await call('DELETE', '/conversations/1?retain_metrics=true')).status).toBe(200);
    simulator.set({ access: { missingScopes: ['write_conversations'], missingScopeAnswer } });
    expect((await call('DELETE', '/conversations/2')).status).toBe(status);
    expect((await call('GET', '/conversations/2')).status).toBe(200);
  });
});
