import type { Act } from '#sweep/run-record.ts';
import { type Html, html } from '../html.ts';
import { countOf, countText } from '../number-text.ts';
import { dataTable } from './data-table.ts';
import { timeTag } from './date-words.ts';
import { type ActFigures, mostActs, type ReportedAct } from './report-figures.ts';
import { actNames, actWords } from './report-words.ts';

/** What people decided: approvals, holds, the switch, erasures. */
export function actsSection({ total, byKind, newest }: ActFigures): Html {
  const counted = [...byKind].map(([kind, count]) => `${actNames[kind]}: ${countText(count)}`).join('. ');
  return html`<section id="acts" aria-labelledby="acts-heading">
<h2 id="acts-heading">What people decided</h2>
<p>${
    total === 0
      ? 'Nobody approved, held, switched or erased anything in this time.'
      : `${countOf(total, 'decision')} in this time. ${counted}.`
  }${total > mostActs ? ` The newest ${mostActs}:` : ''}</p>
${
  total === 0
    ? undefined
    : dataTable({
        id: 'acts-table',
        caption: 'Decisions, newest first',
        tools: 'sort_and_filter',
        kindName: 'decision',
        kindOf: ({ kind }) => actNames[kind],
        columns: [
          { name: 'When', cell: ({ at }: ReportedAct) => timeTag(at), sortBy: ({ at }: ReportedAct) => at },
          { name: 'Who', cell: ({ by }) => by },
          { name: 'Did what', align: 'prose', cell: ({ kind }) => actWords[kind] },
          {
            name: 'To what',
            cell: ({ subject }: Pick<Act, 'subject'>) => html`<code class="long">${subject}</code>`,
          },
        ],
        rows: newest,
      })
}
</section>`;
}
