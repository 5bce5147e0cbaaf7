import { subtractDuration } from './duration.ts';
import { type Instant, toIso } from './instant.ts';
import type { ByName, Choice, Clause, Condition, Duration } from './policy.ts';

/** One line of a condition in plain English. Lines that are deeper belong to the line above them. */
export interface ConditionLine {
  readonly depth: number;
  readonly text: string;
}

type ClauseOf<Kind extends Clause<ByName>['kind']> = Extract<Clause<ByName>, { readonly kind: Kind }>;

/**
 * What a condition demands, for somebody who has never seen a policy: every line must hold, unless the line above it says
 * otherwise. Lengths of time are given with the date that they came to at `asOf`. Certificates are verified by these words, so other
 * words need another layout of certificates, beside this one.
 */
export function conditionWords(condition: Condition<ByName>, asOf: Instant): readonly ConditionLine[] {
  return condition.kind === 'all'
    ? condition.of.flatMap((part) => linesOf(part, asOf, 0))
    : linesOf(condition, asOf, 0);
}

function linesOf(condition: Condition<ByName>, asOf: Instant, depth: number): readonly ConditionLine[] {
  const under = (text: string, parts: readonly Condition<ByName>[]): readonly ConditionLine[] => [
    { depth, text },
    ...parts.flatMap((part) => linesOf(part, asOf, depth + 1)),
  ];
  if (condition.kind === 'all') return under('all of these hold:', condition.of);
  if (condition.kind === 'any') return under('at least one of these holds:', condition.of);
  if (condition.kind === 'not') return under('this does not hold:', [condition.of]);
  return [{ depth, text: clauseWords(condition, asOf) }];
}

function clauseWords(clause: Clause<ByName>, asOf: Instant): string {
  switch (clause.kind) {
    case 'time':
      return timeWords(clause, asOf);
    case 'tags':
      return tagWords(clause);
    case 'read':
      return clause.value ? 'the conversation has been read' : 'the conversation has not been read';
    case 'ai_participated':
      return clause.value ? 'the AI agent took part' : 'the AI agent did not take part';
    case 'rating':
    case 'parts':
      return rangeWords(clause);
    case 'attribute':
      return `the attribute ${quoted(clause.name)} ${choiceWords(clause.choice)}`;
    case 'state':
    case 'team':
    case 'assignee':
    case 'channel':
    case 'initiated_by':
    case 'author_type':
    case 'priority':
    case 'contact':
    case 'company':
    case 'ai_resolution':
      return `the ${subjects[clause.kind]} ${choiceWords<string>(clause.choice)}`;
  }
}

const subjects = {
  state: 'state',
  team: 'assigned team',
  assignee: 'assigned teammate',
  channel: 'channel',
  initiated_by: 'way it began',
  author_type: 'kind of author',
  priority: 'priority',
  contact: 'contact who takes part',
  company: 'company',
  ai_resolution: 'AI agent’s resolution',
} as const;

const times = {
  created: 'creation',
  last_activity: 'last activity',
  last_contact_reply: 'last reply of a contact',
  last_admin_reply: 'last reply of a teammate',
  last_closed: 'last closing',
  waiting_since: 'beginning of the wait for a teammate',
} as const;

function timeWords({ key, olderThan, newerThan, before, after }: ClauseOf<'time'>, asOf: Instant): string {
  const words = [
    olderThan &&
      `at least ${lengthWords(olderThan)} ago (${moment(subtractDuration(asOf, olderThan))} or earlier)`,
    newerThan &&
      `less than ${lengthWords(newerThan)} ago (later than ${moment(subtractDuration(asOf, newerThan))})`,
    before === undefined ? undefined : `before ${moment(before)}`,
    after === undefined ? undefined : `at or after ${moment(after)}`,
  ];
  return `the ${times[key]} was ${joined(words)}`;
}

function tagWords({ any, all, none }: ClauseOf<'tags'>): string {
  const list = (names: readonly string[]): string => names.map(quoted).join(', ');
  return joined([
    any && `the conversation carries at least one of the tags ${list(any)}`,
    all && `the conversation carries every one of the tags ${list(all)}`,
    none && `the conversation carries none of the tags ${list(none)}`,
  ]);
}

function rangeWords({ kind, atLeast, atMost }: ClauseOf<'rating' | 'parts'>): string {
  const subject = kind === 'rating' ? 'rating' : 'number of parts';
  const words = [
    atLeast === undefined ? undefined : `at least ${atLeast}`,
    atMost === undefined ? undefined : `at most ${atMost}`,
  ];
  return `the ${subject} is ${joined(words)}`;
}

function choiceWords<Value extends string | number | boolean>({ negated, values }: Choice<Value>): string {
  const words = values.map((value) => (typeof value === 'string' ? quoted(value) : String(value))).join(', ');
  if (values.length === 1) return negated ? `is not ${words}` : `is ${words}`;
  return negated ? `is none of ${words}` : `is one of ${words}`;
}

/** Words of the policy's author, kept apart from ours. */
const quoted = (text: string): string => `“${text}”`;

const joined = (words: readonly (string | undefined)[]): string =>
  words.filter((word) => word !== undefined).join(' and ');

const units: Readonly<Record<Duration['unit'], string>> = {
  s: 'second',
  m: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
  mo: 'month',
  y: 'year',
};

const lengthWords = ({ amount, unit }: Duration): string =>
  `${amount} ${units[unit]}${amount === 1 ? '' : 's'}`;

/** To the second: `2023-11-21 12:00:00 UTC`. */
const moment = (at: Instant): string => `${toIso(at).slice(0, 19).replace('T', ' ')} UTC`;
