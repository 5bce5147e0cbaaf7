import { subtractDuration } from '#policy/duration.ts';
import { conversationStates } from '#policy/facts.ts';
import type { Instant } from '#policy/instant.ts';
import type { ById, Choice, Clause, TimeKey } from '#policy/policy.ts';
import type { FieldFilter } from './search-filter.ts';

/** Each list of filters is an alternative of which one holds; all lists hold at once. None: nothing can be said. */
export type Requirements = readonly (readonly FieldFilter[])[];

type ClauseOf<Kind extends Clause<ById>['kind']> = Extract<Clause<ById>, { readonly kind: Kind }>;

/** What search can say of every conversation for which the clause is true, or, when that is sought, false. */
export function clauseFilters(clause: Clause<ById>, sought: 'true' | 'false', asOf: Instant): Requirements {
  switch (clause.kind) {
    case 'state':
      return isAmong('state', stateChoice(clause.choice, sought), sought);
    case 'time':
      return timeFilters(clause, sought, asOf);
    case 'tags':
      return tagFilters(clause, sought);
    case 'team':
      return isAmong('team_assignee_id', clause.choice, sought, toNumber);
    case 'assignee':
      return isAmong('admin_assignee_id', clause.choice, sought, toNumber);
    case 'channel':
      return isAmong('source.type', clause.choice, sought);
    case 'initiated_by':
      return isAmong('source.delivered_as', clause.choice, sought);
    case 'author_type':
      return isAmong('source.author.type', clause.choice, sought);
    case 'contact':
      return isAmong('contact_ids', clause.choice, sought);
    case 'ai_resolution':
      return isAmong('ai_agent.resolution_state', clause.choice, sought);
    case 'read':
      return is('read', clause.value, sought);
    case 'ai_participated':
      return is('ai_agent_participated', clause.value, sought);
    case 'rating':
      return rangeFilters('conversation_rating.score', clause, sought);
    case 'parts':
      return rangeFilters('statistics.count_conversation_parts', clause, sought);
    case 'priority':
    case 'company':
    case 'attribute':
      // Words that differ between versions, and fields that search does not know.
      return [];
  }
}

/** A negated choice that is false is as good as a plain one that is true. Only that says which values there can be. */
function isAmong<Value extends string>(
  field: string,
  { negated, values }: Choice<Value>,
  sought: 'true' | 'false',
  toWire: (value: Value) => string | number | undefined = (value) => value,
): Requirements {
  if (negated === (sought === 'true')) return [];
  const wire = values.map(toWire).filter((value) => value !== undefined);
  // A value that cannot be asked for is an alternative that cannot be left out.
  return wire.length === values.length && wire.length > 0 ? [[{ field, operator: 'IN', value: wire }]] : [];
}

/** There are three states only, so that none of two means the third. */
const stateChoice = ({ negated, values }: ClauseOf<'state'>['choice'], sought: 'true' | 'false') =>
  negated === (sought === 'true')
    ? { negated: !negated, values: conversationStates.filter((state) => !values.includes(state)) }
    : { negated, values };

/** Team and teammate ids are integers in a search. How it finds the unassigned differs between versions. */
function toNumber(id: string): number | undefined {
  const number = /^\d+$/.test(id) ? Number(id) : 0;
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** What was never set may be false on the object and missing in the index, so that only true is searched for. */
const is = (field: string, value: boolean, sought: 'true' | 'false'): Requirements =>
  value === (sought === 'true') ? [[{ field, operator: '=', value: true }]] : [];

function tagFilters({ any, all, none }: ClauseOf<'tags'>, sought: 'true' | 'false'): Requirements {
  const hasOneOf = (tags: readonly string[]): Requirements => [
    [{ field: 'tag_ids', operator: 'IN', value: tags }],
  ];
  if (sought === 'false') {
    // False because it has a tag of `none`, or because it lacks one, which search cannot say.
    return any === undefined && all === undefined && none !== undefined ? hasOneOf(none) : [];
  }
  return [
    ...(any === undefined ? [] : hasOneOf(any)),
    ...(all ?? []).slice(0, 1).flatMap((tag) => hasOneOf([tag])),
  ];
}

const timeFields = {
  created: 'created_at',
  last_activity: 'updated_at',
  last_contact_reply: 'statistics.last_contact_reply_at',
  last_admin_reply: 'statistics.last_admin_reply_at',
  last_closed: 'statistics.last_close_at',
  waiting_since: 'waiting_since',
} as const satisfies Record<TimeKey, string>;

function timeFilters(clause: ClauseOf<'time'>, sought: 'true' | 'false', asOf: Instant): Requirements {
  const field = timeFields[clause.key];
  const { olderThan, newerThan, before, after } = clause;
  const latest = [before, olderThan && subtractDuration(asOf, olderThan)].filter(isDefined);
  const earliest = [after, newerThan && subtractDuration(asOf, newerThan)].filter(isDefined);
  if (sought === 'true') {
    return [
      ...latest.flatMap((instant) => alone(notAfter(field, instant))),
      ...earliest.flatMap((instant) => alone(notBefore(field, instant))),
    ];
  }
  return together([
    ...latest.map((instant) => notBefore(field, instant)),
    ...earliest.map((instant) => notAfter(field, instant)),
  ]);
}

/**
 * A day, which is 25 hours long when clocks are set back. Whether search compares dates to the second or by whole days in the
 * workspace's time zone, as it does for contacts, is not documented.
 */
const granularityMs = 25 * 3_600_000;

/** At or before `instant`, and some more. */
export const notAfter = (field: string, instant: Instant): FieldFilter => ({
  field,
  operator: '<',
  value: Math.ceil((instant + granularityMs) / 1000) + 1,
});

/** At or after `instant`, and some more; undefined when that is every time there is. */
export function notBefore(field: string, instant: Instant): FieldFilter | undefined {
  return above(field, Math.floor((instant - granularityMs) / 1000));
}

function rangeFilters(
  field: string,
  { atLeast, atMost }: ClauseOf<'rating' | 'parts'>,
  sought: 'true' | 'false',
): Requirements {
  if (sought === 'true') {
    return [
      ...(atLeast === undefined ? [] : alone(above(field, atLeast))),
      ...(atMost === undefined ? [] : alone(below(field, atMost))),
    ];
  }
  return together([
    ...(atLeast === undefined ? [] : [below(field, atLeast - 1)]),
    ...(atMost === undefined ? [] : [above(field, atMost + 1)]),
  ]);
}

/** At least `value`, whether `>` is "greater" or, as the documentation has it, "greater (or equal)". */
const above = (field: string, value: number): FieldFilter | undefined =>
  value > 0 ? { field, operator: '>', value: value - 1 } : undefined;

const below = (field: string, value: number): FieldFilter => ({ field, operator: '<', value: value + 1 });

const alone = (filter: FieldFilter | undefined): Requirements => (filter === undefined ? [] : [[filter]]);

/** One of them holds. When search cannot say one of them, it can say nothing. */
const together = (filters: readonly (FieldFilter | undefined)[]): Requirements => {
  const said = filters.filter(isDefined);
  return said.length === filters.length && said.length > 0 ? [said] : [];
};

const isDefined = <Value>(value: Value | undefined): value is Value => value !== undefined;
