import { type Instant, instantFromIso, instantFromMs, toIso } from '#policy/instant.ts';

const day = /^\d{4}-\d{2}-\d{2}$/;
const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;
const dayMs = 86_400_000;

export const timeBoundHelp = 'a day such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z';

/** The beginning of a span: a day's first instant (UTC), or the time itself. Undefined when `text` is neither. */
export function parseSpanStart(text: string): Instant | undefined {
  if (!day.test(text) && !time.test(text)) return undefined;
  // Date.parse takes February 30th for March 2nd; a day that does not come back as it was given does not exist.
  const startOfDay = readInstant(text.slice(0, 10));
  if (startOfDay === undefined || toIso(startOfDay).slice(0, 10) !== text.slice(0, 10)) return undefined;
  return readInstant(text);
}

/** The end of a span, exclusive: a day's last instant (UTC) still belongs, a time does not. */
export function parseSpanEnd(text: string): Instant | undefined {
  const instant = parseSpanStart(text);
  return instant !== undefined && day.test(text) ? instantFromMs(instant + dayMs) : instant;
}

function readInstant(text: string): Instant | undefined {
  try {
    return instantFromIso(text);
  } catch {
    return undefined;
  }
}
