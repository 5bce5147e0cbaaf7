import type { SampledClass } from '#sweep/comparison-tally.ts';
import { countText } from '../number-text.ts';
import type { Output } from '../output.ts';
import { shortHash } from '../plan-text.ts';
import { printable } from '../printable.ts';
import { renderTable } from '../table.ts';
import { diffNotes } from './diff-notes.ts';
import { diffWarnings } from './diff-warnings.ts';
import { headline } from './headline.ts';
import { judgedText } from './judged-text.ts';
import { noChangesText } from './no-changes-text.ts';
import { countsByRule, type PolicyDiff, totals } from './policy-diff.ts';
import { sampleCells, sampleColumns } from './sample-cells.ts';
import { undecidedText } from './undecided-text.ts';

export const sampleTitles: Readonly<Record<SampledClass, string>> = {
  newly_caught: 'Newly caught',
  newly_spared: 'Newly spared',
  changed: 'Deleted by both, by another rule or with another retain_metrics',
};

/** A comparison for a person at a terminal. */
export function policyDiffText(output: Output, diff: PolicyDiff): string {
  const warnings = diffWarnings(diff).map(
    (warning) => `${output.style('yellow', 'Warning')}: ${printable(warning)}`,
  );
  const parts = [
    output.style('bold', `${headline(diff)}.`),
    `From ${diff.old.path} (${shortHash(diff.old.hash)}) to ${diff.new.path} (${shortHash(diff.new.hash)}).`,
    warnings.join('\n'),
    countsTable(diff),
    transitionsTable(diff),
    undecidedLines(diff),
    changesTable(diff),
    ...(['newly_caught', 'newly_spared', 'changed'] as const).map((found) => samplesTable(diff, found)),
    diffNotes(diff).map(printable).join('\n'),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

export const countCell = (count: number | undefined): string =>
  count === undefined ? '–' : countText(count);

function countsTable(diff: PolicyDiff): string {
  const { before, after } = totals(diff);
  const rows = countsByRule(diff).map((rule) => [rule.ruleId, countCell(rule.before), countCell(rule.after)]);
  return renderTable(
    [
      { name: 'would be deleted by' },
      { name: 'now', align: 'right' },
      { name: 'after the change', align: 'right' },
    ],
    [
      ...rows,
      ['all rules', countText(before.deleted), countText(after.deleted)],
      ...(before.undecided + after.undecided === 0
        ? []
        : [['cannot be decided', countText(before.undecided), countText(after.undecided)]]),
    ],
  );
}

function transitionsTable({ counts }: PolicyDiff): string {
  const { unchanged } = counts.classes;
  const rows = counts.transitions
    .filter(({ before, after }) => judgedText(before) !== judgedText(after))
    .map(({ before, after, count }) => [judgedText(before), judgedText(after), countText(count)]);
  if (rows.length === 0) return '';
  return renderTable(
    [{ name: 'now' }, { name: 'after the change' }, { name: 'conversations', align: 'right' }],
    [...rows, ['deleted in the same way', '', countText(unchanged)]],
  );
}

function undecidedLines({ counts }: PolicyDiff): string {
  const { conversations, byRule } = counts.undecided;
  if (conversations === 0) return '';
  return [
    `${countText(conversations)} cannot be decided from the plan:`,
    ...byRule.map((each) => `  ${printable(undecidedText(each))}`),
  ].join('\n');
}

function changesTable(diff: PolicyDiff): string {
  const { changes } = diff;
  if (changes.length === 0) return noChangesText(diff);
  return renderTable(
    [{ name: 'changed' }, { name: 'now' }, { name: 'after the change' }],
    changes.map(({ path, before, after }) => [path, printable(before ?? '–'), printable(after ?? '–')]),
  );
}

function samplesTable({ counts, names }: PolicyDiff, found: SampledClass): string {
  const samples = counts.samples[found];
  if (samples.length === 0) return '';
  const all = counts.classes[found];
  return `${sampleTitles[found]}, ${countText(samples.length)} of ${countText(all)}:\n${renderTable(
    sampleColumns.map((name) => ({ name })),
    samples.map((sample) => sampleCells(sample, names).map(printable)),
  )}`;
}
