import { instantFromIso } from '#policy/instant.ts';
import { type Html, html } from '../html.ts';
import { countOf, countText } from '../number-text.ts';
import { countColumn } from './count-column.ts';
import { dataTable } from './data-table.ts';
import { dayTag, timeTag } from './date-words.ts';
import type { SealedDay, SealFigures } from './seal-figures.ts';

/** Which days are sealed, and which are not. */
export function sealsSection({ sealed, unsealed, notDue, withoutRecords }: SealFigures): Html {
  const records = sealed.reduce((sum, { recordCount }) => sum + recordCount, 0);
  const late = sealed.reduce((sum, { lateCount }) => sum + lateCount, 0);
  return html`<section id="seals" aria-labelledby="seals-heading">
<h2 id="seals-heading">Seals</h2>
<p>When a day is over, its records can be sealed: a signature over all of them, by which anybody can later find out whether one was changed, removed or added. Each seal names the one before it, so that none can be left out unseen. This page lists the seals and does not check them; <code>retention audit verify</code> does.</p>
<ul>
<li>${countOf(sealed.length, 'day is', 'days are')} sealed, with ${countOf(records, 'record')}${
    late === 0 ? '' : `, ${countText(late)} of them late ones of earlier days`
  }.</li>
<li>${
    unsealed.length === 0
      ? 'No day that is due is without a seal.'
      : html`<strong>${countOf(unsealed.length, 'day is', 'days are')} not sealed:</strong> ${dayRanges(unsealed)}.`
  }</li>
${notDue.length === 0 ? undefined : html`<li>Not over for a whole day yet, and not sealed: ${dayRanges(notDue)}.</li>`}
${
  withoutRecords.length === 0
    ? undefined
    : html`<li>Before the first record, so that there is nothing to seal: ${dayRanges(withoutRecords)}.</li>`
}
</ul>
${
  sealed.length === 0
    ? undefined
    : html`<details><summary>All ${countOf(sealed.length, 'sealed day')}</summary>${dataTable({
        id: 'seals-table',
        caption: 'Sealed days',
        columns: [
          { name: 'Day', cell: ({ day }) => dayTag(instantFromIso(day)) },
          { name: 'Sealed', cell: ({ sealedAt }) => timeTag(sealedAt) },
          countColumn<SealedDay>('Records', ({ recordCount }) => recordCount),
          countColumn<SealedDay>('Of them late', ({ lateCount }) => lateCount),
          { name: 'Signed with the key', cell: ({ keyId }) => html`<code class="long">${keyId}</code>` },
        ],
        rows: sealed,
      })}</details>`
}
</section>`;
}

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
