import type { IsWhole } from './denials.ts';
import type { PolicyCondition } from './policy-condition.ts';
import type { PolicyDocument } from './policy-document.ts';
import { nothingFound, type PolicyFindings } from './policy-findings.ts';
import { takesIn } from './policy-names.ts';

interface Wanted {
  readonly action: string;
  /** A role's ARN, or a service. */
  readonly who: string;
  /** Whether the condition of a statement is met by all that they do. */
  readonly isMet: (condition: PolicyCondition) => boolean;
  /** What comes of it when they may not. */
  readonly harm: string;
  readonly isWhole: IsWhole;
}

/** Finds that no statement lets somebody do what they have to; unclear where one may, on a condition that is not known. */
export function letIn({ statements }: PolicyDocument, wanted: Wanted): PolicyFindings {
  const { action, who, isMet, harm, isWhole } = wanted;
  const letting = statements.filter(
    ({ effect, principals, actions, resources }) =>
      effect === 'Allow' &&
      principals.kind === 'these' &&
      (principals.names.includes(who) || principals.names.includes('*')) &&
      takesIn(actions, action) &&
      resources.kind === 'these' &&
      resources.names.some((resource) => resource === '*' || isWhole(resource)),
  );
  if (letting.some(({ condition }) => isMet(condition))) return nothingFound;
  const perhaps = letting.filter(({ condition }) => condition.kind === 'other').map(({ name }) => name);
  return perhaps.length > 0
    ? {
        wrong: [],
        unclear: [`whether ${perhaps.join(', ')} lets ${who} do ${action} depends on its condition`],
      }
    : { wrong: [`it does not let ${who} do ${action}, so ${harm}: let it again`], unclear: [] };
}
