import { parseJson, valueAt } from '#sweep/read-json.ts';

/** Whether a table's own policy denies what would change or take away a record. */
export type DeletionGuard =
  /** To everybody but these principals, by ARN. */
  | { readonly kind: 'denied'; readonly exceptTo: readonly string[] }
  /** Some of it is denied to nobody, or not to everybody. */
  | { readonly kind: 'open'; readonly actions: readonly string[] };

/**
 * @param policyText The resource policy as DynamoDB gives it; undefined when the table has none.
 * @param actions What has to be denied.
 */
export function deletionGuard(policyText: string | undefined, actions: readonly string[]): DeletionGuard {
  const statements = listOf(valueAt(parseJson(policyText ?? ''), 'Statement')).flatMap(toDenial);
  const open = actions.filter((action) => !statements.some(({ denied }) => denied.some(covers(action))));
  if (open.length > 0) return { kind: 'open', actions: open };
  return { kind: 'denied', exceptTo: [...new Set(statements.flatMap(({ exceptTo }) => exceptTo))] };
}

interface Denial {
  readonly denied: readonly string[];
  readonly exceptTo: readonly string[];
}

/** What is narrower than everybody and the whole table, or on a condition of another kind, is not counted: in doubt it is no guard. */
function toDenial(statement: unknown): readonly Denial[] {
  if (valueAt(statement, 'Effect') !== 'Deny' || !isEverybody(valueAt(statement, 'Principal'))) return [];
  if (!textsOf(valueAt(statement, 'Resource')).some(isWholeTable)) return [];
  const exceptTo = exceptions(valueAt(statement, 'Condition'));
  if (exceptTo === undefined) return [];
  return [{ denied: textsOf(valueAt(statement, 'Action')), exceptTo }];
}

const isEverybody = (principal: unknown): boolean =>
  principal === '*' || textsOf(valueAt(principal, 'AWS')).includes('*');

/** `arn:…:table/NAME`, and not an index of it; or all that the policy can be about. */
const isWholeTable = (resource: string): boolean => resource === '*' || /:table\/[^/]+$/.test(resource);

/** Undefined for a condition by which the denial might not be meant for everybody else. */
function exceptions(condition: unknown): readonly string[] | undefined {
  if (condition === undefined) return [];
  if (typeof condition !== 'object' || condition === null || Object.keys(condition).length !== 1)
    return undefined;
  const names = textsOf(valueAt(condition, 'ArnNotEquals', 'aws:PrincipalArn'));
  return names.length > 0 && names.every(isOneName) ? names : undefined;
}

/** `ArnNotEquals` takes wildcards and variables, by which the exception could be for anybody. */
const isOneName = (arn: string): boolean => !/[*?$]/.test(arn);

const covers =
  (action: string) =>
  (denied: string): boolean =>
    denied === action || denied === 'dynamodb:*' || denied === '*';

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

const textsOf = (value: unknown): readonly string[] =>
  listOf(value).filter((each) => typeof each === 'string');
