/** Evaluates a resource's policy for one request as IAM is documented to, by other means than the product, and understands more of it. */

export interface PolicyRequest {
  /** A role's ARN, or a service. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** By key in small letters; what is not here is not sent. */
  readonly context: ReadonlyMap<string, string>;
}

// biome-ignore lint/suspicious/noExplicitAny: a policy may hold anything
type Json = any;

const list = (value: Json): Json[] => (Array.isArray(value) ? value : [value]);

const fits = (pattern: string, text: string): boolean => {
  if (pattern === '') return text === '';
  if (pattern[0] === '*')
    return fits(pattern.slice(1), text) || (text !== '' && fits(pattern, text.slice(1)));
  return (
    text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && fits(pattern.slice(1), text.slice(1))
  );
};

/** Whether the policy denies it; whether it lets the principal, or the account that the principal is of. */
export function evaluate(
  policy: Json,
  request: PolicyRequest,
): { readonly isDenied: boolean; readonly isAllowed: boolean } {
  const applying = list(policy.Statement).filter((statement) => applies(statement, request));
  const has = (effect: string) => applying.some(({ Effect }) => Effect === effect);
  return { isDenied: has('Deny'), isAllowed: has('Allow') && !has('Deny') };
}

function applies(statement: Json, { principal, action, resource, context }: PolicyRequest): boolean {
  const account = principal.split(':')[4];
  const isOf = (names: Json) =>
    names === '*' ||
    list(names.Service ?? []).includes(principal) ||
    list(names.AWS ?? []).some((name) =>
      ['*', principal, account, `arn:aws:iam::${account}:root`].includes(name),
    );
  const isAction = (names: Json) =>
    list(names).some((name: string) => fits(name.toLowerCase(), action.toLowerCase()));
  const isResource = (names: Json) => list(names).some((name: string) => fits(name, resource));
  return (
    (statement.Principal === undefined ? !isOf(statement.NotPrincipal) : isOf(statement.Principal)) &&
    (statement.Action === undefined ? !isAction(statement.NotAction) : isAction(statement.Action)) &&
    (statement.Resource === undefined
      ? !isResource(statement.NotResource)
      : isResource(statement.Resource)) &&
    Object.entries<Json>(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries<Json>(keys).every(([key, values]) =>
        holds(operator, context.get(key.toLowerCase()), list(values).map(String)),
      ),
    )
  );
}

function holds(operator: string, sent: string | undefined, values: readonly string[]): boolean {
  switch (operator) {
    case 'ArnNotEquals':
      return sent === undefined || !values.some((value) => fits(value, sent));
    case 'ArnEquals':
      return sent !== undefined && values.some((value) => fits(value, sent));
    case 'StringEquals':
    case 'Bool':
      return sent !== undefined && values.includes(sent);
    default:
      throw new Error(`This evaluation knows no ${operator}.`);
  }
}
