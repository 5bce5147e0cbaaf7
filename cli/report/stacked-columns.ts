import { axisX, axisY, gridY, rectY, ruleY, stackY, text } from '@observablehq/plot';
import type { Instant } from '#policy/instant.ts';
import type { Html } from '../html.ts';
import { countText } from '../number-text.ts';
import type { Series } from './chart-figure.ts';
import { type ChartSize, drawChart } from './draw-chart.ts';
import { fillOf } from './series-fill.ts';

export interface StackedColumns {
  /** In order of time, without gaps. */
  readonly columns: readonly Column[];
  readonly series: readonly Series[];
  readonly parts: readonly ColumnPart[];
}

interface Column {
  /** Where it begins and ends on the axis of time. */
  readonly start: Instant;
  readonly end: Instant;
  /** What stands under it; the year only where it is another than to the left. */
  readonly name: string;
  readonly year: string;
}

/** One part of one column. */
interface ColumnPart extends Pick<Column, 'start' | 'end'> {
  readonly series: string;
  readonly count: number;
  /** What is told when the pointer rests on it. */
  readonly says: string;
}

/** In pixels: what there is for the columns, and what a character of a sum takes. */
const roomForColumns = { wide: 880, narrow: 258 } as const;
const characterWidth = 6.6;
const mostTicks = { wide: 12, narrow: 5 } as const;

/** Columns over time (UTC), each a pile of its parts in the order of the series, with the sum on top where there is room. */
export function stackedColumns(
  label: string,
  size: ChartSize,
  { columns, series, parts }: StackedColumns,
): Html {
  const sums = columns.map((column) => ({
    middle: middleOf(column),
    count: parts.reduce((sum, { start, count }) => sum + (start === column.start ? count : 0), 0),
  }));
  const ticks = ticksOf(columns, mostTicks[size]);
  const names = series.map(({ name }) => name);
  const most = Math.max(1, ...sums.map(({ count }) => count));
  const columnWidth = roomForColumns[size] / columns.length;
  const hasRoomForSums = sums.every(
    ({ count }, at) => (widthOf(count) + widthOf(sums[at + 1]?.count ?? 0)) / 2 <= columnWidth,
  );
  return drawChart(label, size, {
    height: size === 'wide' ? 320 : 240,
    marginLeft: 52,
    marginTop: 24,
    x: { type: 'utc', domain: [columns[0]?.start, columns.at(-1)?.end], label: null },
    y: { domain: [0, most], nice: true, label: null },
    color: { type: 'categorical', domain: names, range: series.map(({ fill }) => fillOf(fill)) },
    marks: [
      gridY({ ticks: Math.min(5, most), className: 'grid' }),
      axisY({ ticks: Math.min(5, most), tickSize: 0, tickFormat: wholeText }),
      axisX({ tickSize: 4, ticks: [...ticks.keys()], tickFormat: (at: number) => ticks.get(at) }),
      rectY(
        parts.filter(({ count }) => count > 0),
        stackY({
          x1: 'start',
          x2: 'end',
          y: 'count',
          fill: 'series',
          order: names,
          insetLeft: 1,
          insetRight: 1,
          className: 'edge',
          ...(size === 'wide' ? { title: 'says' } : {}),
        }),
      ),
      ruleY([0]),
      text(hasRoomForSums ? sums.filter(({ count }) => count > 0) : [], {
        x: 'middle',
        y: 'count',
        text: ({ count }: { readonly count: number }) => countText(count),
        dy: -7,
        className: 'label',
      }),
    ],
  });
}

/** As many of the columns' names as there is room for, by the middle of their column. */
function ticksOf(columns: readonly Column[], most: number): ReadonlyMap<number, string> {
  const step = Math.ceil(columns.length / most);
  let yearBefore = '';
  return new Map(
    columns
      .filter((_column, at) => at % step === 0)
      .map((column) => {
        const { name, year } = column;
        const text = year === yearBefore ? name : `${name}\n${year}`;
        yearBefore = year;
        return [middleOf(column), text];
      }),
  );
}

/** Of a sum above its column, with a gap; there is none above an empty one. */
const widthOf = (count: number): number => (count === 0 ? 0 : countText(count).length * characterWidth + 2);

const middleOf = ({ start, end }: Column): number => (start + end) / 2;

/** Nothing between whole numbers can be counted. */
const wholeText = (value: number): string => (Number.isInteger(value) ? countText(value) : '');
