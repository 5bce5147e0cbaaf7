import { clausesOf } from './conditions.ts';
import type { Directory } from './directory.ts';
import { type AdminId, brandId, type TagId, type TeamId } from './ids.ts';
import type { ByName, Clause, NamedPolicy } from './policy.ts';

/** The names that a policy uses, each once, in its order. */
export interface PolicyNames {
  readonly tags: readonly string[];
  readonly teams: readonly string[];
  readonly admins: readonly string[];
}

export function policyNames({ protect, rules }: NamedPolicy): PolicyNames {
  const clauses = rules.flatMap(({ when }) => clausesOf(when));
  const assigned = (kind: 'team' | 'assignee'): readonly string[] =>
    clauses
      .flatMap((clause) => (clause.kind === kind ? clause.choice.values : []))
      .filter((name) => name !== 'unassigned');
  return {
    tags: [...new Set([...protect.tags, ...clauses.flatMap(tagNames)])],
    teams: [...new Set([...protect.teams, ...assigned('team')])],
    admins: [...new Set(assigned('assignee'))],
  };
}

const tagNames = (clause: Clause<ByName>): readonly string[] =>
  clause.kind === 'tags' ? [...(clause.any ?? []), ...(clause.all ?? []), ...(clause.none ?? [])] : [];

/** A workspace in which every name that the policy uses is its own id: what there is where no workspace can be asked. */
export function directoryOfNames(policy: NamedPolicy): Directory {
  const { tags, teams, admins } = policyNames(policy);
  return {
    tags: tags.map((name) => ({ id: brandId<TagId>(name), name })),
    teams: teams.map((name) => ({ id: brandId<TeamId>(name), name })),
    admins: admins.map((name) => ({ id: brandId<AdminId>(name), name })),
  };
}
