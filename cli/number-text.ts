import { type Instant, toIso } from '#policy/instant.ts';

const withCommas = new Intl.NumberFormat('en-US');

/** `12,345` */
export const countText = (count: number): string => withCommas.format(count);

/** `1 conversation`, `12,345 conversations` */
export const countOf = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`;

/** `8 s`, `3 min 20 s`, `2 h 5 min`: two units at most, since more would pretend to be exact. */
export function lengthText(lengthMs: number): string {
  const seconds = Math.max(0, Math.round(lengthMs / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return joined(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

const joined = (large: number, largeUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;

/** ISO 8601 in UTC, to the second: `2026-01-31T12:00:00Z`. */
export const timeText = (instant: Instant): string => `${toIso(instant).slice(0, 19)}Z`;

/** `2026-01-31`, in UTC. */
export const dayText = (instant: Instant): string => toIso(instant).slice(0, 10);
