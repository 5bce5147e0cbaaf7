import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from '#policy/parse-policy.ts';
import { type Truth, wordsOf } from '#support/plan-equality.ts';
import { arbitraryPolicyPair, type PolicyPair } from '#support/policy-pairs.ts';
import { type SweepWorld, sweepWorld } from '#support/sweep-world.ts';
import { compareOnPlan } from '#sweep/compare-on-plan.ts';
import { compareOnWorkspace } from '#sweep/compare-on-workspace.ts';
import type { ComparisonCounts } from '#sweep/comparison-tally.ts';
import { makePlan } from '#sweep/make-plan.ts';

const seed = 20_260_618;
const everySample = 1_000_000;

/** Plans by the first policy, stores that, and compares the two on what was stored. */
async function compareStored(world: SweepWorld, { before, after }: PolicyPair) {
  const request = world.request(before);
  const plan = await makePlan(world.deps(), request);
  const stored = await world.audit.readPlan(world.workspaceId, plan.planId);
  const plannedBy = parsePolicy((await world.audit.readPlanPolicy(world.workspaceId, plan.planId)) ?? '');
  if (stored === undefined || !plannedBy.ok) throw new Error('The plan is complete.');
  const callsBefore = world.simulator.stats().calls;
  const counts = await compareOnPlan(world.audit, {
    before: request.policy,
    after: world.request(after).policy,
    plan: stored,
    plannedBy: plannedBy.policy,
    sampleSize: everySample,
  });
  expect(world.simulator.stats().calls).toBe(callsBefore);
  return { plan: stored, counts };
}

function compareLive(world: SweepWorld, { before, after }: PolicyPair): Promise<ComparisonCounts> {
  const { intercom, state, clock } = world.deps();
  const policies = { before: world.request(before).policy, after: world.request(after).policy };
  const stop = new AbortController().signal;
  return compareOnWorkspace(
    { intercom, state, clock, observe: () => {} },
    { ...policies, on: 'schedule', sampleSize: everySample, stop },
  );
}

describe('compareOnPlan', { timeout: 240_000 }, () => {
  it(`decides of a stored plan only what comparing on the workspace decides, and leaves the rest undecided (seed ${seed})`, async () => {
    await using world = await sweepWorld({ generate: 1000, seed });
    const truth: Truth = [...world.simulator.conversations()].map(({ id, json }) => ({ id, json }));
    const pairs = fc.sample(arbitraryPolicyPair(wordsOf(world, truth)), { seed, numRuns: 12 });
    const seen = { decided: 0, undecided: 0 };

    for (const pair of pairs) {
      const { plan, counts } = await compareStored(world, pair);
      const live = await compareLive(world, pair);
      const verdicts = new Map(
        [...live.samples.newly_spared, ...live.samples.changed].map((each) => [
          each.conversationId,
          each.after,
        ]),
      );
      const { classes, samples, undecided } = counts;
      expect(classes.newly_caught).toBe(0);
      for (const { conversationId, after } of samples.newly_spared) {
        expect({ pair, conversationId, kind: verdicts.get(conversationId)?.kind }).toEqual({
          pair,
          conversationId,
          kind: after.kind,
        });
      }
      for (const { conversationId, after } of samples.changed)
        expect(verdicts.get(conversationId)).toEqual(after);
      expect(classes.newly_spared + classes.changed).toBeGreaterThanOrEqual(
        verdicts.size - undecided.conversations,
      );
      const decided = classes.newly_spared + classes.changed + classes.unchanged;
      expect(decided + undecided.conversations).toBe(plan.candidates);
      seen.decided += decided;
      seen.undecided += undecided.conversations;
    }
    expect(seen.decided).toBeGreaterThan(500);
    expect(seen.undecided).toBeGreaterThan(0);
  });

  it('knows by the names that the plan keeps which tags and teams are meant', async () => {
    await using world = await sweepWorld({ generate: 1000, seed });
    const [first, second] = world.simulator.staff.tags;
    const rule = (names: readonly unknown[]) => ({
      id: 'tagged',
      when: { tags: { any: names } },
      despite: ['minimum_age', 'open', 'tickets'],
      retain_metrics: true,
    });
    const { plan, counts } = await compareStored(world, {
      before: { rules: [rule([first?.name, second?.name])] },
      after: { rules: [rule([first?.name])] },
    });
    expect(plan.names?.tags).toEqual({
      [String(first?.name)]: String(first?.id),
      [String(second?.name)]: String(second?.id),
    });
    expect(counts.undecided.conversations).toBe(0);
    expect(counts.classes.unchanged).toBeGreaterThan(0);
    expect(counts.classes.newly_spared).toBeGreaterThan(0);
  });

  it('says which rules cannot be decided, how many conversations they leave open, and for want of what', async () => {
    await using world = await sweepWorld({ generate: 300, seed });
    const rule = { id: 'closed', when: { state: 'closed' }, retain_metrics: true };
    const asked = { ...rule, id: 'asked', when: { any: [{ channel: 'sms' }, { parts: { at_most: 3 } }] } };
    const { plan, counts } = await compareStored(world, {
      before: { rules: [rule] },
      after: { rules: [asked, rule] },
    });
    expect(counts.undecided).toEqual({
      conversations: plan.candidates,
      byRule: [{ policy: 'new', ruleId: 'asked', needs: ['channel', 'parts'], count: plan.candidates }],
    });
  });
});
