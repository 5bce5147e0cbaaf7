import { isNeverShorter } from '#policy/duration.ts';
import type {
  ByName,
  Clause,
  Condition,
  NamedPolicy,
  OverridableProtection,
  Protection,
  Rule,
} from '#policy/policy.ts';

/** Something that is allowed and probably not meant. */
export interface PolicyWarning {
  readonly path: string;
  readonly message: string;
}

/** What a person should look at again in a valid policy: it deletes nothing, or a rule can never delete. */
export function policyWarnings(policy: NamedPolicy): readonly PolicyWarning[] {
  return [
    ...(policy.rules.length === 0
      ? [{ path: 'rules', message: 'there are none, so nothing is deleted.' }]
      : []),
    ...zeroLimits(policy),
    ...policy.rules.flatMap((rule, at) =>
      conjunctsOf(rule.when)
        .map((clause) => reasonForNever(clause, rule, policy))
        .filter((reason) => reason !== undefined)
        .map((reason) => ({
          path: `rules[${at}].when`,
          message: `the rule ${rule.id} can never delete, since ${reason}.`,
        })),
    ),
  ];
}

function zeroLimits({ limits }: NamedPolicy): readonly PolicyWarning[] {
  const counts = { per_run: limits.perRun, per_day: limits.perDay };
  return Object.entries(counts)
    .filter(([, limit]) => limit === 0)
    .map(([name]) => ({ path: `limits.${name}`, message: '0 means none, so nothing is deleted.' }));
}

/** The clauses that must all be true for the condition to be. */
function conjunctsOf(condition: Condition<ByName>): readonly Clause<ByName>[] {
  if (condition.kind === 'all') return condition.of.flatMap(conjunctsOf);
  return condition.kind === 'any' || condition.kind === 'not' ? [] : [condition];
}

/** The parser refuses what contradicts itself; left are clauses that ask for nothing but what is protected. */
function reasonForNever(
  clause: Clause<ByName>,
  { despite }: Rule<ByName>,
  { protect }: NamedPolicy,
): string | undefined {
  if (clause.kind === 'state' && protect.open && !despite.includes('open')) {
    const { negated, values } = clause.choice;
    const isNeverClosed = values.includes('closed') === negated;
    return isNeverClosed ? keeps('open', 'open') : undefined;
  }
  if (clause.kind === 'time' && clause.key === 'last_activity' && !despite.includes('minimum_age')) {
    const isYoung = clause.newerThan !== undefined && isNeverShorter(protect.minimumAge, clause.newerThan);
    return isYoung ? keeps('minimum_age', 'minimum_age') : undefined;
  }
  if (clause.kind === 'tags') {
    const isProtected = (tag: string): boolean => protect.tags.includes(tag);
    const isStopped = clause.all?.some(isProtected) === true || clause.any?.every(isProtected) === true;
    return isStopped ? keeps('tags', undefined) : undefined;
  }
  if (clause.kind === 'team' && !clause.choice.negated) {
    const isStopped = clause.choice.values.every((team) => protect.teams.includes(team));
    return isStopped ? keeps('teams', undefined) : undefined;
  }
  return undefined;
}

const keeps = (protection: Protection, despite: OverridableProtection | undefined): string =>
  `protect.${protection} keeps the conversations that it asks for${despite === undefined ? '' : `; add "despite: [${despite}]" if they must go`}`;
