import { clausesOf, mapClauses } from './conditions.ts';
import type { Directory, DirectoryKind } from './directory.ts';
import type { RuleId } from './ids.ts';
import { nearestName } from './nearest-name.ts';
import type { ById, ByName, Clause, NamedPolicy, ResolvedPolicy } from './policy.ts';

export interface NameProblem {
  /** Undefined for the names under `protect`. */
  readonly ruleId: RuleId | undefined;
  readonly kind: DirectoryKind;
  readonly name: string;
  readonly code: 'unknown' | 'ambiguous';
  /** One sentence with the remedy. */
  readonly message: string;
}

export type NameResolution =
  | { readonly ok: true; readonly policy: ResolvedPolicy }
  | { readonly ok: false; readonly problems: readonly NameProblem[] };

/** The kinds of names that this policy uses. */
export function directoryNeeds(policy: NamedPolicy): readonly DirectoryKind[] {
  const { tags, teams } = policy.protect;
  const clauses = policy.rules.flatMap(({ when }) => clausesOf(when));
  const names = (kind: 'team' | 'assignee') =>
    clauses.some(
      (clause) => clause.kind === kind && clause.choice.values.some((name) => name !== 'unassigned'),
    );
  const needs: Readonly<Record<DirectoryKind, boolean>> = {
    tags: tags.length > 0 || clauses.some(({ kind }) => kind === 'tags'),
    teams: teams.length > 0 || names('team'),
    admins: names('assignee'),
  };
  return (['tags', 'teams', 'admins'] as const).filter((kind) => needs[kind]);
}

/**
 * Turns every name into the id that it has in this workspace. A name is matched letter by letter; an id is accepted
 * where nothing has it as a name. One name that is unknown or ambiguous makes the whole policy unusable.
 */
export function resolveNames(policy: NamedPolicy, directory: Directory): NameResolution {
  const problems: NameProblem[] = [];
  const resolverFor = (ruleId: RuleId | undefined) => createResolver(directory, ruleId, problems);
  const { tags, teams } = resolverFor(undefined);
  const resolved: ResolvedPolicy = {
    ...policy,
    protect: { ...policy.protect, tags: tags(policy.protect.tags), teams: teams(policy.protect.teams) },
    rules: policy.rules.map((rule) => {
      const resolver = resolverFor(rule.id);
      return { ...rule, when: mapClauses(rule.when, (clause) => resolveClause(clause, resolver)) };
    }),
  };
  return problems.length === 0 ? { ok: true, policy: resolved } : { ok: false, problems };
}

type Resolver = ReturnType<typeof createResolver>;

/** What cannot be resolved is left out, and told of in `problems`. */
function createResolver(directory: Directory, ruleId: RuleId | undefined, problems: NameProblem[]) {
  const resolve =
    <Id extends string>(kind: DirectoryKind, entries: readonly Entry<Id>[]) =>
    (names: readonly string[]): readonly Id[] =>
      names.flatMap((name) => {
        const found = find(entries, name);
        if (found.length === 1) return found;
        if (!problems.some((each) => each.ruleId === ruleId && each.kind === kind && each.name === name)) {
          problems.push(nameProblem(ruleId, kind, name, found, entries));
        }
        return [];
      });
  return {
    tags: resolve('tags', directory.tags),
    teams: resolve('teams', directory.teams),
    admins: resolve('admins', directory.admins),
  };
}

function resolveClause(clause: Clause<ByName>, resolver: Resolver): Clause<ById> {
  if (clause.kind === 'team') return { ...clause, choice: resolveChoice(clause.choice, resolver.teams) };
  if (clause.kind === 'assignee') return { ...clause, choice: resolveChoice(clause.choice, resolver.admins) };
  if (clause.kind !== 'tags') return clause;
  const { any, all, none } = clause;
  return {
    kind: 'tags',
    any: any && resolver.tags(any),
    all: all && resolver.tags(all),
    none: none && resolver.tags(none),
  };
}

const resolveChoice = <Id extends string>(
  { negated, values }: { readonly negated: boolean; readonly values: readonly string[] },
  resolve: (names: readonly string[]) => readonly Id[],
) => ({
  negated,
  values: values.flatMap((name): readonly (Id | 'unassigned')[] =>
    name === 'unassigned' ? ['unassigned'] : resolve([name]),
  ),
});

interface Entry<Id> {
  readonly id: Id;
  readonly name: string;
}

function find<Id extends string>(entries: readonly Entry<Id>[], name: string): readonly Id[] {
  const byName = entries.filter((entry) => entry.name === name);
  const found = byName.length > 0 ? byName : entries.filter(({ id }) => id === name);
  return found.map(({ id }) => id);
}

const singular: Readonly<Record<DirectoryKind, string>> = { tags: 'tag', teams: 'team', admins: 'teammate' };

function nameProblem(
  ruleId: RuleId | undefined,
  kind: DirectoryKind,
  name: string,
  found: readonly string[],
  entries: readonly Entry<string>[],
): NameProblem {
  const place = ruleId === undefined ? `protect.${kind}` : `Rule "${ruleId}"`;
  const what = singular[kind];
  if (found.length > 1) {
    const message = `${place}: ${found.length} ${kind} are called "${name}" (ids ${found.join(', ')}); write the id of the one that is meant.`;
    return { ruleId, kind, name, code: 'ambiguous', message };
  }
  const known = entries.map((entry) => entry.name);
  const remedy =
    known.length === 0
      ? `it has none at all, so remove the name`
      : `the nearest is "${nearestName(name, known)}"`;
  const message = `${place}: the workspace has no ${what} "${name}"; ${remedy}.`;
  return { ruleId, kind, name, code: 'unknown', message };
}
