import { clausesOf } from '#policy/conditions.ts';
import type { ByName, Rule } from '#policy/policy.ts';
import type { CertifiedFacts, WholeClaims } from './certificate.ts';

/** By name, what it stood for when the plan was made. */
interface KeptNames {
  readonly tags: Readonly<Record<string, string>>;
  readonly teams: Readonly<Record<string, string>>;
}

/**
 * The names by which a reader finds the ids of the facts in the rule, in the order of their code units. Not those of the policy's
 * other rules, and none that is an id itself.
 * @param kept undefined for a plan that did not keep them
 */
export function certifiedNames(
  kept: KeptNames | undefined,
  rule: Rule<ByName>,
  facts: readonly CertifiedFacts[],
): WholeClaims['names'] {
  const clauses = clausesOf(rule.when);
  const tagNames = clauses.flatMap((clause) =>
    clause.kind === 'tags' ? [clause.any, clause.all, clause.none].flatMap((names) => names ?? []) : [],
  );
  const teamNames = clauses.flatMap((clause) => (clause.kind === 'team' ? clause.choice.values : []));
  const tagIds = facts.flatMap(({ tag_ids: ids }) => ids ?? []);
  const teamIds = facts.flatMap(({ team_id: id }) => id ?? []);
  return { tags: among(kept?.tags, tagNames, tagIds), teams: among(kept?.teams, teamNames, teamIds) };
}

const among = (
  kept: Readonly<Record<string, string>> = {},
  names: readonly string[],
  ids: readonly string[],
): WholeClaims['names']['tags'] =>
  Object.entries(kept)
    .filter(([name, id]) => name !== id && (names.includes(name) || ids.includes(id)))
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, id]) => ({ name, id }));
