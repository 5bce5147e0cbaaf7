import { type Html, type HtmlValue, html } from '../html.ts';
import { countOf, countText } from '../number-text.ts';
import type { Attention } from './attention.ts';
import type { ReportFigures } from './report-figures.ts';
import { shareWords } from './share-words.ts';

/** The figures that stand first, and what a person should look into. */
export function headlineSection(figures: ReportFigures, attention: readonly Attention[]): Html {
  const { outcomes, runs, now, seals } = figures;
  const { deleted, not_found, unresolved, failed, kept } = outcomes.byOutcome;
  const { askedToKeep, askedToRemove } = outcomes.metrics;
  const asAsked = askedToKeep.kept + askedToRemove.removed;
  const due = seals.sealed.length + seals.unsealed.length;
  return html`<section id="headline" aria-labelledby="headline-heading">
<h2 id="headline-heading">In short</h2>
<dl class="figures">
${figure('deleted', 'Deleted', deleted, 'conversations, on the word of Intercom')}
${figure('confirmed', 'Confirmed', asAsked, `of them in Intercom's own list, with the metrics as asked (${shareWords(asAsked, deleted)})`)}
${figure('kept', 'Spared', kept, 'at the last moment: held, changed, protected, or over a limit')}
${figure('not_found', 'Already gone', not_found, 'when their turn came: somebody else had deleted them')}
${figure('failed', 'Failed', failed, 'deletions that Intercom refused')}
${figure('unresolved', 'Answer lost', unresolved, "deletions of which Intercom's list must still tell")}
${figure('runs', 'Runs', runs.total, `${countText(runs.byEnd.get('refused') ?? 0)} of them refused`)}
${figure('holds', 'Legal holds', now.holds.length, 'in force when this report was made')}
${figure('sealed', 'Days sealed', seals.sealed.length, `of ${countOf(due, 'day')} that ${due === 1 ? 'is' : 'are'} due`)}
</dl>
${attentionBox(attention)}
</section>`;
}

const figure = (name: string, term: string, count: number, note: HtmlValue): Html =>
  html`<div><dt>${term}</dt><dd><b data-figure="${name}">${countText(count)}</b> <span>${note}</span></dd></div>`;

const attentionBox = (attention: readonly Attention[]): Html =>
  attention.length === 0
    ? html`<p class="notice calm"><strong>Nothing in this report asks for a person's attention.</strong></p>`
    : html`<div class="notice"><h3>To look into</h3><ul>${attention.map(
        ({ section, says }) => html`<li><a href="#${section}">${says}</a></li>`,
      )}</ul></div>`;
