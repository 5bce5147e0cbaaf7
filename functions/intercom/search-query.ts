import type { Instant } from '#policy/instant.ts';
import type { ById, Condition } from '#policy/policy.ts';
import type { ConversationQuery } from '#sweep/ports.ts';
import { clauseFilters, notAfter, notBefore, type Requirements } from './clause-filters.ts';
import { type FieldFilter, mostFiltersPerGroup, type SearchFilter } from './search-filter.ts';

/**
 * A search that finds every conversation for which the query's condition is true, and more: what search cannot say, or says in a way
 * that is not documented for certain, is left to be judged on the objects.
 */
export function compileSearch({ when, asOf, createdFrom, createdUntil }: ConversationQuery): SearchFilter {
  const from = notBefore('created_at', createdFrom);
  const all: Requirements = [
    [notAfter('created_at', createdUntil)],
    ...(from === undefined ? [] : [[from]]),
    ...requirements(when, 'true', asOf),
  ];
  return group(
    'AND',
    all.slice(0, mostFiltersPerGroup).map((alternatives) => group('OR', alternatives)),
  );
}

function group(operator: 'AND' | 'OR', filters: readonly SearchFilter[]): SearchFilter {
  const [only, ...others] = filters;
  return only !== undefined && others.length === 0 ? only : { operator, value: filters };
}

/** What search can say of every conversation for which the condition is true, or, when that is sought, false. */
function requirements(condition: Condition<ById>, sought: 'true' | 'false', asOf: Instant): Requirements {
  if (condition.kind === 'not') return requirements(condition.of, sought === 'true' ? 'false' : 'true', asOf);
  if (condition.kind !== 'all' && condition.kind !== 'any') return clauseFilters(condition, sought, asOf);
  const parts = condition.of.map((part) => requirements(part, sought, asOf));
  // "All" is false as soon as one part is.
  return (condition.kind === 'all') === (sought === 'true') ? parts.flat() : eitherOf(parts);
}

/** "A and B, or C" as "A or C, and B or C". A part of which nothing can be said leaves nothing to say. */
function eitherOf(parts: readonly Requirements[]): Requirements {
  const [first, ...others] = parts;
  if (first === undefined) return [];
  let either = first;
  for (const part of others) {
    either = either
      .flatMap((alternatives) => part.map((more): readonly FieldFilter[] => [...alternatives, ...more]))
      .filter(({ length }) => length <= mostFiltersPerGroup)
      .slice(0, mostFiltersPerGroup);
  }
  return either;
}
