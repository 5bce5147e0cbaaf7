/** What EventBridge Scheduler's user guide documents for one field of `cron(…)`. */
interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** In order, for the values from `least` on. */
  readonly names?: readonly string[];
  /** What stands in the field alone, in no list. */
  readonly alone: RegExp;
  readonly help: string;
  readonly takesSteps: boolean;
  /** Whether a range may go on from the last value to the first: `SAT-SUN`. */
  readonly wraps: boolean;
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const everything = /^\*$/;

const minutes: Field = {
  name: 'minutes',
  least: 0,
  most: 59,
  alone: everything,
  help: '0-59',
  takesSteps: true,
  wraps: false,
};
const hours: Field = { ...minutes, name: 'hours', most: 23, help: '0-23' };
const dayOfMonth: Field = {
  ...minutes,
  name: 'day of month',
  least: 1,
  most: 31,
  alone: /^(?:\*|\?|L|(?:0?[1-9]|[12]\d|3[01])W)$/,
  help: '1-31, "?", "L" or a working day such as "3W"',
};
const month: Field = {
  ...minutes,
  name: 'month',
  least: 1,
  most: 12,
  names: months,
  help: '1-12 or JAN-DEC',
};
const dayOfWeek: Field = {
  ...month,
  name: 'day of week',
  most: 7,
  names: days,
  alone: /^(?:\*|\?|L|(?:[1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(?:L|#[1-5]))$/,
  help: '1-7 or SUN-SAT, "?", "L", "6L" or "3#2", without steps',
  takesSteps: false,
  wraps: true,
};
const year: Field = { ...minutes, name: 'year', least: 1970, most: 2199, help: '1970-2199' };

const fields = [minutes, hours, dayOfMonth, month, dayOfWeek, year] as const;

/**
 * Why EventBridge Scheduler would refuse `cron(text)`, as the end of a sentence that names every field that is wrong; undefined
 * when it would not. No name in another case is taken, and no range that runs backwards but one of days of the week. Whether such a
 * time ever comes (the 30th of February) is not looked at.
 */
export function cronProblem(text: string): string | undefined {
  const parts = text.split(' ');
  if (parts.length !== fields.length || parts.includes('')) {
    return `it has to have six fields with one space between them: ${fields.map(({ name }) => name).join(', ')}`;
  }
  const problems = fields.flatMap((field, i) => {
    const part = parts[i] ?? '';
    return isFieldText(field, part) ? [] : [`"${part}" is nothing for ${field.name} (${field.help})`];
  });
  if ((parts[2] === '?') === (parts[4] === '?')) {
    problems.push(`of ${dayOfMonth.name} and ${dayOfWeek.name} exactly one has to be "?"`);
  }
  return problems.length === 0 ? undefined : problems.join(', and ');
}

const isFieldText = (field: Field, text: string): boolean =>
  field.alone.test(text) || text.split(',').every((entry, _, list) => isEntry(field, entry, list.length));

/** A value, a range, or steps from one of them or through all. */
function isEntry(field: Field, entry: string, entries: number): boolean {
  const [span = '', step, ...more] = entry.split('/');
  if (more.length > 0) return false;
  if (step === undefined) return isSpan(field, span);
  const isThroughAll = span === '*' && entries === 1;
  return field.takesSteps && isStep(field, step) && (isThroughAll || isSpan(field, span));
}

function isSpan(field: Field, span: string): boolean {
  const [first = '', last = first, ...more] = span.split('-');
  const from = numberFor(field, first);
  const to = numberFor(field, last);
  return more.length === 0 && from !== undefined && to !== undefined && (from <= to || field.wraps);
}

const isStep = ({ least, most }: Field, step: string): boolean =>
  /^\d{1,3}$/.test(step) && Number(step) >= 1 && Number(step) <= most - least;

function numberFor({ least, most, names = [] }: Field, text: string): number | undefined {
  const place = names.indexOf(text);
  if (place >= 0) return least + place;
  if (!/^\d{1,4}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? value : undefined;
}
