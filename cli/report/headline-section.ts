import { instantFromIso } from '#policy/instant.ts';
import { type Html, html } from '../html.ts';
import { countOf, countText } from '../number-text.ts';
import type { Attention } from './attention.ts';
import { clockTag, dayTag } from './date-words.ts';
import { figureCard, figureCards } from './figure-cards.ts';
import type { ReportFigures } from './report-figures.ts';
import { dueCount, type SealFigures } from './seal-figures.ts';
import { shareWords } from './share-words.ts';

/** The figures that stand first, and what a person should look into. */
export function headlineSection(figures: ReportFigures, attention: readonly Attention[]): Html {
  const { outcomes, runs, now, seals } = figures;
  const { deleted, not_found, unresolved, failed, kept } = outcomes.byOutcome;
  const { askedToKeep, askedToRemove } = outcomes.metrics;
  const asAsked = askedToKeep.kept + askedToRemove.removed;
  return html`<section id="headline" aria-labelledby="headline-heading">
<h2 id="headline-heading">In short</h2>
${figureCards([
  figureCard('deleted', 'Deleted', deleted, 'conversations, on the word of Intercom'),
  figureCard(
    'confirmed',
    'Confirmed',
    asAsked,
    `of them in Intercom's own list, with the metrics as asked (${shareWords(asAsked, deleted)})`,
  ),
  figureCard('kept', 'Spared', kept, 'at the last moment: held, changed, protected, or over a limit'),
  figureCard(
    'not_found',
    'Already gone',
    not_found,
    'when their turn came: Intercom did not know them any more',
  ),
  figureCard('failed', 'Failed', failed, 'deletions that Intercom refused'),
  figureCard('unresolved', 'Answer lost', unresolved, "deletions of which Intercom's list must still tell"),
  figureCard('runs', 'Runs', runs.total, `${countText(runs.byEnd.get('refused') ?? 0)} of them refused`),
  figureCard('holds', 'Legal holds', now.holds.length, 'in force when this report was made'),
  figureCard('sealed', 'Days sealed', seals.sealed.length, sealNote(seals)),
])}
${attentionBox(attention)}
</section>`;
}

function sealNote(seals: SealFigures): Html {
  const due = dueCount(seals);
  const [partly, ...others] = seals.partlySealed;
  return html`${due === 0 ? 'none is due yet' : `of ${countOf(due, 'day')} that ${due === 1 ? 'is' : 'are'} due`}${
    partly && html`; ${dayTag(instantFromIso(partly.day))} only up to ${clockTag(partly.until)}`
  }${others.length === 0 ? '' : `, and ${countText(others.length)} more in part`}`;
}

const attentionBox = (attention: readonly Attention[]): Html =>
  attention.length === 0
    ? html`<p class="notice calm"><strong>Nothing in this report asks for a person's attention.</strong></p>`
    : html`<div class="notice"><h3>To look into</h3><ul>${attention.map(
        ({ section, says }) => html`<li><a href="#${section}">${says}</a></li>`,
      )}</ul></div>`;
