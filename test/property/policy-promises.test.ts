import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subtractDuration } from '#policy/duration.ts';
import type { Facts } from '#policy/facts.ts';
import { brandId, type TagId, type TeamId } from '#policy/ids.ts';
import { checkLimits, failuresExceeded, trimTo } from '#policy/limits.ts';
import type { Limits, OverridableProtection, ResolvedPolicy } from '#policy/policy.ts';
import { verdict } from '#policy/verdict.ts';
import { arbitraryFacts, arbitraryForgetting } from '#support/arbitrary-facts.ts';
import { arbitraryPolicyDocument } from '#support/arbitrary-policy.ts';
import { factsOf, testNow } from '#support/facts.ts';
import { policyOf, ruleOf } from '#support/policies.ts';
import { resolvedPolicy, testDirectory, testWords } from '#support/policy-world.ts';

const arbitraryPolicy = arbitraryPolicyDocument(testWords).map(resolvedPolicy);
const judge = (policy: ResolvedPolicy, facts: Facts) => verdict(policy, facts, testNow);
const often = { numRuns: 200 };

/** Facts that some rule of the policy deletes; generated ones rarely are. */
const arbitraryDeletion = fc
  .tuple(arbitraryPolicy, fc.array(arbitraryFacts, { minLength: 20, maxLength: 20 }))
  .map(([policy, list]) => ({ policy, facts: list.find((facts) => judge(policy, facts).kind === 'delete') }))
  .filter((found): found is { policy: ResolvedPolicy; facts: Facts } => found.facts !== undefined);

describe('promise 3: keep is the default', () => {
  it('forgetting facts never turns keep into delete, and never lets an earlier rule delete', () => {
    const knownAndForgotten = arbitraryFacts.chain((facts) =>
      fc.tuple(fc.constant(facts), arbitraryForgetting(facts)),
    );
    const many = fc.array(knownAndForgotten, { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(arbitraryPolicy, many, (policy, conversations) => {
        for (const [known, forgotten] of conversations) {
          const after = judge(policy, forgotten);
          if (after.kind === 'keep') continue;
          const before = judge(policy, known);
          if (before.kind === 'keep') throw new Error('Kept when known, deleted when forgotten.');
          expect(policy.rules.indexOf(before.rule)).toBeLessThanOrEqual(policy.rules.indexOf(after.rule));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('a conversation of which nothing is known stays, whatever the policy', () => {
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryFacts, (policy, { conversationId }) => {
        const nothing = Object.fromEntries(Object.keys(factsOf()).map((name) => [name, undefined]));
        expect(judge(policy, { ...factsOf(), ...nothing, conversationId }).kind).toBe('keep');
      }),
    );
  });

  it('a conversation whose state, creation or last activity is unknown stays, whatever its rule sets aside', () => {
    const essential = fc.constantFrom('state', 'createdAt', 'updatedAt');
    fc.assert(
      fc.property(arbitraryDeletion, essential, ({ policy, facts }, name) => {
        expect(judge(policy, { ...facts, [name]: undefined }).kind).toBe('keep');
      }),
    );
  });

  it('an empty policy deletes nothing and says that no rule matched', () => {
    fc.assert(
      fc.property(arbitraryFacts, (facts) => {
        const kept = { kind: 'keep', reason: { code: 'no_rule_matched' } };
        expect(judge(policyOf({ rules: [] }), facts)).toEqual(kept);
      }),
    );
  });
});

describe('promise 4: protections beat every rule', () => {
  it('whatever is deleted is covered by no protection, but for those that its rule sets aside in so many words', () => {
    fc.assert(
      fc.property(arbitraryDeletion, ({ policy, facts }) => {
        const judged = judge(policy, facts);
        if (judged.kind === 'keep') throw new Error('The generator found a deletion.');
        const { open, tickets, minimumAge, tags, teams } = policy.protect;
        const isSetAside = (protection: OverridableProtection) => judged.rule.despite.includes(protection);
        expect(facts.state === 'closed' || !open || isSetAside('open')).toBe(true);
        expect(facts.hasTicket === false || !tickets || isSetAside('tickets')).toBe(true);
        expect(facts.updatedAt! <= subtractDuration(testNow, minimumAge) || isSetAside('minimum_age')).toBe(
          true,
        );
        expect(tags.some((tag) => facts.tagIds?.includes(tag) !== false)).toBe(false);
        expect(teams.some((team) => facts.teamId === undefined || facts.teamId === team)).toBe(false);
      }),
      often,
    );
  });

  it('a protected tag or team keeps what any rule would delete, even with everything else set aside', () => {
    const tag: TagId = testDirectory.tags[0]!.id;
    const team: TeamId = testDirectory.teams[0]!.id;
    fc.assert(
      fc.property(arbitraryDeletion, ({ policy, facts }) => {
        const rules = policy.rules.map((rule) => ({
          ...rule,
          despite: ['minimum_age', 'open', 'tickets'] as const,
        }));
        const byTag = { ...policy, rules, protect: { ...policy.protect, tags: [tag] } };
        const byTeam = { ...policy, rules, protect: { ...policy.protect, teams: [team] } };
        for (const tagIds of [[...(facts.tagIds ?? []), tag], undefined]) {
          expect(judge(byTag, { ...facts, tagIds }).kind).toBe('keep');
        }
        for (const teamId of [team, undefined]) {
          expect(judge(byTeam, { ...facts, teamId }).kind).toBe('keep');
        }
      }),
    );
  });

  it('one more protection never deletes more', () => {
    const more: fc.Arbitrary<Partial<ResolvedPolicy['protect']>> = fc.constantFrom(
      { open: true },
      { tickets: true },
      { minimumAge: { amount: 100, unit: 'y' } as const },
      { tags: testDirectory.tags.map(({ id }) => id) },
      { teams: testDirectory.teams.map(({ id }) => id) },
    );
    fc.assert(
      fc.property(arbitraryPolicy, arbitraryFacts, more, (policy, facts, protection) => {
        const stricter = { ...policy, protect: { ...policy.protect, ...protection } };
        if (judge(policy, facts).kind === 'keep') expect(judge(stricter, facts).kind).toBe('keep');
      }),
      often,
    );
  });
});

describe('promise 5: limits', () => {
  const whole = fc.oneof(
    fc.integer({ min: 0, max: 10_000 }),
    fc.integer({ min: Number.MAX_SAFE_INTEGER - 1000, max: Number.MAX_SAFE_INTEGER }),
  );
  const percent = fc.integer({ min: 0, max: 100_000_000 }).map((millionths) => ({
    numerator: BigInt(millionths),
    denominator: 100_000_000n,
  }));
  const generous: Limits = {
    ...policyOf().limits,
    perRun: Number.MAX_SAFE_INTEGER,
    perDay: Number.MAX_SAFE_INTEGER,
  };
  const plan = (candidates: number, workspaceTotal: number | undefined = Number.MAX_SAFE_INTEGER) => ({
    candidates,
    deletedInLastDay: 0,
    workspaceTotal,
  });

  it('exceeding per_run by exactly one is refused, and meeting it is not', () => {
    fc.assert(
      fc.property(fc.nat(), (perRun) => {
        const limits = { ...generous, perRun };
        expect(checkLimits(limits, plan(perRun))).toEqual([]);
        expect(checkLimits(limits, plan(perRun + 1))).toEqual([
          { code: 'per_run', setting: 'limits.per_run', value: perRun + 1, limit: perRun },
        ]);
      }),
    );
  });

  it('exceeding per_day by exactly one is refused, counting what was deleted already', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (deletedInLastDay, left) => {
        const perDay = deletedInLastDay + left;
        const limits = { ...generous, perDay };
        expect(checkLimits(limits, { ...plan(left), deletedInLastDay })).toEqual([]);
        expect(checkLimits(limits, { ...plan(left + 1), deletedInLastDay })).toEqual([
          { code: 'per_day', setting: 'limits.per_day', value: perDay + 1, limit: perDay },
        ]);
      }),
    );
  });

  it('exceeding the share by exactly one is refused, exactly, up to 2^53', () => {
    fc.assert(
      fc.property(percent, whole, (share, total) => {
        const limits = { ...generous, shareOfWorkspace: share };
        const most = Number((share.numerator * BigInt(total)) / share.denominator);
        expect(checkLimits(limits, plan(most, total))).toEqual([]);
        fc.pre(most < Number.MAX_SAFE_INTEGER);
        expect(checkLimits(limits, plan(most + 1, total))).toEqual([
          { code: 'share_of_workspace', setting: 'limits.share_of_workspace', value: most + 1, limit: most },
        ]);
      }),
    );
  });

  it('a share whose total is unknown stops the run, whatever the share', () => {
    fc.assert(
      fc.property(percent, fc.integer({ min: 1 }), (share, candidates) => {
        const limits = { ...generous, shareOfWorkspace: share, whenExceeded: 'trim' as const };
        const unknown = { ...plan(candidates), workspaceTotal: undefined };
        expect(checkLimits(limits, unknown)).toMatchObject([{ code: 'share_unknown_total', value: null }]);
        expect(trimTo(limits, unknown)).toBeUndefined();
      }),
    );
  });

  it('0 means none: not one deletion passes', () => {
    const none: Limits[] = [
      { ...generous, perRun: 0 },
      { ...generous, perDay: 0 },
      { ...generous, shareOfWorkspace: { numerator: 0n, denominator: 100n } },
    ];
    fc.assert(
      fc.property(fc.constantFrom(...none), fc.integer({ min: 1 }), (limits, candidates) => {
        expect(checkLimits(limits, plan(candidates))).toHaveLength(1);
        expect(trimTo({ ...limits, whenExceeded: 'trim' }, plan(candidates)) ?? 0).toBe(0);
      }),
    );
  });

  it('a plan to delete nothing exceeds nothing, even with an unknown total', () => {
    fc.assert(
      fc.property(
        percent,
        whole,
        fc.option(whole, { nil: undefined }),
        (share, deletedInLastDay, workspaceTotal) => {
          const limits: Limits = { ...generous, perRun: 0, perDay: 0, shareOfWorkspace: share };
          expect(checkLimits(limits, { candidates: 0, deletedInLastDay, workspaceTotal })).toEqual([]);
        },
      ),
    );
  });

  it('what a trim leaves is within every limit, and one more would not be', () => {
    fc.assert(
      fc.property(
        fc.nat(2000),
        fc.nat(2000),
        fc.nat(2000),
        fc.nat(2000),
        (perRun, perDay, done, candidates) => {
          const limits: Limits = { ...generous, perRun, perDay, whenExceeded: 'trim' };
          const planned = { candidates, deletedInLastDay: done, workspaceTotal: 10_000 };
          const left = trimTo(limits, planned);
          expect(left).toBeDefined();
          expect(checkLimits(limits, { ...planned, candidates: left! })).toEqual([]);
          if (left! < candidates) {
            expect(checkLimits(limits, { ...planned, candidates: left! + 1 })).not.toEqual([]);
          }
        },
      ),
    );
  });

  it('a run stops when one more than the tolerated share of its deletions fail, exactly', () => {
    fc.assert(
      fc.property(percent, whole, (share, intended) => {
        const limits = { ...generous, failures: share };
        const tolerated = Number((share.numerator * BigInt(intended)) / share.denominator);
        expect(failuresExceeded(limits, intended, tolerated)).toBe(false);
        fc.pre(tolerated < Number.MAX_SAFE_INTEGER);
        expect(failuresExceeded(limits, intended, tolerated + 1)).toBe(true);
      }),
    );
  });
});

describe('verdict', () => {
  it('is by the first rule in file order that may delete', () => {
    fc.assert(
      fc.property(arbitraryDeletion, ({ policy, facts }) => {
        const judged = judge(policy, facts);
        if (judged.kind === 'keep') throw new Error('The generator found a deletion.');
        const earlier = policy.rules.slice(0, policy.rules.indexOf(judged.rule));
        expect(judge({ ...policy, rules: earlier }, facts).kind).toBe('keep');
        expect(judge({ ...policy, rules: [judged.rule] }, facts)).toEqual(judged);
      }),
    );
  });

  it('does not depend on ids that only look alike', () => {
    const lookalike = brandId<TagId>('70010');
    const when = { kind: 'tags', any: [brandId<TagId>('7001')], all: undefined, none: undefined } as const;
    const policy = policyOf({ rules: [ruleOf({ when })] });
    expect(judge(policy, factsOf({ tagIds: [lookalike] })).kind).toBe('keep');
  });
});
