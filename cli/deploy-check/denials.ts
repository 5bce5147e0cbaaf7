import type { PolicyDocument, Statement } from './policy-document.ts';
import { takesIn } from './policy-names.ts';

/** Whether the resources of a statement are all that a question is about. */
export type IsWhole = (resource: string) => boolean;

/** Whether a policy denies some actions to everybody, or nearly. */
export type DenialGuard =
  /** To everybody but these principals, by ARN. */
  | { readonly kind: 'denied'; readonly exceptTo: readonly string[] }
  /** Some of it is denied to nobody, or not to everybody. */
  | { readonly kind: 'open'; readonly actions: readonly string[] };

/** @param actions What has to be denied. */
export function denialGuard(
  policy: PolicyDocument,
  actions: readonly string[],
  isWhole: IsWhole,
): DenialGuard {
  const denials = actions.map((action) => ({ action, spared: sparedByDenial(policy, action, isWhole) }));
  const open = denials.filter(({ spared }) => spared === undefined).map(({ action }) => action);
  if (open.length > 0) return { kind: 'open', actions: open };
  return { kind: 'denied', exceptTo: [...new Set(denials.flatMap(({ spared = [] }) => spared))] };
}

/** Whom every denial of an action spares, by ARN; undefined when it is not denied to everybody else. */
export function sparedByDenial(
  policy: PolicyDocument,
  action: string,
  isWhole: IsWhole,
): readonly string[] | undefined {
  const [first, ...others] = policy.statements
    .filter((statement) => isDenialToAll(statement, action, isWhole))
    .flatMap(({ condition }) => {
      if (condition.kind === 'none') return [[]];
      return condition.kind === 'all_but' ? [condition.arns] : [];
    });
  return first?.filter((arn) => others.every((spared) => spared.includes(arn)));
}

/** Whether a policy denies an action to everybody who comes without TLS, or to everybody. */
export const deniesPlainHttp = (policy: PolicyDocument, action: string, isWhole: IsWhole): boolean =>
  policy.statements.some(
    (statement) =>
      isDenialToAll(statement, action, isWhole) &&
      (statement.condition.kind === 'plain_http' || statement.condition.kind === 'none'),
  );

/** What is narrower than everybody and the whole thing is not counted: in doubt it is no guard. */
const isDenialToAll = (
  { effect, principals, actions, resources }: Statement,
  action: string,
  isWhole: IsWhole,
): boolean =>
  effect === 'Deny' &&
  principals.kind === 'these' &&
  principals.names.includes('*') &&
  takesIn(actions, action) &&
  resources.kind === 'these' &&
  resources.names.some((resource) => resource === '*' || isWhole(resource));
