import { parseJson, valueAt } from '#sweep/read-json.ts';
import { type PolicyCondition, toCondition } from './policy-condition.ts';
import { type PolicyNames, textsOf } from './policy-names.ts';

/** The policy of a key, a bucket, a topic or a table, as far as it can be read. */
export interface PolicyDocument {
  readonly statements: readonly Statement[];
  /** Statements that say something which is not known here: they may allow anything, and deny nothing that can be relied on. */
  readonly unread: readonly string[];
}

export interface Statement {
  /** As people find it: by its Sid, in quotation marks, when it has one. */
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  /** `*` for everybody, an ARN, an account, a service. */
  readonly principals: PolicyNames;
  readonly actions: PolicyNames;
  readonly resources: PolicyNames;
  readonly condition: PolicyCondition;
}

/** @param text As AWS gives it; undefined when there is no policy. */
export function readPolicyDocument(text: string | undefined): PolicyDocument {
  if (text === undefined) return { statements: [], unread: [] };
  const listed = valueAt(parseJson(text), 'Statement');
  if (listed === undefined) return { statements: [], unread: ['the whole policy'] };
  const read = (Array.isArray(listed) ? listed : [listed]).map((value: unknown) => ({
    name: nameOf(value),
    statement: toStatement(value),
  }));
  return {
    statements: read.flatMap(({ statement }) => (statement === undefined ? [] : [statement])),
    unread: read.flatMap(({ name, statement }) => (statement === undefined ? [name] : [])),
  };
}

function nameOf(statement: unknown): string {
  const sid = valueAt(statement, 'Sid');
  return typeof sid === 'string' && sid !== '' ? `"${sid}"` : 'a statement without a Sid';
}

const elements: ReadonlySet<string> = new Set([
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]);

function toStatement(value: unknown): Statement | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Object.keys(value).every((element) => elements.has(element))) return undefined;
  const effect = valueAt(value, 'Effect');
  const principals = elementOf(value, 'Principal', principalsOf);
  const actions = elementOf(value, 'Action', textsOf);
  const resources = elementOf(value, 'Resource', textsOf);
  if (effect !== 'Allow' && effect !== 'Deny') return undefined;
  if (principals === undefined || actions === undefined || resources === undefined) return undefined;
  const condition = toCondition(valueAt(value, 'Condition'));
  return { name: nameOf(value), effect, principals, actions, resources, condition };
}

/** An element, or what it says with `Not` before it; undefined for both, and for neither. */
function elementOf(
  statement: object,
  element: string,
  namesOf: (value: unknown) => readonly string[] | undefined,
): PolicyNames | undefined {
  const these = valueAt(statement, element);
  const others = valueAt(statement, `Not${element}`);
  if ((these === undefined) === (others === undefined)) return undefined;
  const names = namesOf(these ?? others);
  return names && { kind: others === undefined ? 'these' : 'all_but', names };
}

/** `"*"`, or the names of each kind of principal. Of services and the like, `*` means less than everybody, and is not read. */
function principalsOf(value: unknown): readonly string[] | undefined {
  if (value === '*') return ['*'];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const kinds = Object.entries(value).map(([kind, names]) => ({ kind, names: textsOf(names) }));
  const names = kinds.flatMap((each) => each.names ?? []);
  const areRead = kinds.every(
    (each) => each.names !== undefined && (each.kind === 'AWS' || !each.names.includes('*')),
  );
  return areRead && names.length > 0 ? names : undefined;
}
