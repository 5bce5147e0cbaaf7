import { type Html, html } from '../html.ts';
import { countOf, countText } from '../number-text.ts';
import { chartFigure, type Series } from './chart-figure.ts';
import { countColumn } from './count-column.ts';
import { dataTable } from './data-table.ts';
import type { ListedAs, MetricsFigures } from './report-figures.ts';
import { shareWords } from './share-words.ts';
import { stackedBars } from './stacked-bars.ts';

const listedWords: Readonly<Record<keyof ListedAs, string>> = {
  kept: 'kept, as Intercom lists it',
  removed: 'removed, as Intercom lists it',
  notListed: "not in Intercom's list yet",
};
const listed = ['kept', 'removed', 'notListed'] as const;

/** Whether reporting metrics were kept or removed: what was asked for, and what Intercom says. */
export const metricsSection = (metrics: MetricsFigures): Html =>
  html`<section id="metrics" aria-labelledby="metrics-heading">
<h2 id="metrics-heading">Reporting metrics, kept or removed</h2>
<p>Intercom can keep a conversation's figures for its reports (response times, ratings) when the conversation itself is deleted, or remove them too. Each rule says which.</p>
${
  allOf(metrics.askedToKeep) + allOf(metrics.askedToRemove) === 0
    ? html`<p>Nothing was deleted in this time, so there were no metrics to keep or remove.</p>`
    : metricsChart(metrics)
}
</section>`;

function metricsChart(metrics: MetricsFigures): Html {
  const rows = [
    { name: 'asked to keep', counts: metrics.askedToKeep },
    { name: 'asked to remove', counts: metrics.askedToRemove },
  ];
  const series: readonly Series[] = [
    { name: listedWords.kept, fill: 'blue', total: sumOf(rows, 'kept') },
    { name: listedWords.removed, fill: 'orange', total: sumOf(rows, 'removed') },
    { name: listedWords.notListed, fill: 'grey', total: sumOf(rows, 'notListed') },
  ];
  const says = sentence(metrics);
  return chartFigure({
    id: 'metrics-chart',
    title: 'Reporting metrics of the deleted conversations',
    says,
    series,
    draw: (size) =>
      stackedBars(
        `Reporting metrics of the deleted conversations. ${says}`,
        size,
        series,
        rows.flatMap(({ name, counts }) =>
          listed.map((each) => ({ bar: name, series: listedWords[each], count: counts[each] })),
        ),
      ),
    table: dataTable({
      id: 'metrics-table',
      caption: 'Reporting metrics, as asked and as listed',
      columns: [
        { name: 'Asked', cell: ({ name }) => name },
        ...listed.map((each) =>
          countColumn<(typeof rows)[number]>(listedWords[each], ({ counts }) => counts[each]),
        ),
        countColumn<(typeof rows)[number]>('All', ({ counts }) => allOf(counts)),
      ],
      rows,
    }),
  });
}

function sentence({ askedToKeep, askedToRemove }: MetricsFigures): string {
  const [keep, remove] = [allOf(askedToKeep), allOf(askedToRemove)];
  const asAsked = askedToKeep.kept + askedToRemove.removed;
  const otherwise = askedToKeep.removed + askedToRemove.kept;
  const differ =
    otherwise === 0 ? 'none was listed otherwise than asked' : `${countText(otherwise)} otherwise than asked`;
  return `Metrics were to be kept for ${countOf(keep, 'conversation')} and removed for ${countText(remove)}. Intercom's list confirms ${countText(asAsked)} (${shareWords(asAsked, keep + remove)}) as asked; ${differ}.`;
}

const allOf = ({ kept, removed, notListed }: ListedAs): number => kept + removed + notListed;

const sumOf = (rows: readonly { readonly counts: ListedAs }[], key: keyof ListedAs): number =>
  rows.reduce((sum, { counts }) => sum + counts[key], 0);
