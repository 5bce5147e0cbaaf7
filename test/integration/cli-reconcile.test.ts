import { describe, expect, it } from 'vitest';
import { oldConversations, openScene, twoYearsPolicy } from '#support/cli-scene.ts';
import { noClasses as none } from '#sweep/reconcile-record.ts';

// Every command is a process of its own.
describe('retention reconcile', { timeout: 120_000 }, () => {
  it('confirms what was deleted, tells it from what others deleted, and shows both in query, status and summary', async () => {
    await using scene = await openScene({ policy: twoYearsPolicy, conversations: oldConversations(4) });
    const { simulator, retention, json } = scene;
    simulator.happen('4', { action: 'delete' });
    await retention('plan');
    await retention('approve', 'latest', '--yes', '--by', 'privacy-officer');
    expect((await retention('run')).code).toBe(0);

    const counts = { ...none, confirmed: 3, deleted_elsewhere: 1 };
    const first = await json('reconcile');
    expect(first).toMatchObject({
      code: 0,
      document: { workspace_id: 'simulated', done: true, list_total: 4, counts, change: counts },
    });
    expect(await json('reconcile')).toMatchObject({
      code: 0,
      document: { counts, change: none, api_calls: 2 },
    });

    const { stdout } = await retention(
      'audit',
      'query',
      '--metrics-retained',
      'true',
      '--limit',
      '1',
      '--json',
    );
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'deleted',
      metrics_retained: true,
      confirmed_at: expect.any(String),
    });
    expect(await json('status', '4')).toMatchObject({
      document: { known_as: 'deleted_elsewhere', outcomes: [], confirmation: { metrics_retained: true } },
    });
    expect((await retention('status', '4')).stderr).toContain('deleted, but not by a run of yours');
    expect(await json('audit', 'summary')).toMatchObject({
      document: {
        by_confirmation: { confirmed: 3, flag_mismatch: 0, unconfirmed: 0 },
        reconciliation: { counts, change: none },
      },
    });
  });

  it('tells what was deleted before the audit began from what others delete since, and ends with 0 on either', async () => {
    const hourMs = 3_600_000;
    await using scene = await openScene({
      policy: twoYearsPolicy,
      conversations: oldConversations(3),
      clock: () => Date.now() - hourMs,
    });
    const { simulator, retention, json } = scene;
    simulator.happen('1', { action: 'delete' });
    simulator.happen('2', { action: 'delete' });
    simulator.advance(hourMs);
    await retention('plan');
    simulator.happen('3', { action: 'delete' });
    const counts = { ...none, deleted_elsewhere: 1, before_audit: 2 };
    const first = await json('reconcile');
    expect(first).toMatchObject({
      code: 0,
      document: { counts, change: counts, audit_began_at: expect.stringMatching(/^20.*Z$/) },
    });
    expect(first).toMatchObject({ document: { examples: { flag_mismatch: [], deleted_elsewhere: ['3'] } } });
    expect(await json('status', '1')).toMatchObject({ document: { known_as: 'before_audit' } });
    expect((await retention('status', '1')).stderr).toMatch(
      /deleted before this audit began\.\n {2}Deleted 20.*, as Intercom lists it/,
    );
    expect(await json('status', '3')).toMatchObject({ document: { known_as: 'deleted_elsewhere' } });
    expect(await json('report')).toMatchObject({ document: { reconciliations: { change: counts } } });
    expect((await retention('audit', 'summary')).stderr).toMatch(/before the audit +2 +2\n/);
  });

  it('ends with 4 while something is claimed but absent', async () => {
    await using scene = await openScene({
      policy: twoYearsPolicy,
      conversations: oldConversations(1),
      deletedList: { delayMs: 3_600_000 },
    });
    const { simulator, retention, json } = scene;
    await retention('plan');
    await retention('approve', 'latest', '--yes', '--by', 'privacy-officer');
    await retention('run');
    expect((await json('reconcile')).code).toBe(0);
    expect(await json('reconcile', '--grace', '0s')).toMatchObject({
      code: 4,
      document: {
        counts: { ...none, claimed_but_absent: 1 },
        claimed_but_absent: [{ conversation_id: '1', outcome: 'deleted' }],
      },
    });
    simulator.advance(3_600_000);
    expect(await json('reconcile', '--grace', '0s')).toMatchObject({
      code: 0,
      document: { counts: { ...none, confirmed: 1 }, claimed_but_absent: [] },
    });
  });

  it('ends with 2 on a version that has no such list, and on a grace period that is no length of time', async () => {
    await using scene = await openScene({ policy: twoYearsPolicy, env: { INTERCOM_VERSION: '2.15' } });
    expect(await scene.json('reconcile')).toMatchObject({
      code: 2,
      document: {
        error: { code: 'configuration', message: expect.stringContaining('set INTERCOM_VERSION to 2.16') },
      },
    });
    expect(await scene.json('reconcile', '--grace', 'soon')).toMatchObject({
      code: 2,
      document: { error: { code: 'usage', message: expect.stringContaining('12h, 30d') } },
    });
    expect(scene.simulator.stats().calls).toBe(0);
  });
});
