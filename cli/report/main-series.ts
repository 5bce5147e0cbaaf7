import type { Series } from './chart-figure.ts';
import { seriesFills } from './series-fill.ts';

export type NamedCounts = ReadonlyMap<string, number>;

export interface MainSeries {
  /** The largest first; what is not among them is one more, grey, at the end. */
  readonly series: readonly Series[];
  /** How many of these counts belong to the series. */
  readonly countOfSeries: (series: string, counts: NamedCounts) => number;
}

/**
 * The largest of many, as many as can be told apart in a chart, and the others together. Those of nothing are left out.
 * @param totals of each name over the whole chart
 */
export function mainSeries(totals: NamedCounts): MainSeries {
  const sorted = [...totals].filter(([, total]) => total > 0).toSorted((a, b) => b[1] - a[1]);
  const main = sorted.slice(0, seriesFills.length);
  const rest = sorted.slice(seriesFills.length);
  // No rule can be called so: their names have no blanks.
  const restName = rest.length === 1 ? (rest[0]?.[0] ?? '') : `${rest.length} other rules`;
  const restTotal = rest.reduce((sum, [, total]) => sum + total, 0);
  const restNames = new Set(rest.map(([name]) => name));
  const series: Series[] = main.map(([name, total], at) => ({
    name,
    total,
    fill: seriesFills[at] ?? 'grey',
  }));
  if (rest.length > 0) series.push({ name: restName, total: restTotal, fill: 'grey' });
  return {
    series,
    countOfSeries: (name, counts) =>
      name === restName
        ? counts.entries().reduce((sum, [each, count]) => sum + (restNames.has(each) ? count : 0), 0)
        : (counts.get(name) ?? 0),
  };
}
