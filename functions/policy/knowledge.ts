import type { RuleId } from './ids.ts';
import type { Instant } from './instant.ts';
import type { ByName, Clause, Condition, NamedPolicy, Rule } from './policy.ts';
import { anyTruth, notTrue, type Possible, possibleBoth, surely } from './possible-truth.ts';
import type { Knowledge } from './possible-verdict.ts';
import { protectionsOf } from './protections.ts';
import type { ResolvedNames } from './resolved-names.ts';
import { allFacts, type StoredFacts } from './stored-facts.ts';

/** A conversation of a plan: the facts that are kept of it, and the rule that would have deleted it. */
export interface PlannedFacts extends StoredFacts {
  readonly ruleId: RuleId;
}

/** What is true, by what it is about: a condition as JSON, the name of a tag, the name of a team. */
interface Learned {
  readonly conditions: Map<string, Possible>;
  readonly tags: Map<string, Possible>;
  readonly teams: Map<string, Possible>;
}

/**
 * What a plan tells of its conversations beyond the facts that it keeps: its policy would have deleted each, by one rule. So that rule's
 * condition was true; no protected tag or team was on it; and of each rule before, a protection stopped it or its condition was not true.
 * @param policy by which the plan was made, with the rules that were tried
 * @param now at which it was made
 * @param names what the names in it stood for then
 */
export function createKnowledge(
  { protect, rules }: NamedPolicy,
  now: Instant,
  names: ResolvedNames = { tags: {}, teams: {} },
): (planned: PlannedFacts) => Knowledge {
  const learnedBy = new Map(rules.map((rule) => [rule.id, learnFrom(rule, protect)]));
  const keyOf = createKeys();

  const passedOver = (planned: PlannedFacts): ReadonlySet<string> => {
    // Those by tag and team cover none of a plan's conversations.
    const covering = protectionsOf({ ...protect, tags: [], teams: [] }, allFacts(planned), now).filter(
      ({ covers }) => covers !== 'false',
    );
    const isStopped = ({ despite }: Rule<ByName>): boolean =>
      covering.some(({ protection }) => !despite.some((each) => each === protection));
    const decided = rules.findIndex(({ id }) => id === planned.ruleId);
    const before = rules.slice(0, Math.max(0, decided)).filter((rule) => !isStopped(rule));
    return new Set(before.map(({ when }) => keyOf(when)));
  };

  return (planned) => {
    const learned = learnedBy.get(planned.ruleId);
    const notMatched = passedOver(planned);
    return {
      facts: planned,
      tag: (name) => carries(planned.tagIds ?? [], name, names.tags) ?? learned?.tags.get(name) ?? anyTruth,
      team: (name) => carries(teamsOf(planned), name, names.teams) ?? learned?.teams.get(name) ?? anyTruth,
      condition: (condition) => {
        const key = keyOf(condition);
        const known = learned?.conditions.get(key) ?? anyTruth;
        return notMatched.has(key) ? possibleBoth(known, notTrue) : known;
      },
    };
  };
}

const teamsOf = ({ teamId }: StoredFacts): readonly string[] =>
  teamId === undefined || teamId === 'unassigned' ? [] : [teamId];

/** Whether what has this name is among these ids; undefined where it cannot be told by the names that are known. */
function carries(
  ids: readonly string[],
  name: string,
  known: Readonly<Record<string, string>>,
): Possible | undefined {
  const id = Object.hasOwn(known, name) ? known[name] : undefined;
  if (id !== undefined) return surely(ids.includes(id) ? 'true' : 'false');
  return ids.length === 0 ? surely('false') : undefined;
}

function learnFrom({ when }: Rule<ByName>, protect: NamedPolicy['protect']): Learned {
  const learned: Learned = {
    conditions: new Map(),
    tags: new Map(protect.tags.map((name) => [name, surely('false')])),
    teams: new Map(protect.teams.map((name) => [name, surely('false')])),
  };
  learn(when, 'true', learned);
  return learned;
}

/** Everything that follows from a condition that is true, or false. */
function learn(condition: Condition<ByName>, truth: 'true' | 'false', learned: Learned): void {
  learned.conditions.set(JSON.stringify(condition), surely(truth));
  if (condition.kind === 'not') {
    learn(condition.of, truth === 'true' ? 'false' : 'true', learned);
  } else if (condition.kind === 'all' || condition.kind === 'any') {
    // Of "one of them" that is true, nobody knows which.
    const areAlike = (condition.kind === 'all') === (truth === 'true');
    if (areAlike) for (const part of condition.of) learn(part, truth, learned);
  } else if (truth === 'true') {
    learnNames(condition, learned);
  }
}

function learnNames(clause: Clause<ByName>, { tags, teams }: Learned): void {
  if (clause.kind === 'tags') {
    const { any = [], all = [], none = [] } = clause;
    for (const name of [...all, ...(any.length === 1 ? any : [])]) tags.set(name, surely('true'));
    for (const name of none) tags.set(name, surely('false'));
  }
  if (clause.kind === 'team') {
    const { negated, values } = clause.choice;
    if (negated || values.length === 1) {
      for (const name of values) teams.set(name, surely(negated ? 'false' : 'true'));
    }
  }
}

/** The JSON of conditions, each made once: a plan has many conversations and a policy few conditions. */
function createKeys(): (condition: Condition<ByName>) => string {
  const keys = new WeakMap<Condition<ByName>, string>();
  return (condition) => {
    const known = keys.get(condition);
    if (known !== undefined) return known;
    const key = JSON.stringify(condition);
    keys.set(condition, key);
    return key;
  };
}
