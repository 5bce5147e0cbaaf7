import { InvalidArgumentError } from 'commander';
import { parseSpanEnd, parseSpanStart, timeBoundHelp } from '#audit/time-bound.ts';
import { durationHelp, parseDuration } from '#policy/duration.ts';
import type { Instant } from '#policy/instant.ts';
import type { Duration } from '#policy/policy.ts';
import { parseUtcDay, type UtcDay } from '#seal/utc-day.ts';

const expectedTime = `Give ${timeBoundHelp}.`;

/** The beginning of what `--from` names: a day's first instant (UTC), or the time itself. */
export const parseFrom = (text: string): Instant => given(parseSpanStart(text), expectedTime);

/** The end of what `--to` names, exclusive: a day's last instant (UTC) still belongs, a time does not. */
export const parseUntil = (text: string): Instant => given(parseSpanEnd(text), expectedTime);

/** A day of the calendar. */
export const parseDay = (text: string): UtcDay => given(parseUtcDay(text), 'Give a day such as 2026-01-31.');

function given<Value>(value: Value | undefined, expected: string): Value {
  if (value === undefined) throw new InvalidArgumentError(expected);
  return value;
}

export function parseFlag(text: string): boolean {
  if (text === 'true') return true;
  if (text === 'false') return false;
  throw new InvalidArgumentError('Give true or false.');
}

/** A URL that a browser could open. */
export function parseWebUrl(text: string): string {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new InvalidArgumentError('Give a URL that begins with https:// or http://.');
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
