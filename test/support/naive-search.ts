/** An evaluator of searches that is written for plainness: it reads the JSON that is served and shares nothing with the simulator. */

interface Filter {
  readonly field: string;
  readonly operator: string;
  readonly value: unknown;
}
interface Group {
  readonly operator: 'AND' | 'OR';
  readonly value: readonly Query[];
}
export type Query = Filter | Group;

export interface NaiveComparison {
  readonly kind: 'exclusive' | 'inclusive' | 'day';
  readonly timeZone: string;
}

type Json = Readonly<Record<string, unknown>>;

const dates =
  /^(created_at|updated_at|waiting_since|snoozed_until|statistics\..*_at|conversation_rating\.(requested|replied)_at)$/;

/** Whether a conversation in the shape of 2.16 matches. */
export function naivelyMatches(json: Json, query: Query, comparison: NaiveComparison): boolean {
  if ('field' in query) return filterMatches(json, query, comparison);
  const results = query.value.map((member) => naivelyMatches(json, member, comparison));
  return query.operator === 'AND' ? !results.includes(false) : results.includes(true);
}

function filterMatches(json: Json, { field, operator, value }: Filter, comparison: NaiveComparison): boolean {
  if (operator === 'NIN') return !filterMatches(json, { field, operator: 'IN', value }, comparison);
  if (operator === '!=') return !filterMatches(json, { field, operator: '=', value }, comparison);
  if (operator === '!~') return !filterMatches(json, { field, operator: '~', value }, comparison);
  if (operator === 'IN') {
    return (value as unknown[]).some((one) =>
      filterMatches(json, { field, operator: '=', value: one }, comparison),
    );
  }
  const held = valuesOf(json, field);
  if (value === null) return held.length === 0 || (field.endsWith('_assignee_id') && held[0] === 0);
  return held.some((one) => valueMatches(one, operator, value, { ...comparison, field }));
}

function valueMatches(
  held: unknown,
  operator: string,
  wanted: unknown,
  { kind, timeZone, field }: NaiveComparison & { field: string },
) {
  if (typeof held === 'number') {
    const [left, right] =
      kind === 'day' && dates.test(field)
        ? [dayText(held, timeZone), dayText(Number(wanted), timeZone)]
        : [held, Number(wanted)];
    const reaches = kind === 'inclusive' && left === right;
    if (operator === '=') return left === right;
    if (operator === '>') return left > right || reaches;
    if (operator === '<') return left < right || reaches;
    return operator === '>=' ? left >= right : left <= right;
  }
  if (typeof held === 'boolean') return String(held) === String(wanted);
  const [text, part] = [String(held).toLowerCase(), String(wanted).toLowerCase()];
  if (operator === '~') return text.includes(part);
  if (operator === '^') return text.startsWith(part);
  if (operator === '$') return text.endsWith(part);
  return field === 'source.body' ? text.split(/\W+/).includes(part) : held === wanted;
}

/** Dates of a Swedish calendar sort as text. */
const dayText = (seconds: number, timeZone: string): string =>
  new Date(seconds * 1000).toLocaleDateString('sv-SE', { timeZone });

/** Searches call some things by other names than the object does. */
const otherNames: Readonly<Record<string, string>> = {
  channel_initiated: 'source.type',
  'conversation_rating.score': 'conversation_rating.rating',
  'conversation_rating.requested_at': 'conversation_rating.created_at',
  'conversation_rating.replied_at': 'conversation_rating.updated_at',
  'conversation_rating.contact_id': 'conversation_rating.contact.id',
  'conversation_rating.admin_d': 'conversation_rating.teammate.id',
  contact_ids: 'contacts.contacts.id',
  teammate_ids: 'teammates.teammates.id',
  tag_ids: 'tags.tags.id',
};

/** What a conversation holds under the name of a search field; nothing where it is null. */
export function valuesOf(json: Json, field: string): unknown[] {
  return (otherNames[field] ?? field).split('.').reduce<unknown[]>(
    (nodes, name) =>
      nodes
        .flatMap((node) => (node as Json | null)?.[name] ?? [])
        .flat()
        .filter((node) => node !== null),
    [json],
  );
}
