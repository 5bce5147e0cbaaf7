import { clausesOf } from './conditions.ts';
import type { TagId, TeamId } from './ids.ts';
import type { ById, ByName, Clause, NamedPolicy, ResolvedPolicy } from './policy.ts';

/** What the names in a policy stood for, by name. */
export interface ResolvedNames {
  readonly tags: Readonly<Record<string, TagId>>;
  readonly teams: Readonly<Record<string, TeamId>>;
}

/** @param resolved the same policy, or fewer of its rules, with its names resolved */
export function resolvedNames(named: NamedPolicy, resolved: ResolvedPolicy): ResolvedNames {
  const tags = new Map(pairs(named.protect.tags, resolved.protect.tags));
  const teams = new Map(pairs(named.protect.teams, resolved.protect.teams));
  for (const rule of resolved.rules) {
    const written = named.rules.find(({ id }) => id === rule.id);
    if (written === undefined) continue;
    for (const [clause, byId] of pairs(clausesOf(written.when), clausesOf(rule.when))) {
      for (const [name, id] of tagPairs(clause, byId)) tags.set(name, id);
      for (const [name, id] of teamPairs(clause, byId)) teams.set(name, id);
    }
  }
  return { tags: Object.fromEntries(tags), teams: Object.fromEntries(teams) };
}

function tagPairs(clause: Clause<ByName>, byId: Clause<ById>): readonly (readonly [string, TagId])[] {
  if (clause.kind !== 'tags' || byId.kind !== 'tags') return [];
  return (['any', 'all', 'none'] as const).flatMap((key) => pairs(clause[key] ?? [], byId[key] ?? []));
}

function teamPairs(clause: Clause<ByName>, byId: Clause<ById>): readonly (readonly [string, TeamId])[] {
  if (clause.kind !== 'team' || byId.kind !== 'team') return [];
  return pairs(clause.choice.values, byId.choice.values).flatMap(([name, id]) =>
    id === 'unassigned' ? [] : [[name, id] as const],
  );
}

/** Resolving keeps the order and the number of everything. */
const pairs = <One, Other>(
  some: readonly One[],
  others: readonly Other[],
): readonly (readonly [One, Other])[] =>
  some.flatMap((one, at) => {
    const other = others[at];
    return other === undefined ? [] : [[one, other] as const];
  });
