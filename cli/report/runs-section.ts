import { outcomeKinds } from '#sweep/outcome.ts';
import { type Html, html } from '../html.ts';
import { countOf, countText, lengthText } from '../number-text.ts';
import { countColumn } from './count-column.ts';
import { type DataColumn, dataTable } from './data-table.ts';
import { timeTag } from './date-words.ts';
import { mostRuns, type PresentState, type ReportedRun, type RunFigures } from './report-figures.ts';
import { endWords, outcomeWords, triggerWords } from './report-words.ts';

/** The runs themselves. */
export function runsSection(runs: RunFigures, { openRun }: PresentState): Html {
  const bound =
    runs.total > mostRuns
      ? html` <strong>The table has the newest ${countText(mostRuns)} of them.</strong>`
      : undefined;
  return html`<section id="runs" aria-labelledby="runs-heading">
<h2 id="runs-heading">Runs</h2>
<p>${countOf(runs.total, 'run')} began in this time and ended, with ${countOf(runs.apiCalls, 'call')} to Intercom${
    runs.rateLimited === 0
      ? ''
      : `, ${countText(runs.rateLimited)} of which Intercom answered by asking to wait`
  }.${bound}${
    openRun === undefined
      ? undefined
      : html` One more began on ${timeTag(openRun.startedAt)} and has not ended (<code class="long">${openRun.runId}</code>).`
  }</p>
<p>The figures are those that each run counted itself when it ended. What Intercom's list later explains (an answer that was lost) changes the figures above, and not these.</p>
${runs.total === 0 ? undefined : runsTable(runs.newest)}
</section>`;
}

const runsTable = (runs: readonly ReportedRun[]): Html =>
  dataTable({
    id: 'runs-table',
    caption: 'Runs, newest first',
    tools: 'sort_and_filter',
    kindName: 'end',
    kindOf: ({ stopReason }) => endWords[stopReason],
    columns: [
      { name: 'Began', cell: ({ startedAt }) => timeTag(startedAt), sortBy: ({ startedAt }) => startedAt },
      { name: 'Set off by', cell: ({ trigger }) => triggerWords[trigger] },
      { name: 'End', cell: ({ stopReason }) => endWords[stopReason] },
      {
        name: 'Took',
        align: 'number',
        cell: (run) => lengthText(tookMs(run)),
        sortBy: tookMs,
      },
      countColumn<ReportedRun>('To delete', ({ intended }) => intended),
      ...outcomeKinds.map(
        (kind): DataColumn<ReportedRun> => countColumn(outcomeWords[kind], ({ counts }) => counts[kind]),
      ),
      { name: 'Run', cell: ({ runId }) => html`<code class="long">${runId}</code>` },
    ],
    rows: runs,
  });

const tookMs = ({ startedAt, finishedAt }: ReportedRun): number => finishedAt - startedAt;
