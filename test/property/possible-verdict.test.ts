import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Facts } from '#policy/facts.ts';
import { createKnowledge } from '#policy/knowledge.ts';
import { parsePolicy } from '#policy/parse-policy.ts';
import type { NamedPolicy } from '#policy/policy.ts';
import { anyTruth, type Possible, possibleEvery, possibleNot, possibleSome } from '#policy/possible-truth.ts';
import { possibleVerdict } from '#policy/possible-verdict.ts';
import { type ResolvedNames, resolvedNames } from '#policy/resolved-names.ts';
import { every, not, some, type Truth } from '#policy/truth.ts';
import { forTrigger, verdict } from '#policy/verdict.ts';
import { arbitraryFacts } from '#support/arbitrary-facts.ts';
import type { JsonObject } from '#support/arbitrary-policy.ts';
import { testNow } from '#support/facts.ts';
import { arbitraryPolicyPair } from '#support/policy-pairs.ts';
import { resolvedPolicy, testWords } from '#support/policy-world.ts';

const truths = ['true', 'false', 'unknown'] as const;

function named(document: JsonObject): NamedPolicy {
  const parse = parsePolicy(JSON.stringify(document));
  if (!parse.ok) throw new Error(JSON.stringify(parse.problems));
  return { ...parse.policy, rules: parse.policy.rules.filter(({ on }) => on.includes('schedule')) };
}

const arbitraryCases = fc.tuple(
  arbitraryPolicyPair(testWords),
  fc.array(arbitraryFacts, { minLength: 15, maxLength: 30 }),
);

/** The conversations that the first policy deletes, with what a plan of it tells of them. */
function planned(before: JsonObject, conversations: readonly Facts[], names?: ResolvedNames) {
  const policy = forTrigger(resolvedPolicy(before), 'schedule');
  const knowledgeOf = createKnowledge(named(before), testNow, names);
  return conversations.flatMap((facts) => {
    const judged = verdict(policy, facts, testNow);
    if (judged.kind === 'keep') return [];
    const { conversationId, state, createdAt, updatedAt, tagIds, teamId, hasTicket } = facts;
    const stored = { conversationId, state, createdAt, updatedAt, tagIds, teamId, hasTicket };
    return [{ facts, ruleId: judged.rule.id, known: knowledgeOf({ ...stored, ruleId: judged.rule.id }) }];
  });
}

describe('possibleVerdict', () => {
  it('decides from the facts of a plan only what all facts decide as well, with and without its names', () => {
    const seen = { decided: 0, undecided: 0, kept: 0 };
    fc.assert(
      fc.property(arbitraryCases, fc.boolean(), ([{ before, after }, conversations], hasNames) => {
        const policy = forTrigger(resolvedPolicy(after), 'schedule');
        const names = hasNames
          ? resolvedNames(named(before), forTrigger(resolvedPolicy(before), 'schedule'))
          : undefined;
        for (const { facts, known } of planned(before, conversations, names)) {
          const possible = possibleVerdict(named(after), known, testNow);
          const judged = verdict(policy, facts, testNow);
          if (possible.kind === 'undecided') {
            seen.undecided += 1;
            expect(possible.rules.every(({ needs }) => needs.length > 0)).toBe(true);
            continue;
          }
          seen.decided += 1;
          expect(possible.kind).toBe(judged.kind);
          if (possible.kind === 'delete' && judged.kind === 'delete') {
            expect(possible.rule.id).toBe(judged.rule.id);
            expect(possible.rule.retainMetrics).toBe(judged.rule.retainMetrics);
          }
          if (possible.kind === 'keep' && judged.kind === 'keep') {
            seen.kept += 1;
            if (possible.reason.code !== 'not_told') expect(possible.reason.code).toBe(judged.reason.code);
          }
        }
      }),
      { numRuns: 200 },
    );
    // To decide nothing would be true as well, and of no use.
    expect(seen.decided).toBeGreaterThan(seen.undecided);
    expect(seen.kept).toBeGreaterThan(5);
  });

  it('decides whatever asks for nothing but names that the plan knows', () => {
    const tags = ['billing', 'bug', 'vip'];
    const rule = { id: 'a', when: { state: 'closed', tags: { any: tags } }, retain_metrics: true };
    const policy = { version: 1, workspace: 'a86dr8yl', rules: [rule] };
    const names = resolvedNames(named(policy), resolvedPolicy(policy));
    expect(names).toEqual({ tags: { billing: '7001', bug: '7002', vip: '7006' }, teams: {} });
    fc.assert(
      fc.property(
        fc.array(arbitraryFacts, { maxLength: 30 }),
        fc.subarray(tags, { minLength: 1 }),
        (all, fewer) => {
          const changed = {
            ...policy,
            rules: [{ ...rule, when: { state: 'closed', tags: { any: fewer } } }],
          };
          for (const { facts, known } of planned(policy, all, names)) {
            const possible = possibleVerdict(named(changed), known, testNow);
            expect(possible.kind).toBe(verdict(resolvedPolicy(changed), facts, testNow).kind);
          }
        },
      ),
    );
  });

  it('of the policy that made the plan is the verdict of the plan', () => {
    fc.assert(
      fc.property(arbitraryCases, ([{ before }, conversations]) => {
        for (const { known, ruleId } of planned(before, conversations)) {
          expect(possibleVerdict(named(before), known, testNow)).toMatchObject({
            kind: 'delete',
            rule: { id: ruleId },
          });
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('possibleEvery, possibleSome and possibleNot', () => {
  const arbitraryPossible = fc.subarray([...truths], { minLength: 1 }).map(
    (some): Possible => ({
      true: some.includes('true'),
      false: some.includes('false'),
      unknown: some.includes('unknown'),
    }),
  );
  const choices = (possible: Possible): readonly Truth[] => truths.filter((truth) => possible[truth]);
  const combinations = (parts: readonly Possible[]): readonly (readonly Truth[])[] =>
    parts.reduce<readonly (readonly Truth[])[]>(
      (all, part) => all.flatMap((before) => choices(part).map((truth) => [...before, truth])),
      [[]],
    );

  it('leave possible exactly what some choice of the parts comes to', () => {
    fc.assert(
      fc.property(fc.array(arbitraryPossible, { maxLength: 4 }), (parts) => {
        const comesTo = (combine: (truths: readonly Truth[]) => Truth) =>
          truths.filter((truth) => combinations(parts).some((chosen) => combine(chosen) === truth));
        expect(choices(possibleEvery(parts))).toEqual(comesTo(every));
        expect(choices(possibleSome(parts))).toEqual(comesTo(some));
        const [first = anyTruth] = parts;
        expect(choices(possibleNot(first))).toEqual(
          truths.filter((truth) => choices(first).some((chosen) => not(chosen) === truth)),
        );
      }),
    );
  });
});
