import type { Instant } from '#policy/instant.ts';
import type { PlannedDeletion } from '#sweep/outcome.ts';
import type { PlanRecord } from '#sweep/run-record.ts';
import { type Html, html } from '../html.ts';
import { dataTable } from './data-table.ts';
import { timeTag } from './date-words.ts';

/** A few conversations to look up in Intercom before anybody decides. */
export const planSampleSection = (
  { status }: PlanRecord,
  sample: readonly PlannedDeletion[],
): Html | undefined =>
  sample.length === 0
    ? undefined
    : html`<section id="sample" aria-labelledby="sample-heading">
<h2 id="sample-heading">A sample to look up</h2>
<p>Of each rule up to three conversations, those with the latest activity: if a rule takes too much, it shows there first. ${
        status === 'applied'
          ? html`What became of one: <code>retention status</code> with its number.`
          : 'Look them up in Intercom by their number.'
      } The whole list: <code>retention plan show</code> with <code>--format csv</code>.</p>
${dataTable({
  id: 'sample-table',
  caption: 'Sample of the conversations to delete',
  tools: 'sort_and_filter',
  kindName: 'rule',
  kindOf: ({ ruleId }) => ruleId,
  columns: [
    { name: 'Conversation', cell: ({ conversationId }) => html`<code>${conversationId}</code>` },
    { name: 'Rule', cell: ({ ruleId }) => html`<code>${ruleId}</code>` },
    { name: 'State', cell: ({ facts }) => facts.state ?? 'unknown' },
    {
      name: 'Begun',
      cell: ({ facts }) => known(facts.createdAt),
      sortBy: ({ facts }) => facts.createdAt ?? 0,
    },
    {
      name: 'Last activity',
      cell: ({ facts }) => known(facts.updatedAt),
      sortBy: ({ facts }) => facts.updatedAt ?? 0,
    },
    { name: 'Metrics', cell: ({ retainMetrics }) => (retainMetrics ? 'kept' : 'removed') },
  ],
  rows: sample,
})}
</section>`;

const known = (at: Instant | undefined): Html | string => (at === undefined ? 'unknown' : timeTag(at));
