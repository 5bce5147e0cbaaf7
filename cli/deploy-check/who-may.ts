import { arnParts } from './arn-parts.ts';
import { type IsWhole, sparedByDenial } from './denials.ts';
import type { PolicyCondition } from './policy-condition.ts';
import type { PolicyDocument } from './policy-document.ts';
import { takesIn } from './policy-names.ts';

/** A statement that lets somebody do something. */
interface Grant {
  /** `*` for everybody, an ARN, an account, a service. */
  readonly principal: string;
  readonly statement: string;
  readonly condition: PolicyCondition;
}

/** Whom a resource's own policy lets do one thing. What identities may by their own policies is not in there. */
export interface Access {
  readonly allowed: readonly Grant[];
  /** Let in by a statement, and kept out by a denial alone, perhaps but for some of them. */
  readonly stopped: readonly Grant[];
}

/**
 * In doubt, somebody may: a condition or a resource of an `Allow` keeps nobody out, and only a `Deny` that is meant for everybody, for
 * the whole resource and on no condition but by name does. What `unread` statements of the policy allow is not known.
 */
export function whoMay(policy: PolicyDocument, action: string, isWhole: IsWhole): Access {
  const spared = sparedByDenial(policy, action, isWhole);
  const grants = policy.statements
    .filter(({ effect, actions }) => effect === 'Allow' && takesIn(actions, action))
    .flatMap(({ name, principals, condition }) =>
      namesOf(principals).map((principal): Grant => ({ principal, statement: name, condition })),
    );
  if (spared === undefined) return { allowed: grants, stopped: [] };
  const judged = grants.map((grant) => ({ grant, left: leftOf(grant.principal, spared) }));
  return {
    allowed: judged.flatMap(({ grant, left }) => left.map((principal) => ({ ...grant, principal }))),
    stopped: judged.filter(({ grant, left }) => !left.includes(grant.principal)).map(({ grant }) => grant),
  };
}

/** All but somebody is as good as everybody. */
const namesOf = ({ kind, names }: { readonly kind: string; readonly names: readonly string[] }) =>
  kind === 'these' ? names : ['*'];

/** Who of a principal may still, when everybody but the spared is denied. */
function leftOf(principal: string, spared: readonly string[]): readonly string[] {
  if (principal === '*') return spared;
  const account = accountOf(principal);
  if (account !== undefined) return spared.filter((arn) => arn.split(':')[4] === account);
  if (spared.length > 0 && !/^arn:[^:]+:iam:/.test(principal)) return [principal]; // a session or a service is known by another name
  return spared.filter((arn) => arn === principal);
}

/** The account that a principal stands for as a whole: `123456789012`, `arn:aws:iam::123456789012:root`. */
export const accountOf = (principal: string): string | undefined =>
  /^(?:arn:[^:]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];

/** Whether a principal is an account as a whole, or something in it. */
export const isOfAccount = (principal: string, account: string): boolean =>
  (accountOf(principal) ?? arnParts(principal).account) === account;
