import { clauseTruth } from './clause-truth.ts';
import { factName } from './fact-name.ts';
import type { RuleId } from './ids.ts';
import type { Instant } from './instant.ts';
import type { ByName, Clause, Condition, NamedPolicy, Protection, Rule } from './policy.ts';
import {
  anyTruth,
  isDecided,
  isSurely,
  type Possible,
  possibleBoth,
  possibleEvery,
  possibleNot,
  possibleSome,
  surely,
} from './possible-truth.ts';
import { protectionsOf, unknownEssentials } from './protections.ts';
import { allFacts, type StoredFacts } from './stored-facts.ts';

/** What can be told of one conversation without asking Intercom. */
export interface Knowledge {
  readonly facts: StoredFacts;
  /** Whether it has the tag of this name. */
  tag(name: string): Possible;
  /** Whether it is assigned to the team of this name. */
  team(name: string): Possible;
  /** What is known of a whole condition, apart from the facts that it looks at. */
  condition(condition: Condition<ByName>): Possible;
}

export type PossibleVerdict =
  | { readonly kind: 'delete'; readonly rule: Rule<ByName> }
  | { readonly kind: 'keep'; readonly reason: PossibleReason }
  /** The rules that might decide, before any that surely does. */
  | { readonly kind: 'undecided'; readonly rules: readonly UndecidedRule[] };

export interface UndecidedRule {
  readonly ruleId: RuleId;
  /** What would have to be known, by the policy's words: `parts`, `tags`, `protect.teams`. */
  readonly needs: readonly string[];
}

type PossibleReason =
  | { readonly code: 'no_rule_matched' }
  | { readonly code: 'protected'; readonly ruleId: RuleId; readonly by: Protection }
  /** No rule deletes it, for a reason that cannot be told. */
  | { readonly code: 'not_told' };

/** What the policy surely says of a conversation of which not every fact is at hand. Never guesses. */
export function possibleVerdict(policy: NamedPolicy, known: Knowledge, now: Instant): PossibleVerdict {
  const protections = possibleProtections(policy, known, now);
  const undecided: UndecidedRule[] = [];
  const reasons: PossibleReason[] = [];
  for (const rule of policy.rules) {
    const matches = possibleCondition(rule.when, known, now);
    const stopping = protections.filter(
      ({ protection, covers }) =>
        !isSurely('false', covers) && !rule.despite.some((each) => each === protection),
    );
    const stopper = stopping.find(({ covers }) => !covers.false);
    if (!matches.true || stopper !== undefined || unknownEssentials(allFacts(known.facts)).length > 0) {
      reasons.push(reasonOf(rule, matches, stopper?.protection));
    } else if (isSurely('true', matches) && stopping.length === 0) {
      return undecided.length === 0 ? { kind: 'delete', rule } : { kind: 'undecided', rules: undecided };
    } else {
      const needs = [
        ...factsToKnow(rule.when, known, now),
        ...stopping.map(({ protection }) => `protect.${protection}`),
      ];
      undecided.push({ ruleId: rule.id, needs });
    }
  }
  if (undecided.length > 0) return { kind: 'undecided', rules: undecided };
  return { kind: 'keep', reason: strongest(reasons) };
}

function reasonOf({ id }: Rule<ByName>, matches: Possible, stopper: Protection | undefined): PossibleReason {
  if (isSurely('false', matches)) return { code: 'no_rule_matched' };
  return isSurely('true', matches) && stopper !== undefined
    ? { code: 'protected', ruleId: id, by: stopper }
    : { code: 'not_told' };
}

const strongest = (reasons: readonly PossibleReason[]): PossibleReason =>
  reasons.find(({ code }) => code === 'protected') ??
  reasons.find(({ code }) => code === 'not_told') ?? { code: 'no_rule_matched' };

function possibleCondition(condition: Condition<ByName>, known: Knowledge, now: Instant): Possible {
  return possibleBoth(known.condition(condition), possibleByParts(condition, known, now));
}

function possibleByParts(condition: Condition<ByName>, known: Knowledge, now: Instant): Possible {
  const part = (each: Condition<ByName>): Possible => possibleCondition(each, known, now);
  if (condition.kind === 'all') return possibleEvery(condition.of.map(part));
  if (condition.kind === 'any') return possibleSome(condition.of.map(part));
  if (condition.kind === 'not') return possibleNot(part(condition.of));
  return possibleClause(condition, known, now);
}

function possibleClause(clause: Clause<ByName>, known: Knowledge, now: Instant): Possible {
  if (clause.kind === 'state') return surely(clauseTruth(clause, allFacts(known.facts), now));
  if (clause.kind === 'time' && isStored(clause))
    return surely(clauseTruth(clause, allFacts(known.facts), now));
  if (clause.kind === 'tags') return possibleTags(clause, known);
  if (clause.kind === 'team') return possibleTeam(clause, known);
  return anyTruth;
}

function possibleTags(
  { any, all, none }: Extract<Clause<ByName>, { kind: 'tags' }>,
  known: Knowledge,
): Possible {
  if (known.facts.tagIds === undefined) return surely('unknown');
  const has = (names: readonly string[]): readonly Possible[] => names.map((name) => known.tag(name));
  return possibleEvery([
    ...(any === undefined ? [] : [possibleSome(has(any))]),
    ...(all === undefined ? [] : has(all)),
    ...(none === undefined ? [] : [possibleNot(possibleSome(has(none)))]),
  ]);
}

function possibleTeam({ choice }: Extract<Clause<ByName>, { kind: 'team' }>, known: Knowledge): Possible {
  const { teamId } = known.facts;
  if (teamId === undefined) return surely('unknown');
  const isOne = possibleSome(
    choice.values.map((name) =>
      name === 'unassigned' ? surely(teamId === name ? 'true' : 'false') : known.team(name),
    ),
  );
  return choice.negated ? possibleNot(isOne) : isOne;
}

/** The protections, those by tag and team as far as their names can be told. */
function possibleProtections({ protect }: NamedPolicy, known: Knowledge, now: Instant) {
  const { facts } = known;
  const named = (fact: unknown, names: readonly Possible[]): Possible => {
    if (names.length === 0) return surely('false');
    return fact === undefined ? surely('unknown') : possibleSome(names);
  };
  const others = protectionsOf({ ...protect, tags: [], teams: [] }, allFacts(facts), now);
  return others.map(({ protection, covers }) => {
    if (protection === 'tags')
      return {
        protection,
        covers: named(
          facts.tagIds,
          protect.tags.map((name) => known.tag(name)),
        ),
      };
    if (protection === 'teams')
      return {
        protection,
        covers: named(
          facts.teamId,
          protect.teams.map((name) => known.team(name)),
        ),
      };
    return { protection, covers: surely(covers) };
  });
}

/** The facts on which it depends whether the condition is true, each once. */
const factsToKnow = (condition: Condition<ByName>, known: Knowledge, now: Instant): readonly string[] => [
  ...new Set(openClauses(condition, known, now).map(factName)),
];

function openClauses(
  condition: Condition<ByName>,
  known: Knowledge,
  now: Instant,
): readonly Clause<ByName>[] {
  if (isDecided(possibleCondition(condition, known, now))) return [];
  if (condition.kind === 'not') return openClauses(condition.of, known, now);
  if (condition.kind !== 'all' && condition.kind !== 'any') return [condition];
  return condition.of.flatMap((part) => openClauses(part, known, now));
}

const isStored = (clause: Clause<ByName>): boolean =>
  clause.kind === 'time' && (clause.key === 'created' || clause.key === 'last_activity');
