import { instantFromIso } from '#policy/instant.ts';
import { type Html, html } from '../html.ts';
import { countOf, countText } from '../number-text.ts';
import { countColumn } from './count-column.ts';
import { dataTable } from './data-table.ts';
import { clockTag, dayTag } from './date-words.ts';
import { dueCount, type PartlySealedDay, type SealedDay, type SealFigures } from './seal-figures.ts';

/** Which days are sealed, and which are not. */
export function sealsSection(figures: SealFigures): Html {
  const { sealed, partlySealed, notDue, withoutRecords } = figures;
  const records = sealed.reduce((sum, { recordCount }) => sum + recordCount, 0);
  const late = sealed.reduce((sum, { lateCount }) => sum + lateCount, 0);
  return html`<section id="seals" aria-labelledby="seals-heading">
<h2 id="seals-heading">Seals</h2>
<p>When a day is over, its records can be sealed: a signature over all of them, by which anybody can later find out whether one was changed, removed or added. Each seal names the one before it, so that none can be left out unseen. This page lists the seals that a published key has signed, and checks no more of them; <code>retention audit verify</code> does.</p>
<ul>
<li>${countOf(sealed.length, 'day is', 'days are')} sealed, with ${countOf(records, 'record')}${
    late === 0 ? '' : `, ${countText(late)} of them late ones of earlier days`
  }.</li>
${partlySealed.map(partlySealedItem)}
<li>${dueWords(figures)}</li>
${notDue.length === 0 ? undefined : html`<li>Not over for a whole day yet, and not sealed: ${dayRanges(notDue)}.</li>`}
${
  withoutRecords.length === 0
    ? undefined
    : html`<li>Before the first record, so that there is nothing to seal: ${dayRanges(withoutRecords)}.</li>`
}
</ul>
${sealsTable([...sealed, ...partlySealed].toSorted((a, b) => (a.day < b.day ? -1 : 1)))}
</section>`;
}

const partlySealedItem = ({ day, until, recordCount, isDue }: PartlySealedDay): Html =>
  html`<li>${dayTag(instantFromIso(day))} is <strong>sealed only up to ${clockTag(until)}</strong>, with ${countOf(recordCount, 'record')}: it was sealed while it went on. What came after goes into the seal of the next day${
    isDue ? ', which should be there by now' : ''
  }.</li>
`;

function dueWords(figures: SealFigures): Html | string {
  const { unsealed, partlySealed } = figures;
  if (unsealed.length > 0) {
    return html`<strong>${countOf(unsealed.length, 'day is', 'days are')} not sealed:</strong> ${dayRanges(unsealed)}.`;
  }
  if (dueCount(figures) === 0) {
    return 'No day of this time is due for its seal yet: a day is due when it has been over for a day.';
  }
  return `No ${partlySealed.some(({ isDue }) => isDue) ? 'other day' : 'day'} that is due is without a seal.`;
}

const sealedSpan = ({ day, until }: SealedDay): Html =>
  html`${dayTag(instantFromIso(day))}${until && html`, up to ${clockTag(until)}`}`;

const sealsTable = (seals: readonly SealedDay[]): Html | undefined =>
  seals.length === 0
    ? undefined
    : html`<details><summary>${seals.length === 1 ? 'The seal' : `All ${countText(seals.length)} seals`}</summary>${dataTable(
        {
          id: 'seals-table',
          caption: 'Seals',
          columns: [
            { name: 'Day', cell: sealedSpan },
            countColumn<SealedDay>('Records', ({ recordCount }) => recordCount),
            countColumn<SealedDay>('Of them late', ({ lateCount }) => lateCount),
            { name: 'Signed with the key', cell: ({ keyId }) => html`<code class="long">${keyId}</code>` },
          ],
          rows: seals,
        },
      )}</details>`;

const dayMs = 86_400_000;

/** `3 Nov 2026; 5 Nov 2026 to 9 Nov 2026` */
function dayRanges(days: readonly string[]): readonly Html[] {
  const ranges: { first: string; last: string }[] = [];
  for (const day of days) {
    const open = ranges.at(-1);
    if (open !== undefined && instantFromIso(open.last) + dayMs === instantFromIso(day)) open.last = day;
    else ranges.push({ first: day, last: day });
  }
  return ranges.map(({ first, last }, at) => {
    const begin = dayTag(instantFromIso(first));
    return html`${at === 0 ? '' : '; '}${first === last ? begin : html`${begin} to ${dayTag(instantFromIso(last))}`}`;
  });
}
