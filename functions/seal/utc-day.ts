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
  for (let day = first; day <= last; day = plusDays(day, 1)) yield day;
}
