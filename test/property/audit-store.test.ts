import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createRunState } from '#audit/run-state.ts';
import { conversationStates } from '#policy/facts.ts';
import { brandId, type TagId, type WorkspaceId } from '#policy/ids.ts';
import { type Instant, instantFromMs } from '#policy/instant.ts';
import { anOutcome, aRun, conversationIdOf, later, noon, stoppedClock } from '#support/audit-builders.ts';
import { startTestStore, type TestStore } from '#support/dynamodb.ts';
import { LeaseLostError } from '#sweep/errors.ts';
import { type AuditFacts, outcomeKinds, type PlannedDeletion } from '#sweep/outcome.ts';
import type { AuditTrail, RunState } from '#sweep/ports.ts';

let store: TestStore;
let state: RunState;
let audit: AuditTrail;
let workspaces = 0;

beforeAll(async () => {
  store = await startTestStore();
  state = createRunState(store.client, store.tables.state);
  audit = createAuditTrail(store.client, store.tables.audit, stoppedClock(noon));
});
afterAll(() => store[Symbol.asyncDispose]());

function newWorkspace(): WorkspaceId {
  workspaces += 1;
  return brandId(`ws${workspaces}`);
}

/** `toStrictEqual` tells a record without a prototype from one that was read. */
const plain = { noNullPrototype: true } as const;
const orUnknown = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });
const anInstant = fc.integer({ min: 0, max: 4_102_444_800_000 }).map(instantFromMs);
const anId = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).filter((id) => id.isWellFormed());
const someFacts: fc.Arbitrary<AuditFacts> = fc.record(
  {
    state: orUnknown(fc.constantFrom(...conversationStates)),
    createdAt: orUnknown(anInstant),
    updatedAt: orUnknown(anInstant),
    tagIds: orUnknown(fc.array(anId.map(brandId<TagId>), { maxLength: 30 })),
    teamId: orUnknown(
      fc.oneof(
        fc.constant('unassigned' as const),
        anId.map((id) => brandId<never>(id)),
      ),
    ),
    hasTicket: orUnknown(fc.boolean()),
  },
  plain,
);
const aPlannedDeletion: fc.Arbitrary<PlannedDeletion> = fc.record(
  {
    conversationId: anId.map((id) => brandId<PlannedDeletion['conversationId']>(id)),
    ruleId: anId.map((id) => brandId<PlannedDeletion['ruleId']>(id)),
    retainMetrics: fc.boolean(),
    readAt: anInstant,
    facts: someFacts,
  },
  plain,
);

describe('putPlanChunk', () => {
  it('stores any facts so that they are read back the same, unknown ones as unknown', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aPlannedDeletion, { maxLength: 150 }), async (deletions) => {
        const chunk = { workspaceId: newWorkspace(), planId: brandId<never>('p'), chunkNumber: 0, deletions };
        await audit.putPlanChunk(chunk);
        expect(await audit.readPlanChunk(chunk.workspaceId, chunk.planId, 0)).toStrictEqual(chunk);
      }),
      { numRuns: 40 },
    );
  });
});

describe('putOutcome', () => {
  it('has one first writer when many write at once, and everybody reads what that one wrote', async () => {
    const attempt = fc.record({
      outcome: fc.constantFrom(...outcomeKinds),
      facts: someFacts,
      delayMs: fc.nat(5),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(attempt, { minLength: 2, maxLength: 8 }), async (attempts) => {
        const workspaceId = newWorkspace();
        await audit.putRunStarted(aRun({ workspaceId }));
        const outcomes = attempts.map(({ outcome, facts, delayMs }) =>
          anOutcome({ workspaceId, outcome, facts, recordedAt: later(noon, delayMs) }),
        );
        const answers = await Promise.all(outcomes.map((outcome) => audit.putOutcome(outcome)));

        const winners = outcomes.filter((_, at) => answers[at] === 'written');
        expect(winners).toHaveLength(1);
        const found = await audit.outcomesOfConversation(workspaceId, conversationIdOf(1));
        expect(found.map(({ outcome }) => outcome)).toStrictEqual(winners);
        const { runId } = anOutcome();
        const read = await audit.readOutcomes(workspaceId, runId, [conversationIdOf(1)]);
        expect([...read.values()]).toStrictEqual(winners);
        for await (const { outcome } of audit.queryOutcomes(workspaceId, {})) {
          expect([outcome]).toStrictEqual(winners);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('takeLease', () => {
  const leaseMs = 100;
  const step = fc.record({
    who: fc.nat(2),
    what: fc.constantFrom('take', 'renew', 'release', 'write'),
    afterMs: fc.nat(60),
  });

  it('lets only the one who took it last write, whatever others do and however late, and its fence only grows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), async (steps) => {
        const workspaceId = newWorkspace();
        const fences = new Map<number, number>();
        let newest = 0;
        let model: { readonly who: number; readonly expiresAtMs: number } | undefined;
        let now = noon;
        for (const { who, what, afterMs } of steps) {
          now = later(now, afterMs);
          const fence = fences.get(who) ?? 0;
          if (what === 'take') {
            const expiresAt = later(now, leaseMs);
            const isFree = model === undefined || model.who === who || model.expiresAtMs <= now;
            const request = { workspaceId, holder: `holder ${who}`, now, expiresAt, isGone: () => false };
            const grant = await state.takeLease(request);
            expect(grant.granted).toBe(isFree);
            if (!grant.granted) continue;
            expect(grant.fence).toBeGreaterThan(newest);
            newest = grant.fence;
            fences.set(who, grant.fence);
            model = { who, expiresAtMs: expiresAt };
          } else if (what === 'renew') {
            const expiresAt = later(now, leaseMs);
            const renewing = state.renewLease(workspaceId, fence, expiresAt);
            if (model !== undefined && fence === newest) {
              await renewing;
              model = { who, expiresAtMs: expiresAt };
            } else {
              await expect(renewing).rejects.toThrow(LeaseLostError);
            }
          } else if (what === 'release') {
            await state.releaseLease(workspaceId, fence);
            if (fence === newest) model = undefined;
          } else {
            const writing = state.writeRun(aRun({ workspaceId, nextChunk: fence }), fence);
            if (fence === newest && newest > 0) await writing;
            else await expect(writing).rejects.toThrow(LeaseLostError);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('is held by one of those who ask at the same moment, in every round', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 8 }),
        fc.integer({ min: 1, max: 4 }),
        async (many, rounds) => {
          const workspaceId = newWorkspace();
          const fences: number[] = [];
          for (let round = 0; round < rounds; round += 1) {
            const now = later(noon, round * leaseMs);
            const asking = Array.from({ length: many }, (_, who) =>
              state.takeLease({
                workspaceId,
                holder: `holder ${round} ${who}`,
                now,
                expiresAt: later(now, leaseMs),
                isGone: () => false,
              }),
            );
            const granted = (await Promise.all(asking)).filter((grant) => grant.granted);
            expect(granted).toHaveLength(1);
            fences.push(...granted.map(({ fence }) => fence));
          }
          expect(fences).toEqual(Array.from({ length: rounds }, (_, round) => round + 1));
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('reserveDeletions', () => {
  const hourMs = 3_600_000;
  const job = fc.record({
    count: fc.nat(12),
    /** Of what was reserved, in tenths. */
    deletedTenths: fc.nat(10),
    isSettled: fc.boolean(),
  });
  const wave = fc.record({
    afterMs: fc.oneof(fc.nat(2 * hourMs), fc.constantFrom(23 * hourMs, 24 * hourMs, 25 * hourMs)),
    jobs: fc.array(job, { maxLength: 6 }),
  });

  it('never lets more than the limit through in any 24 hours, with several at it at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(wave, { maxLength: 7 }), fc.nat(30), async (waves, limit) => {
        const workspaceId = newWorkspace();
        const deletions: { readonly at: Instant; readonly count: number }[] = [];
        let now = noon;
        for (const [number, { afterMs, jobs }] of waves.entries()) {
          now = later(now, afterMs);
          await Promise.all(
            jobs.map(async ({ count, deletedTenths, isSettled }, at) => {
              const key = `${number}/${at}`;
              const answer = await state.reserveDeletions({ workspaceId, key, count, limit, now });
              if (!answer.reserved) {
                expect(answer.used + count).toBeGreaterThan(limit);
                return;
              }
              const deleted = Math.floor((count * deletedTenths) / 10);
              deletions.push({ at: now, count: deleted });
              if (isSettled) await state.settleReservation(workspaceId, key, deleted, now);
            }),
          );
          const inLastDay = deletions
            .filter(({ at }) => at > now - 24 * hourMs)
            .reduce((sum, { count }) => sum + count, 0);
          expect(inLastDay).toBeLessThanOrEqual(limit);
          expect(await state.deletionsInLastDay(workspaceId, now)).toBeGreaterThanOrEqual(inLastDay);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('counts what was settled for an hour too long at most', async () => {
    const settled = fc.record({ count: fc.nat(9), afterMs: fc.nat(5 * hourMs) });
    await fc.assert(
      fc.asyncProperty(fc.array(settled, { maxLength: 12 }), fc.nat(30 * hourMs), async (all, restMs) => {
        const workspaceId = newWorkspace();
        const deletions: { readonly at: Instant; readonly count: number }[] = [];
        let now = noon;
        for (const [number, { count, afterMs }] of all.entries()) {
          now = later(now, afterMs);
          const key = String(number);
          await state.reserveDeletions({ workspaceId, key, count, limit: 1_000, now });
          await state.settleReservation(workspaceId, key, count, now);
          deletions.push({ at: now, count });
        }
        const lastMoments = deletions.map(({ at }) => later(at, 24 * hourMs - 1)).filter((at) => at >= now);
        for (const end of [later(now, restMs), ...lastMoments]) {
          const within = (ms: number): number =>
            deletions.filter(({ at }) => at > end - ms).reduce((sum, { count }) => sum + count, 0);
          const counted = await state.deletionsInLastDay(workspaceId, end);
          expect(counted).toBeGreaterThanOrEqual(within(24 * hourMs));
          expect(counted).toBeLessThanOrEqual(within(25 * hourMs));
        }
      }),
      { numRuns: 40 },
    );
  });
});
