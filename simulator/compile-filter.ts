import { QueryError } from './query-error.ts';
import {
  type FieldType,
  type FieldValue,
  type Operator,
  operators,
  operatorsOf,
  type SearchField,
  type SearchFields,
} from './search-field.ts';
import { dayOf } from './workspace-day.ts';

/** How `<` and `>` treat equality, and how fine dates are. */
export interface Comparison {
  readonly kind: 'exclusive' | 'inclusive' | 'day';
  /** IANA name; for `day`. */
  readonly timeZone: string;
}

type Operand = string | number | boolean | null;

/** @throws QueryError */
export function compileFilter<Item>(
  filter: Readonly<Record<string, unknown>>,
  fields: SearchFields<Item>,
  comparison: Comparison,
): (item: Item) => boolean {
  const name = filter['field'];
  const field = typeof name === 'string' ? fields.get(name) : undefined;
  if (typeof name !== 'string' || field === undefined) {
    throw new QueryError(String(name), 'is not a valid search field');
  }
  const operator = operators.find((known) => known === filter['operator']);
  if (operator === undefined || !operatorsOf[field.type].includes(operator)) {
    throw new QueryError(name, `does not take the operator ${String(filter['operator'])}`);
  }
  if (operator === 'IN' || operator === 'NIN') {
    const values = filter['value'];
    if (!Array.isArray(values) || values.length === 0)
      throw new QueryError(name, `needs a list of values for ${operator}`);
    const tests = values.map((value) => equals(field, operandOf(name, field.type, value), comparison));
    return operator === 'IN'
      ? (item) => tests.some((test) => test(field.read(item)))
      : (item) => !tests.some((test) => test(field.read(item)));
  }
  const test = compare(field, operator, operandOf(name, field.type, filter['value']), comparison);
  return (item) => test(field.read(item));
}

type ValueTest = (value: FieldValue) => boolean;

function compare<Item>(
  field: SearchField<Item>,
  operator: Exclude<Operator, 'IN' | 'NIN'>,
  operand: Operand,
  comparison: Comparison,
): ValueTest {
  const text = String(operand).toLowerCase();
  switch (operator) {
    case '=':
      return equals(field, operand, comparison);
    case '!=':
      return not(equals(field, operand, comparison));
    case '~':
      return anyText((candidate) => candidate.includes(text));
    case '!~':
      return not(anyText((candidate) => candidate.includes(text)));
    case '^':
      return anyText((candidate) => candidate.startsWith(text));
    case '$':
      return anyText((candidate) => candidate.endsWith(text));
    case '>':
    case '<':
    case '>=':
    case '<=':
      return ordered(field.type, operator, Number(operand), comparison);
  }
}

const not =
  (test: ValueTest): ValueTest =>
  (value) =>
    !test(value);

function equals<Item>({ type }: SearchField<Item>, operand: Operand, comparison: Comparison): ValueTest {
  if (operand === null) return (value) => value == null || (Array.isArray(value) && value.length === 0);
  if (type === 'words') {
    const word = String(operand).toLowerCase();
    return anyText((text) => text.split(/[^\p{L}\p{N}]+/u).includes(word));
  }
  if (type === 'date' && comparison.kind === 'day') {
    const day = dayOf(Number(operand), comparison.timeZone);
    return (value) => typeof value === 'number' && day.start <= value && value < day.end;
  }
  return (value) => (Array.isArray(value) ? value.includes(operand) : value === operand);
}

/** Without a value nothing is greater or less. */
function ordered(
  type: FieldType,
  operator: '>' | '<' | '>=' | '<=',
  operand: number,
  { kind, timeZone }: Comparison,
): ValueTest {
  const inclusive = operator.endsWith('=') || kind === 'inclusive';
  if (type === 'date' && kind === 'day') {
    const day = dayOf(operand, timeZone);
    if (operator.startsWith('>')) return atLeast(operator === '>' ? day.end : day.start);
    return below(operator === '<' ? day.start : day.end);
  }
  // Whole numbers: above is "at least one more".
  if (operator.startsWith('>')) return atLeast(inclusive ? operand : operand + 1);
  return below(inclusive ? operand + 1 : operand);
}

const atLeast =
  (bound: number): ValueTest =>
  (value) =>
    typeof value === 'number' && value >= bound;
const below =
  (bound: number): ValueTest =>
  (value) =>
    typeof value === 'number' && value < bound;

const anyText =
  (test: (text: string) => boolean): ValueTest =>
  (value) => {
    if (typeof value === 'string') return test(value.toLowerCase());
    return Array.isArray(value) && value.some((text: string) => test(text.toLowerCase()));
  };

/** Numbers may come as text; anything else of another type is refused. */
function operandOf(name: string, type: FieldType, value: unknown): Operand {
  if (value === null) return type === 'assignee' ? 0 : null;
  switch (type) {
    case 'integer':
    case 'assignee':
    case 'date':
      if (typeof value === 'number' && Number.isInteger(value)) return value;
      if (typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value);
      break;
    case 'boolean':
      if (typeof value === 'boolean') return value;
      if (value === 'true' || value === 'false') return value === 'true';
      break;
    case 'string':
    case 'strings':
    case 'words':
      if (typeof value === 'string') return value;
      if (typeof value === 'number') return String(value);
      break;
  }
  throw new QueryError(name, `takes a value of the type ${type === 'date' ? 'date (UNIX seconds)' : type}`);
}
