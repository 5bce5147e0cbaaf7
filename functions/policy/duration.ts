import { UTCDateMini } from '@date-fns/utc/date/mini';
import { subMonths } from 'date-fns/subMonths';
import { type Instant, instantFromMs } from './instant.ts';
import type { Duration } from './policy.ts';

export const durationPattern = /^(0|[1-9]\d{0,9})(s|m|h|d|w|mo|y)$/;
export const durationHelp =
  'a length of time such as 12h, 30d, 6w, 18mo or 2y (s, m, h, d, w, mo, y; at most 100y)';

const msPerUnit = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const monthsPerUnit = { mo: 1, y: 12 } as const;

/** A century, in each unit: enough for any retention schedule, and every subtraction stays a valid date. */
const mostOfUnit: Readonly<Record<Duration['unit'], number>> = {
  s: 3_153_600_000,
  m: 52_560_000,
  h: 876_000,
  d: 36_500,
  w: 5_200,
  mo: 1_200,
  y: 100,
};

/** Undefined when `text` is no duration, or longer than a century. */
export function parseDuration(text: string): Duration | undefined {
  const match = durationPattern.exec(text);
  if (match === null) return undefined;
  const amount = Number(match[1]);
  const unit = match[2] as Duration['unit']; // the pattern's second group lists the units
  return amount <= mostOfUnit[unit] ? { amount, unit } : undefined;
}

export const formatDuration = (duration: Duration): string => `${duration.amount}${duration.unit}`;

/**
 * Counts back on the calendar, in UTC. A day that the month before does not have becomes that month's last:
 * one month before 31 March is 28 or 29 February.
 */
export function subtractDuration(from: Instant, duration: Duration): Instant {
  const { amount, unit } = duration;
  if (unit === 'mo' || unit === 'y') {
    return instantFromMs(subMonths(new UTCDateMini(from), amount * monthsPerUnit[unit]).getTime());
  }
  return instantFromMs(from - amount * msPerUnit[unit]); // UTC has no summer time: these units are always equally long
}

/** Whether `a` is as long as `b` or longer, whatever the day it is counted from. */
export function isNeverShorter(a: Duration, b: Duration): boolean {
  const [monthsA, monthsB] = [lengthInMonths(a), lengthInMonths(b)];
  if (monthsA !== undefined && monthsB !== undefined) return monthsA >= monthsB;
  return shortestInMs(a) >= longestInMs(b);
}

const lengthInMonths = ({ amount, unit }: Duration): number | undefined =>
  unit === 'mo' || unit === 'y' ? amount * monthsPerUnit[unit] : undefined;

const shortestInMs = (duration: Duration): number => lengthInMs(duration, 28);
const longestInMs = (duration: Duration): number => lengthInMs(duration, 31);

function lengthInMs({ amount, unit }: Duration, daysPerMonth: number): number {
  if (unit === 'mo' || unit === 'y') return amount * monthsPerUnit[unit] * daysPerMonth * msPerUnit.d;
  return amount * msPerUnit[unit];
}
