import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { openDesk } from '#support/cli.ts';
import { oldConversations, openScene, twoYearsPolicy } from '#support/cli-scene.ts';

const lines = (text: string): readonly Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

const young = { updatedDaysAgo: 100 };

// Every command is a process of its own.
describe('retention', { timeout: 120_000 }, () => {
  it('plans, refuses without an approval, deletes what is approved and not held, and tells of each', async () => {
    await using scene = await openScene({
      policy: twoYearsPolicy,
      conversations: [...oldConversations(4), young],
    });
    const { simulator, retention, json } = scene;

    const plan = await json('plan');
    expect(plan).toMatchObject({
      code: 0,
      document: {
        workspace_id: 'simulated',
        scanned: expect.any(Number),
        candidates: 4,
        by_rule: { old: 4 },
        api_calls: expect.any(Number),
        gate: {
          allowed: false,
          refusals: [{ code: 'not_approved', setting: 'approval', value: null, limit: 'each_run' }],
        },
      },
    });
    expect(simulator.stats().writeCalls).toBe(0);

    const refused = await json('run');
    expect(refused).toMatchObject({
      code: 3,
      document: {
        stop_reason: 'refused',
        counts: { deleted: 0, not_found: 0, unresolved: 0, failed: 0, kept: 0 },
        gate: { allowed: false },
      },
    });
    expect(simulator.deletions()).toEqual([]);

    expect((await retention('approve', 'latest', '--yes', '--by', 'privacy-officer')).code).toBe(0);
    const shown = lines((await retention('plan', 'show', 'latest', '--format', 'ndjson')).stdout);
    expect(shown).toHaveLength(4);
    expect(shown[0]).toEqual({
      conversation_id: expect.any(String),
      rule_id: 'old',
      reason: 'Closed and silent for two years.',
      retain_metrics: true,
      facts: expect.objectContaining({ state: 'closed', has_ticket: false }),
    });

    const hold = ['--conversation', '2', '--matter', 'Case 12', '--owner', 'legal', '--reason', 'Litigation'];
    expect(await json('hold', 'add', ...hold)).toMatchObject({ code: 0, document: { added: true } });
    expect(await json('run')).toMatchObject({
      code: 0,
      document: {
        run_id: expect.any(String),
        counts: { deleted: 3, not_found: 0, unresolved: 0, failed: 0, kept: 1 },
        stop_reason: 'done',
        rate_limited: 0,
      },
    });
    expect(
      simulator
        .deletions()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['1', '3', '4']);

    const records = lines((await retention('audit', 'query')).stdout);
    expect(
      records.map(({ conversation_id, outcome, reason }) => [conversation_id, outcome, reason]).sort(),
    ).toEqual([
      ['1', 'deleted', null],
      ['2', 'kept', 'held'],
      ['3', 'deleted', null],
      ['4', 'deleted', null],
    ]);
    expect(await json('status', '1')).toMatchObject({
      document: { known_as: 'deleted', outcomes: [{ rule_id: 'old', metrics_retained: null }] },
    });
    expect(await json('status', '2')).toMatchObject({
      document: { known_as: 'held', holds: [{ matter: 'Case 12' }] },
    });
    expect(await json('status', '5')).toMatchObject({ document: { known_as: 'never_seen' } });
    expect(await json('audit', 'summary')).toMatchObject({
      document: { total: 4, by_outcome: { deleted: 3, kept: 1 }, kept_by_reason: { held: 1 } },
    });
    const acts = (await retention('plan', 'list')).stderr;
    expect(acts).toMatch(/applied +privacy-officer/);
  });

  it('puts nothing on stdout that is meant for people, where stdout is no terminal', async () => {
    await using scene = await openScene({ policy: twoYearsPolicy, conversations: oldConversations(2) });
    const { code, stdout, stderr } = await scene.retention('plan');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain('To delete: 2 of 2.');
    expect(stderr).toContain('Next: retention approve');
    expect(stderr).not.toContain('\u001B');
  });

  it('chooses audit records by each flag, in each format', async () => {
    const withErasure = `${twoYearsPolicy}  - id: spam
    when: { tags: { any: [spam] }, state: closed }
    retain_metrics: false
`;
    await using scene = await openScene({
      policy: withErasure,
      conversations: [...oldConversations(2), { updatedDaysAgo: 90, tags: ['spam'] }],
    });
    const { retention } = scene;
    await retention('plan');
    await retention('approve', 'latest', '--yes');
    expect((await retention('apply', 'latest')).code).toBe(0);
    const today = new Date().toISOString().slice(0, 10);
    const idsOf = async (...flags: readonly string[]) =>
      lines((await retention('audit', 'query', ...flags)).stdout).map(({ conversation_id: id }) => id);

    expect((await idsOf()).toSorted()).toEqual(['1', '2', '3']);
    expect(await idsOf('--rule', 'spam')).toEqual(['3']);
    expect(await idsOf('--retain-metrics', 'false', '--from', today)).toEqual(['3']);
    expect(await idsOf('--metrics-retained', 'true')).toEqual([]);
    expect(await idsOf('--conversation', '2', '--outcome', 'deleted')).toEqual(['2']);
    expect(await idsOf('--to', '2020-01-01')).toEqual([]);
    expect(await idsOf('--limit', '2')).toHaveLength(2);

    const csv = (await retention('audit', 'query', '--format', 'csv', '--rule', 'spam')).stdout.split('\n');
    expect(csv[0]).toMatch(/^workspace_id,conversation_id,outcome,.*,facts\.state,.*,facts\.has_ticket$/);
    expect(csv[1]).toMatch(/^simulated,3,deleted,,spam,/);
    const table = (await retention('audit', 'query', '--format', 'table', '--rule', 'spam')).stdout;
    expect(table).toMatch(/^conversation +outcome .*\n3 +deleted +spam +removed/);
  });

  it('stops deleting while it is paused, and says since when and by whom', async () => {
    await using scene = await openScene({ policy: twoYearsPolicy, conversations: oldConversations(1) });
    const { retention, json } = scene;
    await retention('plan');
    await retention('approve', 'latest', '--yes');
    expect((await retention('pause', '--reason', 'complaint', '--by', 'dpo')).stderr).toContain(
      'by dpo (complaint)',
    );
    expect(await json('pause', '--reason', 'another')).toMatchObject({
      document: { by: 'dpo', reason: 'complaint' },
    });
    const refused = await retention('run');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('deletion is paused (complaint)');
    expect(await json('resume')).toMatchObject({ document: { was_paused: true } });
    expect(await json('resume')).toMatchObject({ document: { was_paused: false } });
    expect((await retention('run')).code).toBe(0);
    expect(scene.simulator.deletions()).toHaveLength(1);
  });

  it('lets a hold be released, and only by its matter', async () => {
    await using scene = await openScene({ policy: twoYearsPolicy });
    const { retention, json } = scene;
    const target = ['--tag', 'vip', '--matter', 'Case 1'];
    expect(await json('hold', 'add', ...target, '--owner', 'legal', '--reason', 'x')).toMatchObject({
      document: {
        added: true,
        target: 'tag',
        target_id: scene.simulator.staff.tags.find(({ name }) => name === 'vip')?.id,
      },
    });
    expect(await json('hold', 'add', ...target, '--owner', 'legal', '--reason', 'x')).toMatchObject({
      document: { added: false },
    });
    expect(
      (await retention('hold', 'release', '--tag', 'vip', '--matter', 'Case 2', '--reason', 'x')).code,
    ).toBe(2);
    expect(lines((await retention('hold', 'list', '--json')).stdout)).toHaveLength(1);
    expect((await retention('hold', 'release', ...target, '--reason', 'closed')).code).toBe(0);
    expect((await retention('hold', 'list')).stderr).toContain('There are no holds.');
  });

  it('explains a verdict clause by clause', async () => {
    await using scene = await openScene({
      policy: twoYearsPolicy,
      conversations: [{ updatedDaysAgo: 1000, isTicket: true }],
    });
    const { code, stderr } = await scene.retention('policy', 'explain', '1');
    expect(code).toBe(0);
    expect(stderr).toMatch(/✓ rule old/);
    expect(stderr).toMatch(/✓ tickets/);
    expect(stderr).toContain('Keep: the rule old matches, and the protection tickets stops it.');
    expect(await scene.json('policy', 'explain', '1')).toMatchObject({
      document: { verdict: { kind: 'keep', reason: { code: 'protected', by: 'tickets' } } },
    });
  });

  it('writes a first policy that checks out, and does not overwrite it', async () => {
    await using desk = await openDesk();
    expect((await desk.retention('init', '--workspace', 'a86dr8yl', '--region', 'eu')).code).toBe(0);
    const checked = await desk.retention('policy', 'check', '--json');
    expect(checked.code).toBe(0);
    expect(JSON.parse(checked.stdout)).toMatchObject({
      workspace_id: 'a86dr8yl',
      mode: 'observe',
      warnings: [],
    });
    const again = await desk.retention('init', '--workspace', 'other');
    expect(again.code).toBe(2);
    expect(again.stderr).toBe(
      'retention.yaml is there already; add --force to overwrite it, or name another policy with --policy.\n',
    );
    expect((await desk.retention('init', '--workspace', 'other', '--force')).code).toBe(0);
  });

  it('serves a simulator from one JSON line on, until it is interrupted', async () => {
    await using desk = await openDesk();
    const { child, ended } = desk.start('simulate', '--conversations', '3', '--seed', '7');
    const [chunk] = await once(child.stdout!, 'data');
    const ready = JSON.parse(String(chunk));
    expect(ready).toEqual({
      url: `http://127.0.0.1:${ready.port}`,
      port: expect.any(Number),
      pid: child.pid,
      token: 'simulator',
      workspace_id: 'simulated',
      conversations: 3,
      seed: 7,
    });
    const me = await fetch(`${ready.url}/me`, { headers: { authorization: `Bearer ${ready.token}` } });
    expect(me.status).toBe(200);
    child.kill('SIGINT');
    expect((await ended).code).toBe(0);
  });
});
