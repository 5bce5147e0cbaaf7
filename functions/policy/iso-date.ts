import { type Instant, instantFromMs } from './instant.ts';

export const isoDatePattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$/;
export const isoDateHelp = 'a date such as 2024-05-31, or a time in UTC such as 2024-05-31T12:00:00Z';

/** A date is its first moment in UTC. Undefined when `text` is neither a date nor a time in UTC, or is no day of the calendar. */
export function parseIsoDate(text: string): Instant | undefined {
  if (!isoDatePattern.test(text)) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return undefined;
  const readBack = new Date(ms).toISOString();
  // JavaScript reads 30 February as 1 March, and 24:00 as the next day.
  return readBack.startsWith(text.replace('Z', '')) ? instantFromMs(ms) : undefined;
}
