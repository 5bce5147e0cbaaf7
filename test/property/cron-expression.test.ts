import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cronProblem } from '#infra/cron-expression.ts';

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface Values {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
  readonly hasSteps: boolean;
  readonly wraps?: boolean;
}

/** Fields as the user guide of EventBridge Scheduler lists them: values, ranges, steps and lists of them. */
function listed({ least, most, names, hasSteps, wraps = false }: Values): fc.Arbitrary<string> {
  const number = fc.integer({ min: least, max: most });
  const written = (value: number) =>
    names === undefined
      ? fc.constantFrom(String(value), String(value).padStart(2, '0'))
      : fc.constantFrom(String(value), names[value - least]!);
  const one = number.chain(written);
  const range = fc
    .tuple(number, number)
    .map((ends) => (wraps ? ends : ends.toSorted((a, b) => a - b)))
    .chain(([from, to]) => fc.tuple(written(from!), written(to!)))
    .map((ends) => ends.join('-'));
  const step = fc.integer({ min: 1, max: most - least });
  const steps = fc.tuple(fc.oneof(one, range), step).map((parts) => parts.join('/'));
  const entry = hasSteps ? fc.oneof(one, range, steps) : fc.oneof(one, range);
  const list = fc.array(entry, { minLength: 1, maxLength: 4 }).map((entries) => entries.join(','));
  return hasSteps
    ? fc.oneof(
        fc.constant('*'),
        step.map((by) => `*/${by}`),
        list,
      )
    : fc.oneof(fc.constant('*'), list);
}

const minutes = listed({ least: 0, most: 59, hasSteps: true });
const hours = listed({ least: 0, most: 23, hasSteps: true });
const months = listed({ least: 1, most: 12, names: monthNames, hasSteps: true });
const years = listed({ least: 1970, most: 2199, hasSteps: true });
const weekday = fc.constantFrom('1', '2', '3', '4', '5', '6', '7', ...dayNames);
const daysOfMonth = fc.oneof(
  listed({ least: 1, most: 31, hasSteps: true }),
  fc.constant('L'),
  fc.integer({ min: 1, max: 31 }).map((day) => `${day}W`),
);
const daysOfWeek = fc.oneof(
  listed({ least: 1, most: 7, names: dayNames, hasSteps: false, wraps: true }),
  fc.constant('L'),
  weekday.map((day) => `${day}L`),
  fc.tuple(weekday, fc.constantFrom('1', '2', '3', '4', '5')).map((parts) => parts.join('#')),
);
const question = fc.constant('?');
const expression = fc.oneof(
  fc.tuple(minutes, hours, daysOfMonth, months, question, years),
  fc.tuple(minutes, hours, question, months, daysOfWeek, years),
);

/** What no field takes, and by field what this one does not. */
const broken = [
  'x',
  '-1',
  '1-',
  '-',
  ',',
  '1,,2',
  '1/0',
  '/2',
  '1/2/3',
  '*,1',
  '*/2,1',
  '1-2-3',
  '*-5',
  '1.5',
  'jan',
  'Mon',
  'LW',
];
const brokenBy = [
  { name: 'minutes', texts: ['5-4', '60', '0-60', '?', 'L', '*/60', '3W', 'MON'] },
  { name: 'hours', texts: ['5-4', '24', '5,24', '?', '*/24', '3#2'] },
  { name: 'day of month', texts: ['5-4', '0', '32', '0W', '32W', '1W,2W', 'L,3', '3#2', 'SUN', '?,1'] },
  { name: 'month', texts: ['5-4', '0', '13', 'MON', 'DEC-JAN', '?', 'L'] },
  {
    name: 'day of week',
    texts: ['0', '8', 'JAN', '3W', '8L', '3#6', '3#1,6#3', '2/2', '*/2', 'MON#6', 'FRIW'],
  },
  { name: 'year', texts: ['2005-2004', '1969', '2200', '26', '?', '02026'] },
];
const damage = fc
  .nat({ max: brokenBy.length - 1 })
  .chain((at) =>
    fc
      .constantFrom(...broken, ...brokenBy[at]!.texts)
      .map((text) => ({ at, name: brokenBy[at]!.name, text })),
  );

describe('cronProblem', () => {
  it('finds none in what EventBridge Scheduler documents', () => {
    fc.assert(
      fc.property(expression, (fields) => {
        expect(cronProblem(fields.join(' '))).toBeUndefined();
      }),
    );
  });

  it('names the one field that is broken, what stands there, and no other', () => {
    fc.assert(
      fc.property(expression, damage, (fields, { at, name, text }) => {
        const problem = cronProblem(fields.with(at, text).join(' ')) ?? '';
        expect(problem).toContain(`"${text}" is nothing for ${name} (`);
        expect(problem.match(/ is nothing for /g)).toHaveLength(1);
      }),
    );
  });

  it('wants "?" in exactly one of the two fields for days', () => {
    fc.assert(
      fc.property(expression, daysOfMonth, daysOfWeek, (fields, dayOfMonth, dayOfWeek) => {
        const sentence = 'of day of month and day of week exactly one has to be "?"';
        expect(cronProblem(fields.with(2, dayOfMonth).with(4, dayOfWeek).join(' '))).toBe(sentence);
        expect(cronProblem(fields.with(2, '?').with(4, '?').join(' '))).toBe(sentence);
      }),
    );
  });

  it('wants six fields with one space between them', () => {
    fc.assert(
      fc.property(expression, fc.nat({ max: 5 }), (fields, at) => {
        const texts = [
          fields.toSpliced(at, 1),
          fields.toSpliced(at, 0, ''),
          [...fields, '*'],
          [...fields, ''],
        ];
        for (const text of texts) expect(cronProblem(text.join(' '))).toMatch(/^it has to have six fields/);
      }),
    );
  });
});
