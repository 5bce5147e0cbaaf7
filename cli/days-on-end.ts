import { parseUtcDay, plusDays } from '#seal/utc-day.ts';

/** Whether one day is the day after another. Texts that are no days follow nothing. */
export function isDayAfter(day: string, before: string): boolean {
  const parsed = parseUtcDay(before);
  return parsed !== undefined && plusDays(parsed, 1) === day;
}
