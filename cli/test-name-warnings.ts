import { distance } from 'fastest-levenshtein';
import { nearestName } from '#policy/nearest-name.ts';
import type { ParsedPolicy } from '#policy/parse-policy.ts';
import { policyNames } from '#policy/policy-names.ts';
import type { PolicyWarning } from './policy-warnings.ts';

/** A slip of the pen; what is further apart is taken for another name. */
const mostSlips = 2;

/**
 * Names in a policy's tests that the policy does not use, and that look like one that it uses. A test knows no workspace, so that a
 * misspelled tag is just another tag to it.
 */
export function testNameWarnings({
  policy,
  tests,
}: Pick<ParsedPolicy, 'policy' | 'tests'>): readonly PolicyWarning[] {
  const used = policyNames(policy);
  return tests.flatMap(({ facts }, at) => {
    const path = `tests[${at}].facts`;
    const assigned = (name: string | undefined): readonly string[] =>
      name === undefined || name === 'unassigned' ? [] : [name];
    return [
      ...slips(facts.tagIds ?? [], used.tags, `${path}.tags`),
      ...slips(assigned(facts.teamId), used.teams, `${path}.team`),
      ...slips(assigned(facts.assigneeId), used.admins, `${path}.assignee`),
    ];
  });
}

function slips(names: readonly string[], used: readonly string[], path: string): readonly PolicyWarning[] {
  return names.flatMap((name) => {
    const nearest = nearestName(name, used);
    if (nearest === undefined || used.includes(name)) return [];
    if (distance(name.toLowerCase(), nearest.toLowerCase()) > mostSlips) return [];
    return [
      {
        path,
        message: `no rule and no protection names "${name}"; the nearest that one does is "${nearest}".`,
      },
    ];
  });
}
