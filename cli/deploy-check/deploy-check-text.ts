import { countText } from '../number-text.ts';
import type { Output } from '../output.ts';
import { printable } from '../printable.ts';
import type { NamedCheck } from './all-checks.ts';
import type { Check } from './check.ts';

const words: Readonly<Record<Check['status'], string>> = {
  ok: 'ok',
  missing: 'missing',
  could_not_be_checked: 'could not be checked',
  not_checked: 'not checked',
};
const styles = {
  ok: 'green',
  missing: 'red',
  could_not_be_checked: 'yellow',
  not_checked: 'dim',
} as const satisfies Record<Check['status'], string>;

const widestWord = Math.max(...Object.values(words).map(({ length }) => length));

/** A line for each check, and how many there are of each kind. */
export function deployCheckText(output: Output, stack: string, checks: readonly NamedCheck[]): string {
  const widestName = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.map(({ name, status, message }) => {
    const word = output.style(styles[status], words[status].padEnd(widestWord));
    return `${word}  ${name.replaceAll('_', ' ').padEnd(widestName)}  ${printable(message)}`;
  });
  return [output.style('bold', stack), lines.join('\n'), `${tally(checks)}.`].join('\n\n');
}

/** `13 ok, 1 missing, 2 could not be checked` */
const tally = (checks: readonly NamedCheck[]): string =>
  (Object.keys(words) as Check['status'][]) // the statuses are the keys of the table
    .map((status) => ({ status, count: checks.filter((check) => check.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${countText(count)} ${words[status]}`)
    .join(', ');
