import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brandId, type ConversationId } from '#policy/ids.ts';
import { reconcileScene } from '#support/reconcile-world.ts';
import { noClasses, type Reconciliation } from '#sweep/reconcile-record.ts';

const share = fc.constantFrom(0, 0.1, 0.3);
const hourMs = 3_600_000;

const mishap = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'none' as const }) },
  fc.record({ kind: fc.constant('stopped' as const), afterPages: fc.integer({ min: 0, max: 4 }) }),
  fc.record({
    kind: fc.constant('store_dies' as const),
    atWrite: fc.integer({ min: 1, max: 200 }),
    how: fc.constantFrom('lose_request' as const, 'lose_answer' as const),
  }),
);
const sweep = fc.record({
  what: fc.constant('sweep' as const),
  retainMetrics: fc.boolean(),
  /** Whether Intercom does what the flag says. */
  heedsFlag: fc.boolean(),
  count: fc.integer({ min: 1, max: 70 }),
});
const reconciliation = fc.record({
  what: fc.constant('reconcile' as const),
  mishap,
  /** Conversations that somebody else deletes after each page that it reads. */
  foreignPerPage: fc.constantFrom(0, 0, 1, 25),
});
const step = fc.oneof(
  { weight: 3, arbitrary: sweep },
  { weight: 3, arbitrary: reconciliation },
  fc.record({ what: fc.constant('foreign' as const), count: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ what: fc.constant('wait' as const), minutes: fc.constantFrom(60, 300, 1_800, 12_000) }),
  fc.record({ what: fc.constant('both' as const), sweep, reconciliation }),
);
const scenario = fc.record({
  seed: fc.nat(),
  steps: fc.array(step, { minLength: 1, maxLength: 7 }),
  lateShare: share,
  lateByHours: fc.constantFrom(1, 20, 100),
  lostAnswers: share,
  listFaults: share,
  totalCount: fc.constantFrom('present' as const, 'present' as const, 'missing' as const),
});

/** Around the time by which clocks may differ, and far from it. */
const pause = fc.record({ what: fc.constant('wait' as const), minutes: fc.constantFrom(1, 4, 5, 6, 600) });
const firstRecord = fc.oneof(
  fc.record({ what: fc.constant('record' as const), kind: fc.constantFrom('act' as const, 'plan' as const) }),
  sweep,
  reconciliation,
);
const foreign = fc.record({ what: fc.constant('foreign' as const), count: fc.integer({ min: 1, max: 130 }) });
/** What others delete before the first record and after it, and whatever comes between and later. */
const beginning = fc
  .tuple(
    foreign,
    pause,
    foreign,
    pause,
    firstRecord,
    fc.array(fc.oneof(reconciliation, pause, foreign, firstRecord), { minLength: 1, maxLength: 6 }),
  )
  .map(([first, wait, second, waitAgain, record, later]) => [
    first,
    wait,
    second,
    waitAgain,
    record,
    ...later,
  ]);

const mostlyCalm = fc.record({
  what: fc.constant('reconcile' as const),
  mishap,
  foreignPerPage: fc.constant(0),
});
/** Runs that die before they write what they deleted, others at work beside them, and reconciliations in between. */
const nights = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: mostlyCalm },
    {
      weight: 2,
      arbitrary: fc.record({
        what: fc.constant('dying_run' as const),
        count: fc.integer({ min: 1, max: 20 }),
      }),
    },
    { weight: 2, arbitrary: fc.constant({ what: 'settle' as const }) },
    {
      weight: 2,
      arbitrary: fc.record({ what: fc.constant('foreign' as const), count: fc.integer({ min: 1, max: 20 }) }),
    },
    fc.record({ what: fc.constant('wait' as const), minutes: fc.constantFrom(30, 1_440) }),
  ),
  { minLength: 3, maxLength: 14 },
);

const sumOf = (records: readonly Reconciliation[]): number =>
  records.reduce((sum, { newElsewhere }) => sum + newElsewhere, 0);

const calm = {
  conversations: 10,
  seed: 1,
  lateShare: 0,
  lateByMs: 0,
  lostAnswers: 0,
  listFaults: 0,
  totalCount: 'present',
} as const;

describe('reconcile', { timeout: 240_000 }, () => {
  it('counts and confirms each entry once, whichever write the store dies at', async () => {
    for (const how of ['lose_request', 'lose_answer'] as const) {
      for (let atWrite = 1; atWrite <= 14; atWrite += 1) {
        await using scene = await reconcileScene(calm);
        await scene.perform({ what: 'sweep', retainMetrics: true, heedsFlag: true, count: 3 });
        await scene.perform({ what: 'foreign', count: 3 });
        const mishap = { kind: 'store_dies', atWrite, how } as const;
        await scene.perform({ what: 'reconcile', mishap, foreignPerPage: 0 });
        const { counts } = (await scene.reconcileUntilDone()).reconciliation;
        expect(counts).toEqual({ ...scene.trueCounts(), claimed_but_absent: 0 });
        expect(await scene.unlikeTheTruth()).toEqual([]);
        const summaries = await Array.fromAsync(scene.world.audit.reconciliations(scene.world.workspaceId));
        const found = summaries.reduce(
          (sum, { change }) => sum + change.confirmed + change.deleted_elsewhere,
          0,
        );
        expect(found).toBe(6);
      }
    }
  });

  it('agrees with the simulator on every class, whatever was lost, late, done by others or broken off, and then changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ steps, lateByHours, ...settings }) => {
        await using scene = await reconcileScene({
          ...settings,
          conversations: 400,
          lateByMs: lateByHours * hourMs,
        });
        for (const each of steps) await scene.perform(each);
        scene.settle();
        const { counts } = (await scene.reconcileUntilDone()).reconciliation;
        expect(counts).toEqual({ ...scene.trueCounts(), claimed_but_absent: 0 });
        expect(await scene.unlikeTheTruth()).toEqual([]);

        const again = await scene.reconcileUntilDone();
        expect(again.reconciliation.counts).toEqual(counts);
        expect(again.reconciliation.change).toEqual(noClasses);
        expect(again.reconciliation.apiCalls).toBeLessThanOrEqual(settings.totalCount === 'present' ? 2 : 10);
      }),
      { numRuns: 15 },
    );
  });

  it('counts as deleted elsewhere exactly what others deleted after the audit began, in whatever slices and after whatever restarts', async () => {
    await fc.assert(
      fc.asyncProperty(beginning, share, async (steps, lateShare) => {
        await using scene = await reconcileScene({
          ...calm,
          conversations: 1_000,
          lateShare,
          lateByMs: hourMs,
        });
        for (const each of steps) await scene.perform(each);
        scene.settle();
        const { counts } = (await scene.reconcileUntilDone()).reconciliation;
        expect(counts).toEqual({ ...scene.trueCounts(), claimed_but_absent: 0 });

        const { audit, workspaceId, simulator } = scene.world;
        const ids = simulator.deletions().map(({ id }) => brandId<ConversationId>(id));
        const confirmations = await audit.readConfirmations(workspaceId, ids);
        const before = ids.filter((id) => confirmations.get(id)?.beforeAudit);
        expect(before).toEqual(scene.idsBeforeAudit());
        const records = await Array.fromAsync(audit.reconciliations(workspaceId));
        const told = records.reduce((sum, { change }) => sum + change.deleted_elsewhere, 0);
        expect(told).toBe(counts.deleted_elsewhere);
        expect(new Set(records.map(({ auditBeganAt }) => auditBeganAt)).size).toBe(1);
        const named = records.flatMap(({ examples }) => examples.deleted_elsewhere);
        expect(named.filter((id) => before.includes(id))).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });

  it('tells of every deletion by others in the reconciliation that finds it, and of nothing else but what no run has claimed by its end', async () => {
    await fc.assert(
      fc.asyncProperty(nights, async (steps) => {
        await using scene = await reconcileScene({ ...calm, conversations: 500 });
        const { audit, state, workspaceId, simulator } = scene.world;
        await scene.perform({ what: 'record', kind: 'act' });
        const known = new Set<string>();
        let finished = 0;

        /** Also one that died before its record reached the audit. */
        const allEnded = async (): Promise<readonly Reconciliation[]> => {
          const records = await Array.fromAsync(audit.reconciliations(workspaceId));
          const last = (await state.readReconcileProgress(workspaceId))?.last;
          const isStored = records.some(
            ({ reconciliationId }) => reconciliationId === last?.reconciliationId,
          );
          return last === undefined || isStored ? records : [last, ...records];
        };
        /** What has ended since the last look told of what was found since then and no run claims now. */
        const look = async (): Promise<void> => {
          const records = await allEnded();
          if (records.length === finished) return;
          const told = sumOf(records.slice(0, records.length - finished));
          finished = records.length;
          const entries = simulator.deletions();
          const ids = entries.map(({ id }) => brandId<ConversationId>(id));
          const confirmations = await audit.readConfirmations(workspaceId, ids);
          const found = entries.filter(({ id }) => confirmations.has(brandId(id)) && !known.has(id));
          for (const { id } of found) known.add(id);
          const claimed = new Set(
            (await scene.world.outcomes()).map(({ conversationId }) => String(conversationId)),
          );
          const unclaimed = found.filter(({ id }) => !claimed.has(id)).length;
          expect(told).toBe(unclaimed);
          expect(unclaimed).toBeGreaterThanOrEqual(found.filter(({ by }) => by === 'foreign').length);
        };
        for (const each of steps) {
          simulator.advance(1_000);
          await scene.perform(each);
          await look();
        }
        for (const last of [
          scene.reconcileUntilDone,
          () => scene.perform({ what: 'settle' }),
          scene.reconcileUntilDone,
        ]) {
          simulator.advance(1_000);
          await last();
          await look();
        }
        const records = await Array.fromAsync(audit.reconciliations(workspaceId));
        expect(known.size).toBe(simulator.deletions().length);
        expect(sumOf(records)).toBeGreaterThanOrEqual(scene.trueCounts().deleted_elsewhere);
      }),
      { numRuns: 25 },
    );
  });
});
