import type { Instant } from '#policy/instant.ts';
import { type Html, html } from '../html.ts';
import { countOf, countText } from '../number-text.ts';
import { chartFigure } from './chart-figure.ts';
import { countColumn } from './count-column.ts';
import { dataTable } from './data-table.ts';
import { inInterval, intervalWords, tickWords, yearWords } from './date-words.ts';
import { mainSeries, type NamedCounts } from './main-series.ts';
import type { ReportFigures } from './report-figures.ts';
import { type Interval, intervalsOf, nextStart } from './report-span.ts';
import { type StackedColumns, stackedColumns } from './stacked-columns.ts';

const adjectives: Readonly<Record<Interval, string>> = {
  day: 'day',
  week: 'week (from Monday on)',
  month: 'month',
  year: 'year',
};

const intervalNames: Readonly<Record<Interval, string>> = {
  day: 'Day',
  week: 'Week',
  month: 'Month',
  year: 'Year',
};

interface Row {
  readonly start: Instant;
  readonly counts: NamedCounts;
}

/** What was deleted over time, and by which rule. */
export const deletionsSection = (figures: ReportFigures): Html =>
  html`<section id="deletions" aria-labelledby="deletions-heading">
<h2 id="deletions-heading">What was deleted, and when</h2>
${figures.outcomes.byOutcome.deleted === 0 ? html`<p>Nothing was deleted in this time.</p>` : deletionsChart(figures)}
</section>`;

function deletionsChart({ span, outcomes }: ReportFigures): Html {
  const { interval } = span;
  const starts = intervalsOf(span);
  const rows = starts.map(
    (start): Row => ({
      start,
      counts: outcomes.deletedByInterval.get(start) ?? new Map<string, number>(),
    }),
  );
  const { series, countOfSeries } = mainSeries(deletedByRule(outcomes.byRule));
  const says = sentence(outcomes.byOutcome.deleted, rows, interval);
  const chart: StackedColumns = {
    series,
    columns: starts.map((start) => columnOf(start, interval)),
    parts: rows.flatMap(({ start, counts }) =>
      series.map(({ name }) => ({
        start,
        end: nextStart(start, interval),
        series: name,
        count: countOfSeries(name, counts),
        says: `${name}, ${intervalWords(start, interval)}: ${countText(countOfSeries(name, counts))}`,
      })),
    ),
  };
  return chartFigure({
    id: 'deletions-chart',
    title: `Deletions by ${adjectives[interval]} and rule`,
    says,
    series,
    draw: (size) => stackedColumns(`Deletions by ${interval} and rule. ${says}`, size, chart),
    table: dataTable({
      id: 'deletions-table',
      caption: `Deletions by ${interval} and rule`,
      columns: [
        { name: intervalNames[interval], cell: ({ start }: Row) => intervalWords(start, interval) },
        ...series.map(({ name }) => countColumn<Row>(name, ({ counts }) => countOfSeries(name, counts))),
        countColumn<Row>('All', ({ counts }) => sumOf(counts)),
      ],
      rows,
      total: ['All', ...series.map(({ total }) => countText(total)), countText(outcomes.byOutcome.deleted)],
    }),
  });
}

function sentence(deleted: number, rows: readonly Row[], interval: Interval): string {
  const [busiest] = rows.toSorted((a, b) => sumOf(b.counts) - sumOf(a.counts));
  const on = interval === 'day' ? 'on' : 'in';
  const most =
    busiest === undefined || rows.length === 1
      ? ''
      : `; the most, ${countText(sumOf(busiest.counts))}, ${inInterval(busiest.start, interval)}`;
  return `${countOf(deleted, 'conversation was', 'conversations were')} deleted, each counted ${on} the ${interval} ${on} which it was recorded${most}.`;
}

const columnOf = (start: Instant, interval: Interval) => ({
  start,
  end: nextStart(start, interval),
  name: tickWords(start, interval),
  year: interval === 'year' ? '' : yearWords(start),
});

const deletedByRule = (byRule: ReportFigures['outcomes']['byRule']): NamedCounts =>
  new Map([...byRule].map(([rule, { deleted }]) => [rule, deleted]));

const sumOf = (counts: NamedCounts): number => counts.values().reduce((sum, count) => sum + count, 0);
