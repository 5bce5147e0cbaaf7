import type { ConversationId } from '#policy/ids.ts';
import { type ReconcileClass, type Reconciliation, reconcileClasses } from '#sweep/reconcile-record.ts';
import { type Html, html } from '../html.ts';
import { countOf, countText } from '../number-text.ts';
import { countColumn } from './count-column.ts';
import { dataTable } from './data-table.ts';
import { timeTag } from './date-words.ts';
import type { ReconciliationFigures } from './report-figures.ts';
import { classWords } from './report-words.ts';

/** What Intercom's own list of deleted conversations says, held against our records. */
export function reconciliationSection({ total, change, newest }: ReconciliationFigures): Html {
  return html`<section id="reconciliation" aria-labelledby="reconciliation-heading">
<h2 id="reconciliation-heading">Compared with Intercom's own list</h2>
<p>Intercom keeps a list of every deleted conversation, whoever deleted it. A comparison holds that list against the records of this program. ${
    newest === undefined
      ? html`<strong>No comparison has been made yet</strong>, so nothing in this report is confirmed by Intercom.`
      : html`In this time there were ${countOf(total, 'comparison')}; the last one ended on ${timeTag(newest.finishedAt)}${listText(newest)}.`
  }</p>
${
  newest === undefined
    ? undefined
    : html`${dataTable({
        id: 'reconciliation-table',
        caption: 'What the comparison found, in the whole workspace',
        columns: [
          { name: 'Finding', cell: (each) => html`<b>${classWords[each].name}</b>` },
          { name: 'What it means', align: 'prose', cell: (each) => classWords[each].means },
          countColumn<ReconcileClass>('All so far', (each) => newest.counts[each]),
          countColumn<ReconcileClass>('Change in this time', (each) => change[each]),
        ],
        rows: reconcileClasses,
      })}${examples('metrics not as asked', newest.examples.flag_mismatch)}${examples(
        'deleted by others',
        newest.examples.deleted_elsewhere,
      )}`
}
</section>`;
}

function listText({ listReadAt, listTotal }: Reconciliation): Html | string {
  if (listReadAt === undefined) return ', before the list was read to its end';
  const entries = listTotal === undefined ? '' : `, which then had ${countOf(listTotal, 'entry', 'entries')}`;
  return html` and had read the list as of ${timeTag(listReadAt)}${entries}`;
}

const examples = (what: string, ids: readonly ConversationId[]): Html | undefined =>
  ids.length === 0
    ? undefined
    : html`<details><summary>Conversations that the last comparison found ${what} (${countText(ids.length)}, twenty at most)</summary>
<ul class="ids">${ids.map((id) => html`<li><code>${id}</code></li>`)}</ul></details>`;
