import { type Instant, instantFromMs, toIso } from '#policy/instant.ts';
import { StoreError } from '#sweep/errors.ts';

/** One stored item, or a map inside one, as it comes from the store: nothing about it is known yet. */
export type Item = Readonly<Record<string, unknown>>;

/** Times of an attribute that may be null. */
export const isoOrNull = (at: Instant | null | undefined): string | null =>
  at === null || at === undefined ? null : toIso(at);

/** Leaves out what is null: an attribute that says nothing costs nothing. */
export const withoutNulls = (record: object): Item =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));

// Every reader throws a StoreError when the attribute is not what this project writes. One that is null counts as absent.

export const textOf = (item: Item, name: string): string => given(item, name, optionalTextOf(item, name));

export const optionalTextOf = (item: Item, name: string): string | undefined =>
  read(item, name, 'a text', (value) => typeof value === 'string');

export const wordOf = <Word extends string>(item: Item, name: string, words: readonly Word[]): Word =>
  given(item, name, optionalWordOf(item, name, words));

export const optionalWordOf = <Word extends string>(
  item: Item,
  name: string,
  words: readonly Word[],
): Word | undefined =>
  read(item, name, `one of ${words.join(', ')}`, (value): value is Word =>
    words.some((word) => word === value),
  );

export const numberOf = (item: Item, name: string): number => given(item, name, optionalNumberOf(item, name));

export const optionalNumberOf = (item: Item, name: string): number | undefined =>
  read(item, name, 'a number', (value) => typeof value === 'number');

export const booleanOf = (item: Item, name: string): boolean =>
  given(item, name, optionalBooleanOf(item, name));

export const optionalBooleanOf = (item: Item, name: string): boolean | undefined =>
  read(item, name, 'true or false', (value) => typeof value === 'boolean');

export const instantOf = (item: Item, name: string): Instant =>
  given(item, name, optionalInstantOf(item, name));

export function optionalInstantOf(item: Item, name: string): Instant | undefined {
  const text = optionalTextOf(item, name);
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? malformed(item, name, 'a time') : instantFromMs(ms);
}

export const textsOf = (item: Item, name: string): readonly string[] =>
  given(item, name, optionalTextsOf(item, name));

export const optionalTextsOf = (item: Item, name: string): readonly string[] | undefined =>
  read(
    item,
    name,
    'a list of texts',
    (value): value is string[] => Array.isArray(value) && value.every((each) => typeof each === 'string'),
  );

export const bytesOf = (item: Item, name: string): Uint8Array =>
  given(
    item,
    name,
    read(item, name, 'bytes', (value) => value instanceof Uint8Array),
  );

export const mapOf = (item: Item, name: string): Item => given(item, name, optionalMapOf(item, name));

export const optionalMapOf = (item: Item, name: string): Item | undefined => read(item, name, 'a map', isMap);

export const isMap = (value: unknown): value is Item =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function read<Value>(
  item: Item,
  name: string,
  expected: string,
  is: (value: unknown) => value is Value,
): Value | undefined {
  const value = item[name];
  if (value === undefined || value === null) return undefined;
  return is(value) ? value : malformed(item, name, expected);
}

function given<Value>(item: Item, name: string, value: Value | undefined): Value {
  return value ?? malformed(item, name, 'there');
}

function malformed(item: Item, name: string, expected: string): never {
  const { pk, sk } = item;
  const place = typeof pk === 'string' && typeof sk === 'string' ? ` of the item ${pk} / ${sk}` : '';
  throw new StoreError(
    `The attribute ${name}${place} is not ${expected}; something other than this tool has written it.`,
    { retryable: false },
  );
}
