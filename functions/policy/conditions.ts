import type { Clause, Condition, References } from './policy.ts';

/** Every clause of a condition, in its order. */
export function clausesOf<Ref extends References>(condition: Condition<Ref>): readonly Clause<Ref>[] {
  if (condition.kind === 'not') return clausesOf(condition.of);
  if (condition.kind === 'all' || condition.kind === 'any') return condition.of.flatMap(clausesOf);
  return [condition];
}

/** The same condition with each clause replaced. */
export function mapClauses<From extends References, To extends References>(
  condition: Condition<From>,
  toClause: (clause: Clause<From>) => Clause<To>,
): Condition<To> {
  if (condition.kind === 'not') return { kind: 'not', of: mapClauses(condition.of, toClause) };
  if (condition.kind === 'all' || condition.kind === 'any') {
    return { kind: condition.kind, of: condition.of.map((part) => mapClauses(part, toClause)) };
  }
  return toClause(condition);
}
