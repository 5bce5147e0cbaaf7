import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, unknownFacts } from '#policy/evaluate.ts';
import type { ById, Condition } from '#policy/policy.ts';
import { every, not, some, type Truth } from '#policy/truth.ts';
import { arbitraryFacts, arbitraryForgetting } from '#support/arbitrary-facts.ts';
import { arbitraryCondition } from '#support/arbitrary-policy.ts';
import { factsOf, testNow } from '#support/facts.ts';
import { resolvedPolicy, testWords } from '#support/policy-world.ts';

const arbitraryTruth = fc.constantFrom<Truth>('true', 'false', 'unknown');
const arbitraryTruths = fc.array(arbitraryTruth, { maxLength: 4 });

const arbitraryResolved: fc.Arbitrary<Condition<ById>> = arbitraryCondition(testWords, 2).map((when) => {
  const rules = [{ id: 'r', when, retain_metrics: true }];
  const [rule] = resolvedPolicy({ version: 1, workspace: testWords.workspace, rules }).rules;
  return rule!.when;
});
const judge = (condition: Condition<ById>, facts = factsOf()): Truth => evaluate(condition, facts, testNow);

describe('truth', () => {
  it('obeys De Morgan, whatever is unknown', () => {
    fc.assert(
      fc.property(arbitraryTruths, (truths) => {
        expect(not(every(truths))).toBe(some(truths.map(not)));
        expect(not(some(truths))).toBe(every(truths.map(not)));
      }),
    );
  });

  it('is the same after a double negation, and in any order', () => {
    fc.assert(
      fc.property(arbitraryTruths, (truths) => {
        const reversed = truths.toReversed();
        expect(truths.map((truth) => not(not(truth)))).toEqual(truths);
        expect([every(reversed), some(reversed)]).toEqual([every(truths), some(truths)]);
      }),
    );
  });

  it('is true of every one of none, and false of some of none', () => {
    expect([every([]), some([])]).toEqual(['true', 'false']);
  });
});

describe('evaluate', () => {
  it('obeys De Morgan on whole conditions', () => {
    fc.assert(
      fc.property(arbitraryResolved, arbitraryResolved, arbitraryFacts, (a, b, facts) => {
        const notAll: Condition<ById> = { kind: 'not', of: { kind: 'all', of: [a, b] } };
        const anyNot: Condition<ById> = {
          kind: 'any',
          of: [
            { kind: 'not', of: a },
            { kind: 'not', of: b },
          ],
        };
        expect(judge(notAll, facts)).toBe(judge(anyNot, facts));
      }),
    );
  });

  it('never changes a definite answer into another when more becomes known', () => {
    const knownAndForgotten = arbitraryFacts.chain((facts) =>
      fc.tuple(fc.constant(facts), arbitraryForgetting(facts)),
    );
    fc.assert(
      fc.property(arbitraryResolved, knownAndForgotten, (condition, [known, forgotten]) => {
        const before = judge(condition, forgotten);
        fc.pre(before !== 'unknown');
        expect(judge(condition, known)).toBe(before);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps a definite answer when an unspecified priority turns out to be a level above none', () => {
    const words = fc.uniqueArray(
      fc.constantFrom('none', 'low', 'medium', 'high', 'urgent', 'priority', 'not_priority'),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(
        words,
        fc.boolean(),
        fc.constantFrom('low', 'medium', 'high', 'urgent'),
        (values, negated, level) => {
          const clause = { kind: 'priority', choice: { negated, values } } as Condition<ById>;
          const before = judge(clause, factsOf({ priority: 'unspecified' }));
          fc.pre(before !== 'unknown');
          expect(judge(clause, factsOf({ priority: level }))).toBe(before);
        },
      ),
    );
  });
});

describe('unknownFacts', () => {
  it('names facts exactly when the condition is unknown', () => {
    fc.assert(
      fc.property(arbitraryResolved, arbitraryFacts, (condition, facts) => {
        const names = unknownFacts(condition, facts, testNow);
        expect(names.length > 0).toBe(judge(condition, facts) === 'unknown');
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });
});
