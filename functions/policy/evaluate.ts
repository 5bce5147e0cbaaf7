import { clauseTruth } from './clause-truth.ts';
import { factName } from './fact-name.ts';
import type { Facts } from './facts.ts';
import type { Instant } from './instant.ts';
import type { ById, Clause, Condition } from './policy.ts';
import { every, not, some, type Truth } from './truth.ts';

/** Whether a conversation meets a condition, in Kleene's three-valued logic. */
export function evaluate(condition: Condition<ById>, facts: Facts, now: Instant): Truth {
  if (condition.kind === 'all') return every(condition.of.map((part) => evaluate(part, facts, now)));
  if (condition.kind === 'any') return some(condition.of.map((part) => evaluate(part, facts, now)));
  if (condition.kind === 'not') return not(evaluate(condition.of, facts, now));
  return clauseTruth(condition, facts, now);
}

/** The facts that make a condition unknown, each once, by the policy's words for them; none when it is not unknown. */
export function unknownFacts(condition: Condition<ById>, facts: Facts, now: Instant): readonly string[] {
  const isUnknown = (part: Condition<ById>): boolean => evaluate(part, facts, now) === 'unknown';
  return [...new Set(clausesWhere(isUnknown, condition).map(factName))];
}

/** The clauses of a condition that hold, and that only conditions which hold stand around. */
function clausesWhere(
  holds: (part: Condition<ById>) => boolean,
  condition: Condition<ById>,
): readonly Clause<ById>[] {
  if (!holds(condition)) return [];
  if (condition.kind === 'not') return clausesWhere(holds, condition.of);
  if (condition.kind !== 'all' && condition.kind !== 'any') return [condition];
  return condition.of.flatMap((part) => clausesWhere(holds, part));
}
