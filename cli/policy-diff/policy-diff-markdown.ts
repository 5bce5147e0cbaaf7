import type { SampledClass } from '#sweep/comparison-tally.ts';
import { countText } from '../number-text.ts';
import { shortHash } from '../plan-text.ts';
import { printable } from '../printable.ts';
import { diffNotes } from './diff-notes.ts';
import { diffWarnings } from './diff-warnings.ts';
import { headline } from './headline.ts';
import { judgedText } from './judged-text.ts';
import { noChangesText } from './no-changes-text.ts';
import { countsByRule, type PolicyDiff, totals } from './policy-diff.ts';
import { countCell, sampleTitles } from './policy-diff-text.ts';
import { sampleCells, sampleColumns } from './sample-cells.ts';
import { undecidedText } from './undecided-text.ts';

/** A comment on a pull request holds 65,536 characters. */
const mostCharacters = 60_000;
/** Of each table but the samples. With these two, everything but the samples stays far below. */
const mostRows = 20;
const mostCellCharacters = 200;

/**
 * A comparison as a comment on a pull request: never longer than one may be, whatever the policies hold. Samples are left out
 * first, and then are told of as left out.
 */
export function policyDiffMarkdown(diff: PolicyDiff): string {
  const warnings = bounded(
    diffWarnings(diff).map((warning) => `> - ${proseOf(warning)}`),
    '>',
  );
  const head = [
    `## ${headline(diff)}`,
    warnings.length === 0 ? '' : ['> [!WARNING]', ...warnings].join('\n'),
    rulesTable(diff),
    transitionsTable(diff),
    undecidedList(diff),
    changesTable(diff),
  ];
  const foot = [
    `From ${code(diff.old.path)} (${code(shortHash(diff.old.hash))}) to ${code(diff.new.path)} (${code(shortHash(diff.new.hash))}).`,
    ...diffNotes(diff).map(escaped),
  ].join('\n');
  const fixed = [...head, foot].join('\n\n').length;
  const classes = (['newly_caught', 'newly_spared', 'changed'] as const).filter(
    (found) => diff.counts.classes[found] > 0,
  );
  const room = (mostCharacters - fixed) / Math.max(1, classes.length);
  const samples = classes.map((found) => samplesBlock(diff, found, room));
  return `${[...head, ...samples, foot].filter((part) => part !== '').join('\n\n')}\n`;
}

function rulesTable(diff: PolicyDiff): string {
  const { before, after } = totals(diff);
  const rows = countsByRule(diff).map((rule) =>
    row([code(rule.ruleId), countCell(rule.before), countCell(rule.after)]),
  );
  return [
    '| Would be deleted by | now | after the change |',
    '|---|--:|--:|',
    ...bounded(rows),
    row(['**all rules**', `**${countText(before.deleted)}**`, `**${countText(after.deleted)}**`]),
    ...(before.undecided + after.undecided === 0
      ? []
      : [row(['cannot be decided', countText(before.undecided), countText(after.undecided)])]),
  ].join('\n');
}

function transitionsTable({ counts }: PolicyDiff): string {
  const rows = counts.transitions
    .filter(({ before, after }) => judgedText(before) !== judgedText(after))
    .map(({ before, after, count }) =>
      row([proseOf(judgedText(before)), proseOf(judgedText(after)), countText(count)]),
    );
  if (rows.length === 0) return '';
  return [
    '| Now | After the change | Conversations |',
    '|---|---|--:|',
    ...bounded(rows),
    row(['deleted in the same way', '', countText(counts.classes.unchanged)]),
  ].join('\n');
}

function undecidedList({ counts }: PolicyDiff): string {
  const { conversations, byRule } = counts.undecided;
  if (conversations === 0) return '';
  return [
    `**${countText(conversations)} cannot be decided from the plan:**`,
    '',
    ...bounded(byRule.map((each) => `- ${proseOf(undecidedText(each))}`)),
  ].join('\n');
}

function changesTable(diff: PolicyDiff): string {
  const { changes } = diff;
  if (changes.length === 0) return noChangesText(diff);
  const rows = changes.map(({ path, before, after }) =>
    row([code(path), before === undefined ? '–' : code(before), after === undefined ? '–' : code(after)]),
  );
  return ['| Changed | now | after the change |', '|---|---|---|', ...bounded(rows)].join('\n');
}

/** As many samples as there is room for. */
function samplesBlock({ counts, names }: PolicyDiff, found: SampledClass, room: number): string {
  const header = [row(sampleColumns), row(sampleColumns.map(() => '---'))];
  let left = room - header.join('\n').length - mostCellCharacters; // the rest is for the lines around the table
  const rows: string[] = [];
  for (const sample of counts.samples[found]) {
    const line = row(sampleCells(sample, names).map(proseOf));
    left -= line.length + 1;
    if (left < 0) break;
    rows.push(line);
  }
  if (rows.length === 0) return '';
  const title = `${sampleTitles[found]}: ${countText(rows.length)} of ${countText(counts.classes[found])}`;
  return ['<details>', `<summary>${title}</summary>`, '', ...header, ...rows, '', '</details>'].join('\n');
}

/** The first rows, and how many more there are. */
function bounded(rows: readonly string[], indent = ''): readonly string[] {
  if (rows.length <= mostRows) return rows;
  const more = `… and ${countText(rows.length - mostRows)} more`;
  const line = rows[0]?.startsWith('|') === true ? row([more]) : `${indent} - ${more}`.trim();
  return [...rows.slice(0, mostRows), line];
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** Text from a policy or a workspace, not too long. */
const proseOf = (text: string): string => escaped(cut(text));

/** Not taken for markup, and no mention of anybody: a zero-width space stands behind each `@`. */
const escaped = (text: string): string => text.replace(/[\\`*[\]<>#|~&]/g, '\\$&').replaceAll('@', '@\u200b');

/** A `|` ends a cell even inside of code. */
const code = (text: string): string => `\`${cut(text).replaceAll('`', "'").replaceAll('|', '\\|')}\``;

function cut(text: string): string {
  const line = printable(text.replace(/\s+/g, ' '));
  return line.length <= mostCellCharacters ? line : `${line.slice(0, mostCellCharacters - 1)}…`;
}
