/** What a benchmark is, and what it says. */

export interface Benchmark {
  readonly title: string;
  /** What is measured, against what, in a sentence or two for the page of results. */
  readonly about: string;
  run(): Promise<readonly Row[]>;
}

/** One line of the table. Nothing in it passes or fails: a benchmark tells. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  /** What it is held against, measured in the same run. */
  readonly peer: string;
  /** Ours divided by the peer's; NaN when there is none. */
  readonly ratio: number;
  /** At most this ratio is aimed at; undefined where there is nothing to reach. */
  readonly aim?: number | undefined;
  /** Whether the work came out right: without that a figure means nothing. */
  readonly wrong: readonly string[];
}

export const seconds = (value: number): string => `${value.toFixed(1)} s`;
const megabytes = (value: number): string => `${Math.round(value)} MB`;
export const countText = (value: number): string => value.toLocaleString('en-GB');

/** @throws Error for an empty list */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('There is no median of nothing.');
  return middle;
}

const mostMegabytes = 200;
/** As good as flat: what is left is how far the collector lets the heap grow. */
const flat = 1.1;

interface MeasuredMemory {
  readonly seconds: number;
  readonly peakMegabytes: number;
  readonly wrong: readonly string[];
}

/** How high the peak is, and whether it grows with the work: `small` is a tenth of it. */
export function memoryRows(
  what: string,
  large: MeasuredMemory,
  small: MeasuredMemory,
  smallCount: string,
): readonly Row[] {
  const ours = `${megabytes(large.peakMegabytes)} in ${seconds(large.seconds)}`;
  const unknown = Number.isNaN(large.peakMegabytes) ? ['there is no /proc here to read the peak from'] : [];
  const wrong = [...small.wrong, ...large.wrong, ...unknown];
  const aim = `${megabytes(mostMegabytes)}, the aim`;
  const fewer = `${megabytes(small.peakMegabytes)} for ${smallCount}`;
  return [
    { what: `peak of ${what}`, ours, peer: aim, ratio: large.peakMegabytes / mostMegabytes, aim: 1, wrong },
    {
      what: `growth of ${what}`,
      ours,
      peer: fewer,
      ratio: large.peakMegabytes / small.peakMegabytes,
      aim: flat,
      wrong,
    },
  ];
}
