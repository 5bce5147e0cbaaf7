import type { Hold } from '#sweep/hold.ts';
import { type Html, html } from '../html.ts';
import { countOf } from '../number-text.ts';
import { dataTable } from './data-table.ts';
import { timeTag } from './date-words.ts';
import type { OutcomeFigures, PresentState } from './report-figures.ts';
import { holdTargetWords } from './report-words.ts';

/** So that a page stays readable; the number of all is told. */
const mostHolds = 200;

/** The legal holds that are in force, and what they spared. */
export function holdsSection({ holds, at }: PresentState, { keptByReason }: OutcomeFigures): Html {
  const spared = keptByReason.get('held') ?? 0;
  const newest = holds.toSorted((a, b) => b.placedAt - a.placedAt);
  return html`<section id="holds" aria-labelledby="holds-heading">
<h2 id="holds-heading">Legal holds</h2>
<p>A legal hold keeps what it names, whatever any rule says. ${countOf(holds.length, 'hold')} in force on ${timeTag(at)}, when this report was made. In the time of this report, holds spared ${countOf(spared, 'conversation')} that had been planned for deletion; others were never planned.${
    holds.length > mostHolds ? ` The newest ${mostHolds}:` : ''
  }</p>
${
  holds.length === 0
    ? undefined
    : dataTable({
        id: 'holds-table',
        caption: 'Legal holds in force',
        tools: 'sort',
        columns: [
          { name: 'Matter', cell: ({ matter }: Hold) => matter },
          { name: 'Keeps', cell: ({ target }: Hold) => holdTargetWords[target] },
          { name: "Intercom's id", cell: ({ targetId }: Hold) => html`<code>${targetId}</code>` },
          { name: 'Answers for it', cell: ({ owner }: Hold) => owner },
          {
            name: 'In force since',
            cell: ({ placedAt }: Hold) => timeTag(placedAt),
            sortBy: ({ placedAt }: Hold) => placedAt,
          },
        ],
        rows: newest.slice(0, mostHolds),
      })
}
</section>`;
}
