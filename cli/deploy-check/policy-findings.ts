import { type Check, couldNotBeChecked, missing, ok } from './check.ts';

/** What came of reading a policy. Each is a clause with its remedy. */
export interface PolicyFindings {
  /** What is not as it was deployed. */
  readonly wrong: readonly string[];
  /** What cannot be judged: no yes. */
  readonly unclear: readonly string[];
}

export const nothingFound: PolicyFindings = { wrong: [], unclear: [] };

const article = 'see docs/operations.md, "A policy was changed by hand"';

/** @param of What the policy is the policy of. @param fine What to say when there is nothing to find. */
export const policyCheck = (of: string, findings: PolicyFindings, fine: string): Check =>
  findingsCheck(`The policy of ${of}`, findings, fine);

/** @param what Was looked at, as a sentence begins. @param fine What to say when there is nothing to find. */
export function findingsCheck(what: string, { wrong, unclear }: PolicyFindings, fine: string): Check {
  const said = [...new Set([...wrong, ...unclear])].join('; ');
  const message = `${what} is not as it was deployed: ${said}; find out who changed it, and ${article}.`;
  if (wrong.length > 0) return missing(message);
  if (unclear.length === 0) return ok(fine);
  return couldNotBeChecked(`${what} cannot be judged: ${said}; ${article}.`);
}

export const unreadStatements = (names: readonly string[]): readonly string[] =>
  names.map((name) => `${name} says something that this version does not know, so look at it yourself`);
