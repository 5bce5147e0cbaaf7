import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { leaseKey, reconciliationKey } from '#audit/keys.ts';
import { toOutcomeRecord } from '#audit/outcome-record.ts';
import { brandId } from '#policy/ids.ts';
import { type Instant, toIso } from '#policy/instant.ts';
import type { Duration } from '#policy/policy.ts';
import {
  anOutcome,
  aPlan,
  aReconcileProgress,
  aReconciliation,
  aRun,
  later,
} from '#support/audit-builders.ts';
import { hoursAgo, listedDeletions } from '#support/listed-deletions.ts';
import { oldConversations, reconcileIn } from '#support/reconcile-world.ts';
import { type SweepWorld, sweepWorld } from '#support/sweep-world.ts';
import { ConfigurationError } from '#sweep/errors.ts';
import { holdLease } from '#sweep/held-lease.ts';
import type { Outcome } from '#sweep/outcome.ts';
import type { AuditTrail, DeletedPageRequest } from '#sweep/ports.ts';
import { noClasses as nothing } from '#sweep/reconcile-record.ts';
import { runRetention } from '#sweep/run-retention.ts';
import type { SweepDeps, SweepEvent } from '#sweep/sweep-deps.ts';

const rule = {
  id: 'old',
  when: { state: 'closed', last_activity: { older_than: '2y' } },
  retain_metrics: true,
};
const noGrace: Duration = { amount: 0, unit: 's' };

async function sweep(world: SweepWorld): Promise<void> {
  const request = world.request({ rules: [rule] });
  await world.approve(request);
  await runRetention(world.deps(), request);
}

/** Writes an outcome as a run would, recorded now. */
async function record(world: SweepWorld, changes: Partial<Outcome>): Promise<void> {
  const { workspaceId, clock } = world;
  await world.audit.putRunStarted(aRun({ workspaceId, startedAt: hoursAgo(world, 1000) }));
  await world.audit.putOutcome(anOutcome({ workspaceId, recordedAt: clock.now(), ...changes }));
}

const queried = async (world: SweepWorld, filter = {}) =>
  (await Array.fromAsync(world.audit.queryOutcomes(world.workspaceId, filter))).map(toOutcomeRecord);

/** An audit whose outcomes are queried until so many have been looked at. */
function stoppingAt(outcomes: number, audit: AuditTrail, stop: AbortController): AuditTrail {
  const queryOutcomes: typeof audit.queryOutcomes = async function* (...query) {
    let looked = 0;
    for await (const outcome of audit.queryOutcomes(...query)) {
      if (looked === outcomes) stop.abort();
      looked += 1;
      yield outcome;
    }
  };
  return { ...audit, queryOutcomes };
}

describe('reconcile', () => {
  it('confirms what our runs deleted, counts the rest as deleted elsewhere, and leaves a summary in the audit', async () => {
    await using world = await sweepWorld({ conversations: oldConversations(150) });
    for (const id of ['3', '77', '150']) world.simulator.happen(id, { action: 'delete' });
    await sweep(world);
    const { reconciliation, done } = await reconcileIn(world);
    const counts = { ...nothing, confirmed: 147, deleted_elsewhere: 3 };
    expect(done).toBe(true);
    expect(reconciliation).toMatchObject({ counts, change: counts, pages: 3, apiCalls: 4, listTotal: 150 });
    expect(reconciliation.examples.flag_mismatch).toEqual([]);
    expect(new Set(reconciliation.examples.deleted_elsewhere)).toEqual(new Set(['3', '77', '150']));
    expect(reconciliation.listReadAt).toBe(world.clock.now());
    expect(await Array.fromAsync(world.audit.reconciliations(world.workspaceId))).toEqual([reconciliation]);

    world.simulator.advance(1000);
    const again = await reconcileIn(world);
    expect(again.reconciliation).toMatchObject({ counts, change: nothing, pages: 1, apiCalls: 2 });
    const all = await Array.fromAsync(world.audit.reconciliations(world.workspaceId));
    expect(all).toEqual([again.reconciliation, reconciliation]);
  });

  it('resolves a lost answer to deleted and what was not found to deleted elsewhere, also for filters', async () => {
    await using world = await sweepWorld();
    await world.audit.putRunStarted(aRun({ workspaceId: world.workspaceId, startedAt: hoursAgo(world, 0) }));
    world.simulator.advance(2 * 3_600_000);
    const list = listedDeletions(world);
    const [lost, gone] = list.add(2, hoursAgo(world, 1));
    await record(world, { conversationId: lost!, outcome: 'unresolved', reason: 'timeout', deletedAt: null });
    await record(world, {
      conversationId: gone!,
      outcome: 'not_found',
      reason: 'not_found',
      deletedAt: null,
    });
    await record(world, { conversationId: brandId('9'), outcome: 'kept', reason: 'held', deletedAt: null });
    expect((await queried(world)).map(({ outcome }) => outcome)).toEqual(['unresolved', 'not_found', 'kept']);

    const report = await reconcileIn(world, {}, world.deps({ intercom: list.intercom }));
    expect(report.reconciliation.counts).toEqual({ ...nothing, confirmed: 1, deleted_elsewhere: 1 });
    const confirmed = {
      deleted_at: new Date(hoursAgo(world, 1)).toISOString(),
      confirmed_at: new Date(world.clock.now()).toISOString(),
      metrics_retained: true,
    };
    const [first, second] = await queried(world);
    expect(first).toMatchObject({ outcome: 'deleted', reason: 'confirmed_after_lost_answer', ...confirmed });
    expect(second).toMatchObject({ outcome: 'not_found', reason: 'deleted_elsewhere', ...confirmed });
    expect(await queried(world, { outcome: 'deleted' })).toEqual([first]);
    expect(await queried(world, { outcome: 'unresolved' })).toEqual([]);
    expect(await queried(world, { conversationId: lost!, outcome: 'deleted' })).toEqual([first]);
  });

  it('reports what is claimed but absent once its grace period is over, for as long as it lasts', async () => {
    await using world = await sweepWorld();
    const list = listedDeletions(world);
    const reconcileNow = () => reconcileIn(world, {}, world.deps({ intercom: list.intercom }));
    const [late] = list.add(1, world.clock.now());
    list.remove([late!]);
    await record(world, { conversationId: late! });
    await record(world, { conversationId: brandId('8'), outcome: 'unresolved', deletedAt: null });
    await record(world, { conversationId: brandId('9'), outcome: 'failed', deletedAt: null });

    world.simulator.advance(23 * 3_600_000);
    expect((await reconcileNow()).reconciliation.counts.claimed_but_absent).toBe(0);
    world.simulator.advance(2 * 3_600_000);
    const found = await reconcileNow();
    expect(found.reconciliation.counts.claimed_but_absent).toBe(2);
    expect(found.absences.map(({ conversationId, outcome }) => [conversationId, outcome])).toEqual([
      [late, 'deleted'],
      ['8', 'unresolved'],
    ]);
    const still = await reconcileNow();
    expect(still.reconciliation).toMatchObject({
      counts: { claimed_but_absent: 2 },
      change: { claimed_but_absent: 0 },
    });

    list.put({ conversationId: late!, deletedAt: hoursAgo(world, 25), metricsRetained: true });
    const cleared = await reconcileNow();
    expect(cleared.reconciliation).toMatchObject({
      counts: { confirmed: 1, claimed_but_absent: 1 },
      change: { confirmed: 1, claimed_but_absent: -1 },
    });
    expect(cleared.absences.map(({ conversationId }) => conversationId)).toEqual(['8']);
  });

  it('reports by the grace period of the day, whatever an earlier one was', async () => {
    await using world = await sweepWorld();
    await record(world, {});
    world.simulator.advance(60_000);
    const absent = async (grace?: Duration) => {
      const { reconciliation, absences } = await reconcileIn(world, grace === undefined ? {} : { grace });
      return [reconciliation.counts.claimed_but_absent, absences.length];
    };
    expect(await absent(noGrace)).toEqual([1, 1]);
    expect(await absent()).toEqual([0, 0]);
    world.simulator.advance(24 * 3_600_000);
    expect(await absent()).toEqual([1, 1]);
  });

  it('finds the outcome of an entry that was read before its outcome was written, however much later, and once', async () => {
    await using world = await sweepWorld();
    const list = listedDeletions(world);
    const reconcileNow = async () =>
      (await reconcileIn(world, {}, world.deps({ intercom: list.intercom }))).reconciliation;
    const counts = async () => (await reconcileNow()).counts;
    const [early, mismatched] = list.add(2, world.clock.now());
    expect(await counts()).toEqual({ ...nothing, deleted_elsewhere: 2 });

    world.simulator.advance(24 * 3_600_000);
    await record(world, { conversationId: early!, outcome: 'unresolved', deletedAt: null });
    expect(await counts()).toEqual({ ...nothing, confirmed: 1, deleted_elsewhere: 1 });
    world.simulator.advance(600_000);
    await record(world, { conversationId: mismatched!, retainMetrics: false });
    const all = { ...nothing, confirmed: 1, flag_mismatch: 1 };
    expect(await reconcileNow()).toMatchObject({
      counts: all,
      change: { ...nothing, flag_mismatch: 1, deleted_elsewhere: -1 },
      newElsewhere: 0,
      examples: { flag_mismatch: [mismatched], deleted_elsewhere: [] },
    });
    expect(await counts()).toEqual(all);

    world.simulator.advance(24 * 3_600_000);
    expect(await counts()).toEqual(all);
    await record(world, { conversationId: early!, runId: brandId('later-run') });
    expect(await counts()).toEqual(all);
  });

  it('tells of what it found and no run claims by its end, whatever was claimed of what earlier ones told of', async () => {
    await using world = await sweepWorld();
    const list = listedDeletions(world);
    const reconcileNow = async () =>
      (await reconcileIn(world, {}, world.deps({ intercom: list.intercom }))).reconciliation;
    const early = list.add(3, world.clock.now());
    expect(await reconcileNow()).toMatchObject({ newElsewhere: 3 });

    world.simulator.advance(24 * 3_600_000);
    const [own] = list.add(3, world.clock.now());
    for (const conversationId of early) await record(world, { conversationId });
    const stop = new AbortController();
    const slice = world.deps({ intercom: list.intercom, audit: stoppingAt(2, world.audit, stop) });
    expect(await reconcileIn(world, { stop: stop.signal }, slice)).toMatchObject({
      done: false,
      reconciliation: { change: { confirmed: 2, deleted_elsewhere: 1 }, newElsewhere: 3 },
    });
    world.simulator.advance(60_000);
    await record(world, { conversationId: own! });
    const second = await reconcileNow();
    expect(second).toMatchObject({
      counts: { ...nothing, confirmed: 4, deleted_elsewhere: 2 },
      change: { ...nothing, confirmed: 4, deleted_elsewhere: -1 },
      newElsewhere: 2,
    });
    const [kept] = await Array.fromAsync(world.audit.reconciliations(world.workspaceId));
    expect(kept).toEqual(second);
    expect(await reconcileNow()).toMatchObject({ newElsewhere: 0 });
  });

  it('tells of deletions by others though an earlier reconciliation went by a clock that was ahead', async () => {
    await using world = await sweepWorld();
    const { workspaceId, clock } = world;
    await world.audit.putRunStarted(aRun({ workspaceId, startedAt: clock.now() }));
    const list = listedDeletions(world);
    const reconcileAt = async (aheadMs: number) => {
      const { clock: waiting } = world.deps();
      const ahead = { ...waiting, now: () => later(clock.now(), aheadMs) };
      const deps = world.deps({ intercom: list.intercom, clock: ahead });
      return (await reconcileIn(world, {}, deps)).reconciliation;
    };
    const [early] = list.add(1, clock.now());
    expect(await reconcileAt(600_000)).toMatchObject({ newElsewhere: 1 });
    await record(world, { conversationId: early! });
    list.add(1, clock.now());
    expect(await reconcileAt(0)).toMatchObject({ change: { deleted_elsewhere: 0 }, newElsewhere: 1 });
  });

  it('goes on with a reconciliation that a release began which told of the change alone', async () => {
    await using world = await sweepWorld();
    const list = listedDeletions(world);
    const { client, tables } = world.store;
    const { workspaceId, clock } = world;
    const deps = (changes: Partial<SweepDeps> = {}) => world.deps({ intercom: list.intercom, ...changes });
    const early = list.add(2, clock.now());
    await reconcileIn(world, {}, deps());
    world.simulator.advance(24 * 3_600_000);
    const [own] = list.add(3, clock.now());
    const stop = new AbortController();
    const observe = (event: SweepEvent): void => {
      if (event.kind === 'reading_deleted_list') stop.abort();
    };
    for (const conversationId of early) await record(world, { conversationId });
    await reconcileIn(world, { stop: stop.signal }, deps({ observe }));

    const Key = { ...leaseKey(workspaceId, 'reconcile') };
    const names = { '#record': 'record', '#current': 'current', '#last': 'last' };
    await client.send(
      new UpdateCommand({
        TableName: tables.state,
        Key,
        UpdateExpression:
          'REMOVE #record.confirmedUntil, #record.#current.confirmsFrom, #record.#current.earlierExplained, #record.#last.newElsewhere',
        ExpressionAttributeNames: names,
      }),
    );
    expect((await world.state.readReconcileProgress(workspaceId))?.last?.newElsewhere).toBe(2);
    await record(world, { conversationId: own! });
    const { reconciliation } = await reconcileIn(world, {}, deps());
    expect(reconciliation).toMatchObject({
      counts: { ...nothing, confirmed: 3, deleted_elsewhere: 2 },
      change: { ...nothing, confirmed: 3, deleted_elsewhere: 0 },
      newElsewhere: 2,
    });
  });

  it('tells of nothing, rather than of less, where a release before this one had taken off what it explained', async () => {
    await using world = await sweepWorld();
    const { workspaceId, clock } = world;
    const { current, ...progress } = aReconcileProgress({ workspaceId, claimsCheckedUntil: clock.now() });
    const { confirmsFrom: _, earlierExplained: __, ...older } = current!;
    const record = {
      ...progress,
      current: { ...older, walk: undefined, countsBefore: { ...nothing, deleted_elsewhere: 7 } },
      counts: { ...nothing, deleted_elsewhere: 5 },
      confirmedUntil: undefined,
    };
    const { client, tables } = world.store;
    const Item = { ...leaseKey(workspaceId, 'reconcile'), fence: 1, record };
    await client.send(new PutCommand({ TableName: tables.state, Item }));
    expect((await reconcileIn(world)).reconciliation).toMatchObject({
      change: { ...nothing, deleted_elsewhere: -2 },
      newElsewhere: 0,
    });
  });

  it('finds the outcome of an entry whose clocks put it before the audit, and counts it as nothing else any more', async () => {
    await using world = await sweepWorld();
    const list = listedDeletions(world);
    const reconcileNow = async () =>
      (await reconcileIn(world, {}, world.deps({ intercom: list.intercom }))).reconciliation;
    const [id] = list.add(1, hoursAgo(world, 1));
    expect((await reconcileNow()).counts).toEqual({ ...nothing, before_audit: 1 });
    await record(world, { conversationId: id! });
    expect(await reconcileNow()).toMatchObject({
      counts: { ...nothing, confirmed: 1 },
      change: { ...nothing, confirmed: 1, before_audit: -1 },
      newElsewhere: 0,
    });
  });

  it('tells what was deleted before the first record of the audit from what others deleted since, whenever it appears', async () => {
    await using world = await sweepWorld();
    const list = listedDeletions(world);
    const reconcileNow = async () =>
      (await reconcileIn(world, {}, world.deps({ intercom: list.intercom }))).reconciliation;
    await world.audit.putPlan(aPlan({ workspaceId: world.workspaceId }), '{}');
    const auditBeganAt = world.clock.now();
    world.simulator.advance(48 * 3_600_000);
    const [old] = list.add(1, hoursAgo(world, 49));
    const [recent] = list.add(1, hoursAgo(world, 47));
    const first = { ...nothing, deleted_elsewhere: 1, before_audit: 1 };
    expect(await reconcileNow()).toMatchObject({
      auditBeganAt,
      counts: first,
      change: first,
      examples: { deleted_elsewhere: [recent] },
    });
    const confirmations = await world.audit.readConfirmations(world.workspaceId, [old!, recent!]);
    expect([old!, recent!].map((id) => confirmations.get(id)?.beforeAudit)).toEqual([true, false]);

    list.add(1, hoursAgo(world, 100));
    list.add(2, world.clock.now());
    expect(await reconcileNow()).toMatchObject({
      auditBeganAt,
      counts: { ...nothing, deleted_elsewhere: 3, before_audit: 2 },
      change: { ...nothing, deleted_elsewhere: 2, before_audit: 1 },
    });
  });

  it('finds the same beginning of an audit that was empty from the audit alone, when the state is lost', async () => {
    await using world = await sweepWorld();
    const { workspaceId, clock, simulator } = world;
    const minuteMs = 60_000;
    const list = listedDeletions(world);
    const readPage = list.intercom.deletedPage.bind(list.intercom);
    const slow = Object.assign(list.intercom, {
      deletedPage(request: DeletedPageRequest) {
        simulator.advance(10 * minuteMs); // so that the first record comes later than the beginning
        return readPage(request);
      },
    });
    const reconcileNow = async () =>
      (await reconcileIn(world, {}, world.deps({ intercom: slow }))).reconciliation;
    const put = (id: string, deletedAt: Instant) =>
      list.put({ conversationId: brandId(id), deletedAt, metricsRetained: true });
    put('a', hoursAgo(world, 1));
    const auditBeganAt = clock.now();
    expect(await reconcileNow()).toMatchObject({ auditBeganAt, change: { ...nothing, before_audit: 1 } });

    const { client, tables } = world.store;
    await client.send(
      new DeleteCommand({ TableName: tables.state, Key: { ...leaseKey(workspaceId, 'reconcile') } }),
    );
    put('b', later(auditBeganAt, -6 * minuteMs));
    put('c', later(auditBeganAt, 2 * minuteMs));
    expect(await reconcileNow()).toMatchObject({
      auditBeganAt,
      change: { ...nothing, deleted_elsewhere: 1, before_audit: 1 },
    });
  });

  it('takes now for the beginning when the first record is from a clock that was ahead', async () => {
    await using world = await sweepWorld();
    const act = { kind: 'resumed', by: 'ops', subject: 'workspace', details: {} } as const;
    const { workspaceId, clock } = world;
    const ahead = createAuditTrail(world.store.client, world.store.tables.audit, {
      ...clock,
      now: () => later(clock.now(), 24 * 3_600_000),
    });
    await ahead.putAct({ ...act, workspaceId, at: clock.now() });
    expect((await reconcileIn(world)).reconciliation.auditBeganAt).toBe(clock.now());
  });

  it('goes on from what a release wrote that knew nothing of the beginning, and leaves its counts as they are', async () => {
    await using world = await sweepWorld();
    const list = listedDeletions(world);
    const reconcileNow = async () =>
      (await reconcileIn(world, {}, world.deps({ intercom: list.intercom }))).reconciliation;
    const auditBeganAt = world.clock.now();
    await world.audit.putRunStarted(aRun({ workspaceId: world.workspaceId, startedAt: auditBeganAt }));
    const { client, tables } = world.store;
    const old = (counts: object) => ({
      ...aReconcileProgress({ workspaceId: world.workspaceId, current: undefined }),
      auditBeganAt: undefined,
      counts,
    });
    const { before_audit: _, ...olderClasses } = nothing;
    const Item = {
      ...leaseKey(world.workspaceId, 'reconcile'),
      fence: 1,
      record: old({ ...olderClasses, deleted_elsewhere: 7 }),
    };
    await client.send(new PutCommand({ TableName: tables.state, Item }));
    const {
      auditBeganAt: __,
      newElsewhere: ___,
      ...older
    } = aReconciliation({
      workspaceId: world.workspaceId,
    });
    const record = { ...older, counts: olderClasses, change: { ...olderClasses, deleted_elsewhere: 7 } };
    const key = reconciliationKey(world.workspaceId, older.reconciliationId);
    const recordedAt = toIso(world.clock.now());
    await client.send(
      new PutCommand({ TableName: tables.audit, Item: { ...key, record, recorded_at: recordedAt } }),
    );
    const [read] = await Array.fromAsync(world.audit.reconciliations(world.workspaceId));
    expect(read).toMatchObject({
      counts: nothing,
      change: { ...nothing, deleted_elsewhere: 7 },
      newElsewhere: 7,
    });
    expect(read?.auditBeganAt).toBeUndefined();
    world.simulator.advance(24 * 3_600_000);
    list.add(2, hoursAgo(world, 26));
    expect(await reconcileNow()).toMatchObject({
      auditBeganAt,
      counts: { ...nothing, deleted_elsewhere: 7, before_audit: 2 },
      change: { ...nothing, before_audit: 2 },
    });
  });

  it('goes on in mid-walk where it was stopped, then reads what has come since, in one summary', async () => {
    await using world = await sweepWorld({ conversations: oldConversations(400) });
    const { simulator } = world;
    for (let id = 1; id <= 300; id += 1) simulator.happen(String(id), { action: 'delete' });
    const stop = new AbortController();
    const observe = (event: SweepEvent): void => {
      if (event.kind === 'reading_deleted_list' && event.read === 120) stop.abort();
    };
    const first = await reconcileIn(world, { stop: stop.signal }, world.deps({ observe }));
    expect(first).toMatchObject({ done: false, reconciliation: { pages: 2, listReadAt: undefined } });
    expect(await Array.fromAsync(world.audit.reconciliations(world.workspaceId))).toEqual([]);

    simulator.advance(3_600_000);
    for (let id = 301; id <= 310; id += 1) simulator.happen(String(id), { action: 'delete' });
    const second = await reconcileIn(world);
    expect(second).toMatchObject({
      done: true,
      reconciliation: {
        reconciliationId: first.reconciliation.reconciliationId,
        listReadAt: world.clock.now(),
        // Pages 3 to 6 of the list that has grown by ten, then its first.
        pages: 2 + 4 + 1,
        change: { ...nothing, deleted_elsewhere: 310 },
      },
    });
  });

  it('stops at its deadline before it asks for anything more', async () => {
    await using world = await sweepWorld({ conversations: oldConversations(1) });
    const report = await reconcileIn(world, { stopAt: world.clock.now() });
    expect(report).toMatchObject({ done: false, reconciliation: { pages: 0 } });
  });

  it("comes to its end in slices that are too short for an hour's outcomes", async () => {
    await using world = await sweepWorld({ conversations: oldConversations(40) });
    await sweep(world);
    const perSlice = 10;
    const slice = async () => {
      const stop = new AbortController();
      const deps = world.deps({ audit: stoppingAt(perSlice, world.audit, stop) });
      return reconcileIn(world, { stop: stop.signal }, deps);
    };
    const reports: boolean[] = [];
    while (reports.at(-1) !== true && reports.length < 20) reports.push((await slice()).done);
    expect(reports).toEqual([false, false, false, true]);
  });

  it('runs beside a sweep, but not beside another reconciliation', async () => {
    await using world = await sweepWorld({ conversations: oldConversations(1) });
    const other = world.deps({ leaseHolder: 'another process' });
    const sweepLease = await holdLease(other, world.workspaceId);
    expect((await reconcileIn(world)).done).toBe(true);
    const reconcileLease = await holdLease(other, world.workspaceId, 'reconcile');
    await expect(reconcileIn(world)).rejects.toThrow(
      'Another reconciliation of the workspace simulated is under way (another process); wait until it has ended',
    );
    await Promise.all([sweepLease.release(), reconcileLease.release()]);
    expect((await reconcileIn(world)).done).toBe(true);
  });

  it("refuses another workspace's token, and a version without such a list, before it reads or writes anything", async () => {
    await using world = await sweepWorld({ workspaceId: 'other' });
    const policy = { workspaceId: brandId<SweepWorld['workspaceId']>('simulated') };
    await expect(reconcileIn(world, { policy })).rejects.toThrow(ConfigurationError);
    const old = reconcileIn(world, {}, world.deps({}, '2.15'));
    await expect(old).rejects.toThrow(/no list of deleted conversations.*INTERCOM_VERSION to 2\.16/);
    expect(await world.state.readReconcileProgress(world.workspaceId)).toBeUndefined();
  });

  it('sends Intercom nothing but reads', async () => {
    await using world = await sweepWorld({ conversations: oldConversations(70) });
    await sweep(world);
    const before = world.simulator.stats().writeCalls;
    await reconcileIn(world, { grace: noGrace });
    expect(world.simulator.stats().writeCalls).toBe(before);
  });

  it('takes the clocks of its machines as they come: an outcome from a minute ahead is found as well', async () => {
    await using world = await sweepWorld();
    const list = listedDeletions(world);
    const reconcileNow = () => reconcileIn(world, {}, world.deps({ intercom: list.intercom }));
    const [id] = list.add(1, world.clock.now());
    await reconcileNow();
    await record(world, { conversationId: id!, recordedAt: later(world.clock.now(), 60_000) });
    expect((await reconcileNow()).reconciliation.counts).toEqual({ ...nothing, confirmed: 1 });
  });
});
