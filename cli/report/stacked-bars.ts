import { axisX, axisY, barX, gridX, ruleX, stackX, text } from '@observablehq/plot';
import type { Html } from '../html.ts';
import { countText } from '../number-text.ts';
import type { Series } from './chart-figure.ts';
import { type ChartSize, drawChart } from './draw-chart.ts';
import { fillOf } from './series-fill.ts';

/** One part of one bar. */
export interface BarPart {
  readonly bar: string;
  readonly series: string;
  readonly count: number;
}

const barHeight = 30;
const longestName = { wide: 34, narrow: 16 } as const;
const roomForName = { wide: 240, narrow: 128 } as const;

/** Bars under each other, each a row of its parts in the order of the series, with its sum at the end. */
export function stackedBars(
  label: string,
  size: ChartSize,
  series: readonly Series[],
  parts: readonly BarPart[],
): Html {
  const bars = [...new Set(parts.map(({ bar }) => bar))];
  const sums = bars.map((bar) => ({
    bar,
    count: parts.reduce((sum, part) => sum + (part.bar === bar ? part.count : 0), 0),
  }));
  const names = series.map(({ name }) => name);
  const most = Math.max(1, ...sums.map(({ count }) => count));
  return drawChart(label, size, {
    height: bars.length * barHeight + (size === 'wide' ? 32 : 8),
    marginTop: 4,
    marginBottom: size === 'wide' ? 28 : 4,
    axis: null,
    marginLeft: roomForName[size],
    marginRight: 56,
    x: { domain: [0, most], nice: true, label: null },
    y: { domain: bars, label: null, padding: 0.25 },
    color: { type: 'categorical', domain: names, range: series.map(({ fill }) => fillOf(fill)) },
    marks: [
      gridX({ ticks: Math.min(size === 'wide' ? 6 : 3, most), className: 'grid' }),
      // A phone has no room for them, and each bar has its sum beside it.
      ...(size === 'wide' ? [axisX({ ticks: Math.min(6, most), tickSize: 0, tickFormat: wholeText })] : []),
      axisY({ tickSize: 0, tickFormat: (name: string) => shortened(name, longestName[size]) }),
      barX(
        parts.filter(({ count }) => count > 0),
        stackX({ x: 'count', y: 'bar', fill: 'series', order: names, className: 'edge' }),
      ),
      ruleX([0]),
      text(sums, {
        x: 'count',
        y: 'bar',
        text: ({ count }: { readonly count: number }) => countText(count),
        textAnchor: 'start',
        dx: 5,
        className: 'label',
      }),
    ],
  });
}

/** Names that begin alike often end differently, so the middle gives way. */
function shortened(name: string, length: number): string {
  if (name.length <= length) return name;
  const tail = Math.floor((length - 1) / 2);
  return `${name.slice(0, length - 1 - tail)}…${name.slice(-tail)}`;
}

const wholeText = (value: number): string => (Number.isInteger(value) ? countText(value) : '');
