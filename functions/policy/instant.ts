declare const brand: unique symbol;

/** A point in time: milliseconds since 1970-01-01T00:00:00Z. Intercom's own times are seconds; decoders convert. */
export type Instant = number & { readonly [brand]: 'Instant' };

export const instantFromMs = (ms: number): Instant => ms as Instant; // a brand exists in types only

/** From UNIX seconds, as Intercom sends them. */
export const instantFromSeconds = (seconds: number): Instant => instantFromMs(seconds * 1000);

/** ISO 8601 in UTC, as stored and printed. */
export const toIso = (instant: Instant): string => new Date(instant).toISOString();

/** @throws RangeError when `text` is no date. */
export function instantFromIso(text: string): Instant {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new RangeError(`"${text}" is not an ISO 8601 time.`);
  return instantFromMs(ms);
}
