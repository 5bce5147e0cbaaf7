/** Fields of a search, the values they read and the operators they take. */

export type FieldValue = string | number | boolean | null | undefined | readonly string[];

/**
 * `words`: text of which `=` matches one word, as documented for `source.body`. `strings`: several ids, each of which may match.
 * `assignee`: an integer of which nobody is 0, and null means 0.
 */
export type FieldType = 'string' | 'strings' | 'words' | 'integer' | 'assignee' | 'boolean' | 'date';

export interface SearchField<Item> {
  readonly type: FieldType;
  readonly read: (item: Item) => FieldValue;
}

export type SearchFields<Item> = ReadonlyMap<string, SearchField<Item>>;

export const operators = ['=', '!=', 'IN', 'NIN', '>', '<', '>=', '<=', '~', '!~', '^', '$'] as const;
export type Operator = (typeof operators)[number];

const anywhere: readonly Operator[] = ['=', '!=', 'IN', 'NIN'];
const ordered: readonly Operator[] = ['>', '<', '>=', '<='];
const textual: readonly Operator[] = ['~', '!~', '^', '$'];

export const operatorsOf: Readonly<Record<FieldType, readonly Operator[]>> = {
  string: [...anywhere, ...textual],
  strings: [...anywhere, ...textual],
  words: [...anywhere, ...textual],
  integer: [...anywhere, ...ordered],
  assignee: [...anywhere, ...ordered],
  date: [...anywhere, ...ordered],
  boolean: ['=', '!='],
};
