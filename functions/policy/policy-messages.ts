import type * as z from 'zod';
import { nearestName } from './nearest-name.ts';

/** Issues for which the parser finds the words itself, in the text or in the branches of a union. */
export const noMessage = '';

/** What is wrong and what would be right, in one sentence, for issues whose schema does not say it. */
export function messageOf(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'invalid_type') return typeMessage(issue);
  if (issue.code === 'invalid_value') return valueMessage(issue);
  if (issue.code === 'too_small') return tooSmallMessage(issue);
  if (issue.code === 'too_big')
    return `Expected ${issue.maximum} or less, but this is ${describe(issue.input)}.`;
  return noMessage;
}

function typeMessage({ input, expected, path }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidType>): string {
  if (input === undefined) return `${missingKey(path)} is missing; it must be ${typeName(expected)}.`;
  if (expected === 'string' && isUnquoted(input)) return noMessage;
  return `Expected ${typeName(expected)}, but this is ${describe(input)}.`;
}

function valueMessage({ input, values, path }: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidValue>): string {
  const words = values.map(String);
  if (input === undefined) return `${missingKey(path)} is missing; it must be ${oneOf(words)}.`;
  const nearest = typeof input === 'string' && words.length > 1 ? nearestName(input, words) : undefined;
  const remedy = nearest === undefined ? '' : `; the nearest is ${nearest}`;
  return `Expected ${oneOf(words)}, but this is ${describe(input)}${remedy}.`;
}

function tooSmallMessage({ input, origin, minimum }: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall>): string {
  if (origin === 'array') return 'This list is empty; give at least one entry, or remove the key.';
  if (origin === 'string') return 'This text is empty; write something, or remove the key.';
  return `Expected ${minimum} or more, but this is ${describe(input)}.`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys and values',
  record: 'a map of keys and values',
};
const typeName = (type: string): string => typeNames[type] ?? type;

/** What YAML takes for something else because it has no quotes. */
const isUnquoted = (value: unknown): boolean => typeof value === 'number' || typeof value === 'boolean';

const missingKey = (path: readonly PropertyKey[] | undefined): string =>
  `"${String(path?.at(-1) ?? 'value')}"`;

const oneOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

function describe(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  // JSON has no word for .inf and .nan.
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}
