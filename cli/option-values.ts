import { InvalidArgumentError } from 'commander';
import { durationHelp, parseDuration } from '#policy/duration.ts';
import { type Instant, instantFromIso, instantFromMs, toIso } from '#policy/instant.ts';
import type { Duration } from '#policy/policy.ts';

const day = /^\d{4}-\d{2}-\d{2}$/;
const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;
const dayMs = 86_400_000;
const expected = 'Give a day such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z.';

/** The beginning of what `--from` names: a day's first instant (UTC), or the time itself. */
export const parseFrom = (text: string): Instant => parseInstant(text);

/** The end of what `--to` names, exclusive: a day's last instant (UTC) still belongs, a time does not. */
export function parseUntil(text: string): Instant {
  const instant = parseInstant(text);
  return day.test(text) ? instantFromMs(instant + dayMs) : instant;
}

function parseInstant(text: string): Instant {
  if (!day.test(text) && !time.test(text)) throw new InvalidArgumentError(expected);
  // Date.parse takes February 30th for March 2nd; a day that does not come back as it was given does not exist.
  const startOfDay = readInstant(text.slice(0, 10));
  if (toIso(startOfDay).slice(0, 10) !== text.slice(0, 10)) throw new InvalidArgumentError(expected);
  return readInstant(text);
}

function readInstant(text: string): Instant {
  try {
    return instantFromIso(text);
  } catch {
    throw new InvalidArgumentError(expected);
  }
}

export function parseFlag(text: string): boolean {
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw new InvalidArgumentError('Give true or false.');
}

/** A length of time, as a policy writes it. */
export function parseLength(text: string): Duration {
  const length = parseDuration(text);
  if (length === undefined) throw new InvalidArgumentError(`Give ${durationHelp}.`);
  return length;
}

/** A whole number from `least` up to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}
