import { type Html, html } from '../html.ts';
import { countOf } from '../number-text.ts';
import { countColumn } from './count-column.ts';
import { dataTable } from './data-table.ts';
import { timeTag } from './date-words.ts';
import type { OutcomeFigures, RefusalUse, RunFigures } from './report-figures.ts';
import { refusalWords } from './report-words.ts';

/** Where the policy or a person held deletion back. */
export function refusalsSection(runs: RunFigures, outcomes: OutcomeFigures): Html {
  const refused = runs.byEnd.get('refused') ?? 0;
  const failures = runs.byEnd.get('failures') ?? 0;
  const paused = runs.byEnd.get('paused') ?? 0;
  const overLimit = outcomes.keptByReason.get('over_limit') ?? 0;
  const held = [
    `${countOf(refused, 'run was', 'runs were')} refused: the checks before deleting did not let it go on.`,
    `${countOf(failures, 'run')} stopped because too many deletions failed.`,
    `${countOf(paused, 'run')} stopped because deletion was switched off.`,
    `${countOf(overLimit, 'conversation was', 'conversations were')} left for later by a limit.`,
  ];
  return html`<section id="refusals" aria-labelledby="refusals-heading">
<h2 id="refusals-heading">Refusals, and limits that were hit</h2>
<p>Before anything is deleted, a check asks: does the policy allow deleting at all, has somebody approved it, is it within the limits, can the legal holds be read? One no is enough, and nothing is deleted.</p>
<ul>${held.map((sentence) => html`<li>${sentence}</li>`)}</ul>
${
  runs.refusals.size === 0
    ? undefined
    : dataTable({
        id: 'refusals-table',
        caption: 'Why runs were refused; one run can have several reasons',
        columns: [
          { name: 'Reason', align: 'prose', cell: ([code]) => refusalWords[code] },
          { name: 'Setting', cell: ([, { setting }]) => html`<code>${setting}</code>` },
          countColumn<readonly [string, RefusalUse]>('Runs', ([, use]) => use.runs),
          { name: 'Last run', cell: ([, { lastAt }]) => timeTag(lastAt) },
        ],
        rows: [...runs.refusals].toSorted((a, b) => b[1].runs - a[1].runs),
      })
}
</section>`;
}
