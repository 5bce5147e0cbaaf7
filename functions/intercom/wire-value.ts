/** Readers of single values in Intercom's JSON. What they cannot read is undefined; they never throw. */
import { brandId } from '#policy/ids.ts';
import { type Instant, instantFromMs, instantFromSeconds } from '#policy/instant.ts';

export type WireObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): WireObject | undefined {
  // JSON has no other objects than these and arrays.
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as WireObject)
    : undefined;
}

export const asArray = (value: unknown): readonly unknown[] | undefined =>
  Array.isArray(value) ? value : undefined;

export const asText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

export const asBoolean = (value: unknown): boolean | undefined =>
  typeof value === 'boolean' ? value : undefined;

export const asCount = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;

const idPattern = /^\w[\w-]{0,127}$/;

/** Intercom sends the same id as text in one place and as a number in another. */
export function asId<Id extends string>(value: unknown): Id | undefined {
  if (typeof value === 'string') return idPattern.test(value) ? brandId<Id>(value) : undefined;
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
    ? brandId<Id>(String(value))
    : undefined;
}

/** One unreadable id makes the whole list unknown: what is missing could be the one that protects. */
export function asIds<Id extends string>(items: unknown): readonly Id[] | undefined {
  if (!Array.isArray(items)) return undefined;
  const ids: Id[] = [];
  for (const item of items) {
    const id = asId<Id>(asObject(item)?.['id']);
    if (id === undefined) return undefined;
    ids.push(id);
  }
  return ids;
}

/** The year 5138: a larger number is a time in milliseconds, taken for seconds. */
const lastSecond = 1e11;
const isoPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** UNIX seconds; up to 2.14, ISO 8601 text in the statistics that webhooks carry. */
export function asTime(value: unknown): Instant | undefined {
  if (typeof value === 'number') {
    return Number.isInteger(value) && value > 0 && value <= lastSecond
      ? instantFromSeconds(value)
      : undefined;
  }
  if (typeof value !== 'string' || !isoPattern.test(value)) return undefined;
  const ms = Date.parse(value);
  return ms > 0 ? instantFromMs(ms) : undefined;
}
