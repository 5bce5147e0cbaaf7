import type { NamedPolicy } from '#policy/policy.ts';
import { outcomeKinds } from '#sweep/outcome.ts';
import { noOutcomes } from '#sweep/run-counts.ts';
import type { OutcomeCounts } from '#sweep/run-record.ts';
import { type Html, html } from '../html.ts';
import { countOf, countText } from '../number-text.ts';
import { countColumn } from './count-column.ts';
import { type DataColumn, dataTable } from './data-table.ts';
import { timeTag } from './date-words.ts';
import type { OutcomeFigures, PolicyUse } from './report-figures.ts';
import { keptWord, outcomeWords } from './report-words.ts';
import { ruleColumn } from './rule-cell.ts';

interface RuleRow {
  readonly id: string;
  readonly counts: OutcomeCounts;
}

/** Each rule with its grounds and what came of it, and under which versions of the policy. */
export function rulesSection(outcomes: OutcomeFigures, policy: NamedPolicy): Html {
  const { byRule, byOutcome } = outcomes;
  const ids = new Set<string>([...policy.rules.map(({ id }) => id), ...byRule.keys()]);
  const rows = [...ids]
    .map((id): RuleRow => ({ id, counts: byRule.get(id) ?? noOutcomes }))
    .toSorted((a, b) => b.counts.deleted - a.counts.deleted);
  return html`<section id="rules" aria-labelledby="rules-heading">
<h2 id="rules-heading">By which rule, and on what grounds</h2>
<p>Every attempt to delete a conversation leaves one record; a conversation that several runs tried has one of each. ${countOf(outcomes.records, 'record')} in this time.</p>
${dataTable({
  id: 'rules-table',
  caption: 'What came of each rule',
  tools: 'sort',
  columns: [
    ruleColumn<RuleRow>(policy, ({ id }) => id),
    ...outcomeKinds.map(
      (kind): DataColumn<RuleRow> => countColumn(outcomeWords[kind], ({ counts }) => counts[kind]),
    ),
  ],
  rows,
  total: ['All', ...outcomeKinds.map((kind) => countText(byOutcome[kind]))],
})}
${reasonTable('spared-table', 'Why conversations were spared at the last moment', outcomes.keptByReason, keptWord)}
${reasonTable('failed-table', "Why deletions failed, by Intercom's own code", outcomes.failedByReason, (code) => code)}
${policiesTable(outcomes)}
</section>`;
}

const reasonTable = (
  id: string,
  caption: string,
  reasons: ReadonlyMap<string, number>,
  words: (reason: string) => string,
): Html | undefined =>
  reasons.size === 0
    ? undefined
    : dataTable({
        id,
        caption,
        columns: [
          { name: 'Reason', cell: ([reason]) => words(reason) },
          countColumn<[string, number]>('Conversations', ([, count]) => count),
        ],
        rows: [...reasons].toSorted((a, b) => b[1] - a[1]),
      });

type PolicyEntry = readonly [string, PolicyUse];

const policiesTable = ({ policies }: OutcomeFigures): Html | undefined =>
  policies.size === 0
    ? undefined
    : html`<p>The <a href="#words">policy</a> is known by its fingerprint, which changes with every change of its meaning.</p>
${dataTable({
  id: 'policies-table',
  caption: 'Versions of the policy under which there are records',
  columns: [
    { name: 'Fingerprint (SHA-256)', cell: ([hash]) => html`<code class="long">${hash}</code>` },
    { name: 'First record', cell: ([, { firstAt }]) => timeTag(firstAt) },
    { name: 'Last record', cell: ([, { lastAt }]) => timeTag(lastAt) },
    countColumn<PolicyEntry>('Records', ([, { records }]) => records),
    countColumn<PolicyEntry>('Deleted', ([, { deleted }]) => deleted),
  ],
  rows: [...policies],
})}`;
