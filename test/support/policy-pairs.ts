import fc from 'fast-check';
import { arbitraryPolicyDocument, type JsonObject, type PolicyWords } from './arbitrary-policy.ts';

export interface PolicyPair {
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** Two policies of which the second is the first with something changed, as people change policies; or two that have nothing in common. */
export function arbitraryPolicyPair(words: PolicyWords): fc.Arbitrary<PolicyPair> {
  const document = arbitraryPolicyDocument(words);
  return fc
    .tuple(document, document, fc.nat(), fc.constantFrom(...changes))
    .map(([before, other, pick, change]) => ({
      before,
      after: change(before, other, pick),
    }));
}

type Change = (before: JsonObject, other: JsonObject, pick: number) => JsonObject;

const rulesOf = (document: JsonObject): readonly JsonObject[] => document['rules'] as readonly JsonObject[]; // by the generator

const changeRule = (before: JsonObject, pick: number, change: JsonObject): JsonObject => {
  const rules = rulesOf(before);
  return {
    ...before,
    rules: rules.map((rule, index) => (index === pick % rules.length ? { ...rule, ...change } : rule)),
  };
};

const changes: readonly Change[] = [
  (_before, other) => other,
  (before, other) => ({ ...before, protect: other['protect'] ?? {} }),
  (before, other, pick) => changeRule(before, pick, { when: rulesOf(other)[0]?.['when'] }),
  (before, _other, pick) => {
    const rules = rulesOf(before);
    return changeRule(before, pick, {
      retain_metrics: rules[pick % rules.length]?.['retain_metrics'] === false,
    });
  },
  (before, _other, pick) => changeRule(before, pick, { despite: ['minimum_age', 'open', 'tickets'] }),
  (before, _other, pick) => changeRule(before, pick, { on: 'schedule' }),
  (before) => ({ ...before, rules: rulesOf(before).toReversed() }),
  (before) => ({ ...before, rules: rulesOf(before).slice(1) }),
  (before, other) => ({
    ...before,
    rules: [
      { ...rulesOf(other)[0], id: 'new-rule' },
      ...rulesOf(before).filter(({ id }) => id !== 'new-rule'),
    ],
  }),
];
