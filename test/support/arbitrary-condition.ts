import fc from 'fast-check';
import { conversationStates } from '#policy/facts.ts';
import { brandId, type CompanyId, type ContactId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import {
  type ById,
  type Choice,
  type Clause,
  type Condition,
  type Duration,
  priorityWords,
  timeKeys,
} from '#policy/policy.ts';
import { testNow } from './facts.ts';
import { testDirectory, testWords } from './policy-world.ts';

const idsOf = <Id>(entries: readonly { readonly id: Id }[]): Id[] => entries.map(({ id }) => id);
const some = <Value>(values: readonly Value[]) =>
  fc.subarray([...values], { minLength: 1, maxLength: Math.min(3, values.length) });
const maybe = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined });

const choiceOf = <Value>(values: readonly Value[]): fc.Arbitrary<Choice<Value>> =>
  fc.record({ negated: fc.boolean(), values: some(values) });

const duration: fc.Arbitrary<Duration> = fc.record({
  amount: fc.integer({ min: 0, max: 30 }),
  unit: fc.constantFrom('s', 'm', 'h', 'd', 'w', 'mo'),
});
const date = fc
  .integer({ min: 0, max: 1500 * 86_400 })
  .map((seconds) => instantFromMs(testNow - seconds * 1000));
const tags = maybe(some(idsOf(testDirectory.tags)));
const range = (max: number) => ({
  atLeast: maybe(fc.integer({ min: 0, max })),
  atMost: maybe(fc.integer({ min: 0, max })),
});

const clause: fc.Arbitrary<Clause<ById>> = fc.oneof(
  fc.record({ kind: fc.constant('state' as const), choice: choiceOf(conversationStates) }),
  fc.record({
    kind: fc.constant('time' as const),
    key: fc.constantFrom(...timeKeys),
    olderThan: maybe(duration),
    newerThan: maybe(duration),
    before: maybe(date),
    after: maybe(date),
  }),
  fc.record({ kind: fc.constant('tags' as const), any: tags, all: tags, none: tags }),
  fc.record({
    kind: fc.constant('team' as const),
    choice: choiceOf([...idsOf(testDirectory.teams), 'unassigned' as const]),
  }),
  fc.record({
    kind: fc.constant('assignee' as const),
    choice: choiceOf([...idsOf(testDirectory.admins), 'unassigned' as const]),
  }),
  fc.record({ kind: fc.constant('channel' as const), choice: choiceOf(['email', 'conversation', 'sms']) }),
  fc.record({
    kind: fc.constant('initiated_by' as const),
    choice: choiceOf(['customer_initiated', 'automated']),
  }),
  fc.record({ kind: fc.constant('author_type' as const), choice: choiceOf(['user', 'lead', 'bot']) }),
  fc.record({ kind: fc.constant('priority' as const), choice: choiceOf(priorityWords) }),
  fc.record({ kind: fc.constant('read' as const), value: fc.boolean() }),
  fc.record({ kind: fc.constant('rating' as const), ...range(5) }),
  fc.record({
    kind: fc.constant('contact' as const),
    choice: choiceOf(testWords.contactIds.map((id) => brandId<ContactId>(id))),
  }),
  fc.record({
    kind: fc.constant('company' as const),
    choice: choiceOf(testWords.companyIds.map((id) => brandId<CompanyId>(id))),
  }),
  fc.record({
    kind: fc.constant('attribute' as const),
    name: fc.constant('plan'),
    choice: choiceOf(['free', 'pro', 3]),
  }),
  fc.record({ kind: fc.constant('ai_participated' as const), value: fc.boolean() }),
  fc.record({
    kind: fc.constant('ai_resolution' as const),
    choice: choiceOf(['assumed_resolution', 'escalated']),
  }),
  fc.record({ kind: fc.constant('parts' as const), ...range(30) }),
);

const either = (of: readonly Condition<ById>[]): Condition<ById> => ({ kind: 'any', of });

/** Every kind of clause, nested, negated, and in groups that are larger than a search can hold. */
export const arbitraryCondition: fc.Arbitrary<Condition<ById>> = fc.letrec<{ condition: Condition<ById> }>(
  (tie) => {
    const several = fc.array(tie('condition'), { maxLength: 4 });
    return {
      condition: fc.oneof(
        { maxDepth: 4 },
        { weight: 4, arbitrary: clause },
        { weight: 2, arbitrary: several.map((of): Condition<ById> => ({ kind: 'all', of })) },
        { weight: 2, arbitrary: several.map(either) },
        { weight: 1, arbitrary: fc.array(clause, { minLength: 10, maxLength: 30 }).map(either) },
        { weight: 2, arbitrary: tie('condition').map((of): Condition<ById> => ({ kind: 'not', of })) },
      ),
    };
  },
).condition;
