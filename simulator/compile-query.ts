import { type Comparison, compileFilter } from './compile-filter.ts';
import { isRecord } from './is-record.ts';
import { QueryError } from './query-error.ts';
import type { SearchFields } from './search-field.ts';

export type Test<Item> = (item: Item) => boolean;

const mostLevels = 2;
const mostFilters = 15;

/**
 * Turns the `query` of a search into a test.
 * @throws QueryError for a query that Intercom would refuse: unknown field or operator, wrong type of value, more than two levels of
 * groups, more than 15 filters in one of them.
 */
export function compileQuery<Item>(
  query: unknown,
  fields: SearchFields<Item>,
  comparison: Comparison,
  level = 1,
): Test<Item> {
  if (!isRecord(query)) throw new QueryError('query', 'must be a filter or a group of filters');
  if (query['operator'] !== 'AND' && query['operator'] !== 'OR')
    return compileFilter(query, fields, comparison);
  const members = query['value'];
  if (!Array.isArray(members) || members.length === 0)
    throw new QueryError('value', 'must be a list of filters');
  if (level > mostLevels) throw new QueryError('query', `can be nested up to ${mostLevels} levels`);
  if (members.length > mostFilters) throw new QueryError('value', `can hold up to ${mostFilters} filters`);
  const tests = members.map((member) => compileQuery(member, fields, comparison, level + 1));
  return query['operator'] === 'AND'
    ? (item) => tests.every((test) => test(item))
    : (item) => tests.some((test) => test(item));
}
