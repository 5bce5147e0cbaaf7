import { describe, expect, it } from 'vitest';
import { evaluate, unknownFacts } from '#policy/evaluate.ts';
import type { Facts } from '#policy/facts.ts';
import type { ById, Clause, Condition } from '#policy/policy.ts';
import { factsOf, testNow } from '#support/facts.ts';

const attribute = (
  name: string,
  values: readonly (string | number | boolean)[],
  negated = false,
): Clause<ById> => ({
  kind: 'attribute',
  name,
  choice: { negated, values },
});
const judge = (condition: Condition<ById>, facts: Partial<Facts>) =>
  evaluate(condition, factsOf(facts), testNow);

// What each key matches is told, and tested, by docs/policy.md.
describe('evaluate', () => {
  it.each([
    ['3', [3], 'unknown'],
    [3, ['3'], 'unknown'],
    [true, ['true'], 'unknown'],
    [3, ['3', 3], 'true'],
    [4, ['3', 3], 'false'],
    ['', [''], 'true'],
    [0, [false], 'unknown'],
    [-0, [0], 'true'],
  ] as const)('compares the attribute %j with %j only where the types agree: %s', (value, values, truth) => {
    expect(judge(attribute('plan', values), { attributes: { plan: value } })).toBe(truth);
  });

  it('does not take what every object has for an attribute', () => {
    expect(judge(attribute('constructor', ['x'], true), { attributes: {} })).toBe('unknown');
  });

  it.each([
    ['priority', 'unspecified', 'true'],
    ['not_priority', 'unspecified', 'false'],
    ['none', 'unspecified', 'false'],
    ['low', 'unspecified', 'unknown'],
    ['priority', 'low', 'true'],
    ['not_priority', 'none', 'true'],
    ['not_priority', 'urgent', 'false'],
  ] as const)('takes the word %s of the level %s for %s', (word, priority, truth) => {
    const clause: Clause<ById> = { kind: 'priority', choice: { negated: false, values: [word] } };
    expect(judge(clause, { priority })).toBe(truth);
  });

  it('cannot tell that an unspecified priority is not high', () => {
    const clause: Clause<ById> = { kind: 'priority', choice: { negated: true, values: ['high'] } };
    expect(judge(clause, { priority: 'unspecified' })).toBe('unknown');
  });
});

describe('unknownFacts', () => {
  it('names each fact once, by the words of the policy, and only where it matters', () => {
    const time = {
      kind: 'time',
      olderThan: undefined,
      newerThan: undefined,
      before: testNow,
      after: undefined,
    } as const;
    const condition: Condition<ById> = {
      kind: 'all',
      of: [
        { kind: 'any', of: [{ kind: 'read', value: true }, attribute('Not needed', [1])] },
        { kind: 'not', of: { ...time, key: 'last_closed' } },
        { ...time, key: 'last_closed' },
        attribute('Plan tier', ['x']),
        { kind: 'ai_participated', value: true },
        { kind: 'ai_resolution', choice: { negated: false, values: ['escalated'] } },
        { kind: 'rating', atLeast: 1, atMost: undefined },
      ],
    };
    const facts = factsOf({ read: true, lastClosedAt: undefined, aiParticipated: undefined });
    expect(unknownFacts(condition, facts, testNow)).toEqual([
      'last_closed',
      'attributes.Plan tier',
      'ai.participated',
      'ai.resolution',
      'rating',
    ]);
  });
});
