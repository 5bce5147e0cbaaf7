import { type Instant, instantFromMs } from '#policy/instant.ts';
import { usageError } from '../cli-error.ts';

/** What one column of a chart stands for: few enough of them to be told apart, whatever the span. */
export type Interval = 'day' | 'week' | 'month' | 'year';

/** The time that a report is about. */
export interface ReportSpan {
  readonly from: Instant;
  /** Exclusive. */
  readonly until: Instant;
  readonly interval: Interval;
}

const dayMs = 86_400_000;
const usualDays = 30;
/** Ten years, as for an export: more is a slip of the pen, and older than any audit. */
const mostDays = 3_660;

/**
 * The span that was asked for, as far as it has passed; where a bound is missing, thirty days, the last one included.
 * @throws CliError when nothing of it has passed yet, or it is longer than ten years.
 */
export function reportSpan(
  asked: { readonly from?: Instant | undefined; readonly to?: Instant | undefined },
  now: Instant,
): ReportSpan {
  if (asked.from !== undefined && asked.to !== undefined && asked.from >= asked.to) {
    throw usageError('--from is not before --to, so nothing can match; swap them.');
  }
  const until = instantFromMs(Math.min(asked.to ?? now, now));
  const from = asked.from ?? instantFromMs(startOfDay(until - 1) - (usualDays - 1) * dayMs);
  if (from >= until) throw usageError('--from lies in the future, so there is nothing to report on yet.');
  if (until - from > mostDays * dayMs) {
    throw usageError('--from and --to are more than ten years apart; report on fewer days.');
  }
  return { from, until, interval: intervalFor(until - from) };
}

function intervalFor(lengthMs: number): Interval {
  const days = lengthMs / dayMs;
  if (days <= 62) return 'day';
  if (days <= 54 * 7) return 'week';
  return days <= 6 * 366 ? 'month' : 'year';
}

/** The beginning (UTC) of the day, week from Monday on, month or year in which `instant` lies. */
export function intervalStart(instant: Instant, interval: Interval): Instant {
  const date = new Date(instant);
  switch (interval) {
    case 'day':
      return startOfDay(instant);
    case 'week':
      return instantFromMs(startOfDay(instant) - ((date.getUTCDay() + 6) % 7) * dayMs);
    case 'month':
      return firstOfMonth(date.getUTCFullYear(), date.getUTCMonth());
    case 'year':
      return firstOfMonth(date.getUTCFullYear(), 0);
  }
}

/** The beginnings of all intervals that the span touches, also of those in which nothing happened. */
export function intervalsOf({ from, until, interval }: ReportSpan): readonly Instant[] {
  const starts: Instant[] = [];
  for (let start = intervalStart(from, interval); start < until; start = nextStart(start, interval)) {
    starts.push(start);
  }
  return starts;
}

/** The beginning of the interval after the one that begins at `start`. */
export function nextStart(start: Instant, interval: Interval): Instant {
  const longEnoughMs: Readonly<Record<Interval, number>> = {
    day: dayMs,
    week: 7 * dayMs,
    month: 31 * dayMs,
    year: 366 * dayMs,
  };
  // From the first instant of a month, 31 days on is always within the next; and so for a year.
  return intervalStart(instantFromMs(start + longEnoughMs[interval]), interval);
}

const startOfDay = (ms: number): Instant => instantFromMs(ms - (((ms % dayMs) + dayMs) % dayMs));

/** `Date.UTC` takes a year below 100 for one of the last century. */
const firstOfMonth = (year: number, month: number): Instant =>
  instantFromMs(new Date(0).setUTCFullYear(year, month));
