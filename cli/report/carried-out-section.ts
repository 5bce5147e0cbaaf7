import type { Approval, PlanRecord, RunRecord } from '#sweep/run-record.ts';
import { type Html, html } from '../html.ts';
import { countOf, countText } from '../number-text.ts';
import { approvedBy } from './approved-by.ts';
import { timeTag } from './date-words.ts';
import { endWords, outcomeWords } from './report-words.ts';

type CarriedOut = Pick<
  RunRecord,
  'runId' | 'startedAt' | 'finishedAt' | 'stopReason' | 'intended' | 'counts'
>;

/**
 * What became of a plan that a run has begun to carry out.
 * @param run undefined when nothing but its id is known
 */
export function carriedOutSection(
  plan: PlanRecord,
  run: CarriedOut | undefined,
  approval: Approval | undefined,
): Html {
  return html`<section id="gate" aria-labelledby="gate-heading">
<h2 id="gate-heading">What became of it</h2>
<div class="${run === undefined || isWhole(plan, run) ? 'notice calm' : 'notice'}">${
    run === undefined
      ? html`<p><strong>A run began to carry it out</strong>${
          plan.appliedBy && html`: <code class="long">${plan.appliedBy}</code>`
        }. How far it came is not known here.</p>`
      : carriedOutBy(plan, run)
  }${approvedBy(approval)}</div>
<p>${run !== undefined && run.finishedAt === undefined ? 'The next run goes on with it.' : 'It cannot be carried out again.'} A report, or <code>retention audit query --run</code> with the id of the run, says what came of each conversation.</p>
</section>`;
}

/** Every conversation of the plan has had its turn. */
const isWhole = ({ candidates }: PlanRecord, { stopReason, intended }: CarriedOut): boolean =>
  stopReason === 'done' && intended === candidates;

function carriedOutBy(plan: PlanRecord, run: CarriedOut): Html {
  const { runId, startedAt, finishedAt, intended, counts } = run;
  const id = html`<code class="long">${runId}</code>`;
  const limited =
    intended === plan.candidates
      ? ''
      : ` The limits of the policy let it try ${countText(intended)} of the ${countText(plan.candidates)}.`;
  const { deleted, not_found: gone, unresolved, failed, kept } = counts;
  const tried = deleted + gone + unresolved + failed + kept;
  const others = [
    { name: outcomeWords.not_found, count: gone },
    { name: outcomeWords.unresolved, count: unresolved },
    { name: outcomeWords.failed, count: failed },
    { name: outcomeWords.kept, count: kept },
    { name: 'Not tried', count: Math.max(0, intended - tried) },
  ].filter(({ count }) => count > 0);
  const extent = tried === 0 ? 'A run began to carry it out' : 'A part of it has been carried out';
  return html`<p><strong>${isWhole(plan, run) ? 'It has been carried out' : extent}</strong>${
    finishedAt === undefined
      ? html`: the run ${id} began on ${timeTag(startedAt)} and has not ended${stoppedWords(run)}.`
      : html` on ${timeTag(finishedAt)}, by the run ${id}${stoppedWords(run)}.`
  }${limited}</p>
<p>${countOf(deleted, 'conversation was', 'conversations were')} deleted${
    others.length === 0
      ? ''
      : `. ${others.map(({ name, count }) => `${name}: ${countText(count)}`).join('. ')}`
  }.${finishedAt === undefined ? '' : " So the run counted when it ended; what Intercom's list said later is not in it."}</p>`;
}

const stoppedWords = ({ stopReason }: CarriedOut): string =>
  stopReason === undefined || stopReason === 'done' ? '' : ` (${endWords[stopReason]})`;
