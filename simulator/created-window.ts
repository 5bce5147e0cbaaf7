import { isRecord } from './is-record.ts';

/** UNIX seconds, inclusive. */
export interface CreatedWindow {
  readonly createdFrom: number;
  readonly createdUntil: number;
}

/** Days of the workspace's time zone may begin before or end after a bound. */
const slackSeconds = 2 * 86_400;

/**
 * A span outside of which nothing that was created can match, read from the `created_at` filters that all must hold. It spares a search
 * the look at every conversation.
 */
export function createdWindowOf(query: unknown): CreatedWindow {
  let createdFrom = Number.NEGATIVE_INFINITY;
  let createdUntil = Number.POSITIVE_INFINITY;
  for (const filter of necessaryFilters(query)) {
    const seconds = Number(filter['value']);
    if (filter['field'] !== 'created_at' || Number.isNaN(seconds)) continue;
    if (filter['operator'] === '>' || filter['operator'] === '>=')
      createdFrom = Math.max(createdFrom, seconds - slackSeconds);
    if (filter['operator'] === '<' || filter['operator'] === '<=')
      createdUntil = Math.min(createdUntil, seconds + slackSeconds);
  }
  return { createdFrom, createdUntil };
}

function* necessaryFilters(query: unknown): Generator<Record<string, unknown>> {
  if (!isRecord(query)) return;
  if (query['operator'] === 'OR') return;
  if (query['operator'] !== 'AND') yield query;
  else if (Array.isArray(query['value']))
    for (const member of query['value']) yield* necessaryFilters(member);
}
