import { textsOf } from './policy-names.ts';

/** What a statement's condition narrows it to. What is not on this list is `other`, and nobody may rely on it. */
export type PolicyCondition =
  | { readonly kind: 'none' }
  /** Everybody but these principals, by ARN. */
  | { readonly kind: 'all_but'; readonly arns: readonly string[] }
  /** Requests without TLS. */
  | { readonly kind: 'plain_http' }
  /** What AWS does on behalf of these accounts. */
  | { readonly kind: 'for_accounts'; readonly accounts: readonly string[] }
  | { readonly kind: 'other' };

export function toCondition(value: unknown): PolicyCondition {
  if (value === undefined) return { kind: 'none' };
  const [test, ...more] = testsOf(value);
  return test === undefined || more.length > 0 ? { kind: 'other' } : toKind(test);
}

interface Test {
  readonly operator: string;
  /** In small letters, since IAM does not tell them apart. */
  readonly key: string;
  readonly values: readonly string[];
}

const testsOf = (value: unknown): readonly Test[] =>
  entriesOf(value).flatMap(([operator, keys]) =>
    entriesOf(keys).map(([key, values]) => ({
      operator,
      key: key.toLowerCase(),
      values: textsOf(typeof values === 'boolean' ? String(values) : values) ?? [],
    })),
  );

const entriesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

/** `Arn…` and `…Like` take wildcards, and `${…}` is filled in by each request: by those, the exception could be for anybody. */
const isOneName = (text: string): boolean => !/[*?$]/.test(text);

function toKind({ operator, key, values }: Test): PolicyCondition {
  const areNames = values.length > 0 && values.every(isOneName);
  if (areNames && operator === 'ArnNotEquals' && key === 'aws:principalarn')
    return { kind: 'all_but', arns: values };
  if (operator === 'Bool' && key === 'aws:securetransport' && values.join() === 'false')
    return { kind: 'plain_http' };
  const isAboutAccount = key === 'aws:sourceaccount' || key === 'aws:sourceowner';
  if (areNames && operator === 'StringEquals' && isAboutAccount)
    return { kind: 'for_accounts', accounts: values };
  return { kind: 'other' };
}

/** Whether a statement is for this account alone. */
export const isForAccount = (condition: PolicyCondition, account: string): boolean =>
  condition.kind === 'for_accounts' && condition.accounts.every((each) => each === account);
