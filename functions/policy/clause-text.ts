import { attributeFact, timeFact } from './clause-truth.ts';
import type { Directory } from './directory.ts';
import { formatDuration, subtractDuration } from './duration.ts';
import { factName } from './fact-name.ts';
import type { Facts } from './facts.ts';
import { type Instant, toIso } from './instant.ts';
import type { ById, Choice, Clause } from './policy.ts';

type ClauseOf<Kind extends Clause<ById>['kind']> = Extract<Clause<ById>, { readonly kind: Kind }>;

/** What a clause demands, for a person: `last_activity older_than 2y (at or before 2023-11-21T12:00:00.000Z)`. */
export function demandText(clause: Clause<ById>, now: Instant, directory: Directory): string {
  return `${factName(clause)} ${wordsOf(clause, now, directory)}`;
}

function wordsOf(clause: Clause<ById>, now: Instant, directory: Directory): string {
  switch (clause.kind) {
    case 'time':
      return timeWords(clause, now);
    case 'tags':
      return tagWords(clause, directory);
    case 'team':
      return choiceWords(clause.choice, (id) => nameOf(directory.teams, id));
    case 'assignee':
      return choiceWords(clause.choice, (id) => nameOf(directory.admins, id));
    case 'read':
    case 'ai_participated':
      return `is ${clause.value}`;
    case 'rating':
    case 'parts':
      return rangeWords(clause);
    case 'attribute':
      return choiceWords(clause.choice, (value) => JSON.stringify(value));
    case 'state':
    case 'channel':
    case 'initiated_by':
    case 'author_type':
    case 'priority':
    case 'contact':
    case 'company':
    case 'ai_resolution':
      return choiceWords<string>(clause.choice, (word) => word);
  }
}

function choiceWords<Value>({ negated, values }: Choice<Value>, toText: (value: Value) => string): string {
  const words = values.map(toText).join(', ');
  if (values.length === 1) return negated ? `is not ${words}` : `is ${words}`;
  return negated ? `is none of ${words}` : `is one of ${words}`;
}

function timeWords({ olderThan, newerThan, before, after }: ClauseOf<'time'>, now: Instant): string {
  const words = [
    olderThan &&
      `older_than ${formatDuration(olderThan)} (at or before ${toIso(subtractDuration(now, olderThan))})`,
    newerThan && `newer_than ${formatDuration(newerThan)} (after ${toIso(subtractDuration(now, newerThan))})`,
    before === undefined ? undefined : `before ${toIso(before)}`,
    after === undefined ? undefined : `at or after ${toIso(after)}`,
  ];
  return together(words);
}

function tagWords({ any, all, none }: ClauseOf<'tags'>, { tags }: Directory): string {
  const list = (ids: readonly ById['tag'][]): string => ids.map((id) => nameOf(tags, id)).join(', ');
  return together([
    any && `any of ${list(any)}`,
    all && `all of ${list(all)}`,
    none && `none of ${list(none)}`,
  ]);
}

const rangeWords = ({ atLeast, atMost }: ClauseOf<'rating' | 'parts'>): string =>
  together([
    atLeast === undefined ? undefined : `at_least ${atLeast}`,
    atMost === undefined ? undefined : `at_most ${atMost}`,
  ]);

const together = (words: readonly (string | undefined)[]): string =>
  words.filter((word) => word !== undefined).join(' and ');

/** What is known of the fact that a clause looks at. Of a custom attribute only what the policy itself names is shown. */
export function factText(clause: Clause<ById>, facts: Facts, directory: Directory): string {
  switch (clause.kind) {
    case 'state':
      return known(facts.state);
    case 'time':
      return timeText(timeFact(facts, clause.key));
    case 'tags':
      return listText(facts.tagIds?.map((id) => nameOf(directory.tags, id)));
    case 'team':
      return known(facts.teamId && nameOf(directory.teams, facts.teamId));
    case 'assignee':
      return known(facts.assigneeId && nameOf(directory.admins, facts.assigneeId));
    case 'channel':
      return known(facts.channel);
    case 'initiated_by':
      return known(facts.initiatedBy);
    case 'author_type':
      return known(facts.authorType);
    case 'priority':
      return known(facts.priority);
    case 'read':
      return known(facts.read);
    case 'rating':
      return known(facts.rating);
    case 'contact':
      return listText(facts.contactIds);
    case 'company':
      return known(facts.companyId);
    case 'attribute': {
      const value = attributeFact(facts, clause.name);
      return value === undefined || clause.choice.values.includes(value) ? known(value) : 'another value';
    }
    case 'ai_participated':
      return known(facts.aiParticipated);
    case 'ai_resolution':
      return known(facts.aiResolution);
    case 'parts':
      return known(facts.parts);
  }
}

export const known = (fact: string | number | boolean | undefined): string => String(fact ?? 'unknown');

export const timeText = (fact: Instant | undefined): string =>
  known(fact === undefined ? undefined : toIso(fact));

export function listText(words: readonly string[] | undefined): string {
  if (words === undefined) return 'unknown';
  return words.length === 0 ? 'none' : words.join(', ');
}

/** An id with its name, when the directory has it. */
export function nameOf(entries: Directory[keyof Directory], id: string): string {
  const entry = entries.find((each) => each.id === id);
  return entry === undefined ? id : `${entry.name} (${id})`;
}
