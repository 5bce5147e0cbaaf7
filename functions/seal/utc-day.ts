import { type Instant, instantFromIso, instantFromMs, toIso } from '#policy/instant.ts';

declare const brand: unique symbol;

/** A day of the calendar in UTC, `2026-11-21`. Texts of days sort by time. */
export type UtcDay = string & { readonly [brand]: 'UtcDay' };

export const dayMs = 86_400_000;

const pattern = /^\d{4}-\d{2}-\d{2}$/;

export const dayOf = (at: Instant): UtcDay => toIso(at).slice(0, 'yyyy-mm-dd'.length) as UtcDay; // the day of a time

/** Undefined when `text` is no day of the calendar. */
export function parseUtcDay(text: string): UtcDay | undefined {
  if (!pattern.test(text)) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return undefined;
  const day = dayOf(instantFromMs(ms));
  return day === text ? day : undefined; // JavaScript reads 30 February as 2 March
}

/** The first instant of the day. */
export const startOfDay = (day: UtcDay): Instant => instantFromIso(day);

/** `count` days later; earlier when below zero. */
export const plusDays = (day: UtcDay, count: number): UtcDay =>
  dayOf(instantFromMs(startOfDay(day) + count * dayMs));

/** Every day from the first to the last, both included. */
export function* daysBetween(first: UtcDay, last: UtcDay): Generator<UtcDay> {
  // By time, not by text: the day after 9999-12-31 is a text that sorts before it.
  const end = startOfDay(last);
  for (let at: number = startOfDay(first); at <= end; at += dayMs) yield dayOf(instantFromMs(at));
}

/**
 * A place within the day for what the journal of the day has under this time: the time itself, or where that is no time of the
 * day, the day's first or last millisecond. Keeps the order of texts.
 */
export function timeWithin(day: UtcDay, time: string): string {
  const [first, last] = [`${day}T00:00:00.000Z`, `${day}T23:59:59.999Z`];
  if (time < first) return first;
  return time > last ? last : time;
}
