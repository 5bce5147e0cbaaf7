import { subtractDuration } from './duration.ts';
import type { AttributeValue, Facts, Priority } from './facts.ts';
import type { Instant } from './instant.ts';
import type { ById, Choice, Clause, PriorityWord, TimeKey } from './policy.ts';
import { every, not, some, type Truth, truthOf } from './truth.ts';

type ClauseOf<Kind extends Clause<ById>['kind']> = Extract<Clause<ById>, { readonly kind: Kind }>;

/** The one place where a clause meets a fact. An unknown fact makes it unknown. */
export function clauseTruth(clause: Clause<ById>, facts: Facts, now: Instant): Truth {
  switch (clause.kind) {
    case 'state':
      return isChosen(clause.choice, facts.state);
    case 'time':
      return isInTime(clause, timeFact(facts, clause.key), now);
    case 'tags':
      return hasTags(clause, facts.tagIds);
    case 'team':
      return isChosen(clause.choice, facts.teamId);
    case 'assignee':
      return isChosen(clause.choice, facts.assigneeId);
    case 'channel':
      return isChosen(clause.choice, facts.channel);
    case 'initiated_by':
      return isChosen(clause.choice, facts.initiatedBy);
    case 'author_type':
      return isChosen(clause.choice, facts.authorType);
    case 'priority':
      return hasPriority(clause.choice, facts.priority);
    case 'read':
      return isEqual(clause.value, facts.read);
    case 'rating':
      return isInRange(clause, facts.rating);
    case 'contact':
      return isAnyChosen(clause.choice, facts.contactIds);
    case 'company':
      return isChosen(clause.choice, facts.companyId === 'none' ? undefined : facts.companyId);
    case 'attribute':
      return isAttributeChosen(clause.choice, attributeFact(facts, clause.name));
    case 'ai_participated':
      return isEqual(clause.value, facts.aiParticipated);
    case 'ai_resolution':
      return isChosen(clause.choice, facts.aiResolution);
    case 'parts':
      return isInRange(clause, facts.parts);
  }
}

const timeFacts = {
  created: 'createdAt',
  last_activity: 'updatedAt',
  last_contact_reply: 'lastContactReplyAt',
  last_admin_reply: 'lastAdminReplyAt',
  last_closed: 'lastClosedAt',
  waiting_since: 'waitingSinceAt',
} as const satisfies Record<TimeKey, keyof Facts>;

export const timeFact = (facts: Facts, key: TimeKey): Instant | undefined => facts[timeFacts[key]];

export const attributeFact = ({ attributes }: Facts, name: string): AttributeValue | undefined =>
  attributes !== undefined && Object.hasOwn(attributes, name) ? attributes[name] : undefined;

function isEqual<Value>(wanted: Value, fact: Value | undefined): Truth {
  return fact === undefined ? 'unknown' : truthOf(fact === wanted);
}

function isChosen<Value>({ negated, values }: Choice<Value>, fact: Value | undefined): Truth {
  return fact === undefined ? 'unknown' : truthOf(values.includes(fact) !== negated);
}

function isAnyChosen<Value>({ negated, values }: Choice<Value>, facts: readonly Value[] | undefined): Truth {
  return facts === undefined ? 'unknown' : truthOf(facts.some((fact) => values.includes(fact)) !== negated);
}

/** `3` and `"3"` are neither equal nor different: a choice that has no value of the fact's type cannot tell. */
function isAttributeChosen(choice: Choice<AttributeValue>, fact: AttributeValue | undefined): Truth {
  const isComparable = choice.values.some((value) => typeof value === typeof fact);
  return isComparable ? isChosen(choice, fact) : 'unknown';
}

function hasPriority({ negated, values }: Choice<PriorityWord>, level: Priority | undefined): Truth {
  if (level === undefined) return 'unknown';
  const chosen = some(values.map((word) => isPriority(word, level)));
  return negated ? not(chosen) : chosen;
}

function isPriority(word: PriorityWord, level: Priority): Truth {
  if (word === 'priority') return truthOf(level !== 'none');
  if (word === 'not_priority' || word === 'none') return truthOf(level === 'none');
  return level === 'unspecified' ? 'unknown' : truthOf(level === word);
}

function isInTime(demand: ClauseOf<'time'>, fact: Instant | undefined, now: Instant): Truth {
  if (fact === undefined) return 'unknown';
  const { olderThan, newerThan, before, after } = demand;
  return truthOf(
    (olderThan === undefined || fact <= subtractDuration(now, olderThan)) &&
      (newerThan === undefined || fact > subtractDuration(now, newerThan)) &&
      (before === undefined || fact < before) &&
      (after === undefined || fact >= after),
  );
}

function hasTags({ any, all, none }: ClauseOf<'tags'>, tagIds: Facts['tagIds']): Truth {
  if (tagIds === undefined) return 'unknown';
  return every([
    truthOf(any === undefined || any.some((tag) => tagIds.includes(tag))),
    truthOf(all === undefined || all.every((tag) => tagIds.includes(tag))),
    truthOf(none === undefined || !none.some((tag) => tagIds.includes(tag))),
  ]);
}

function isInRange(demand: ClauseOf<'rating' | 'parts'>, fact: number | undefined): Truth {
  if (fact === undefined) return 'unknown';
  const { atLeast, atMost } = demand;
  return truthOf((atLeast === undefined || fact >= atLeast) && (atMost === undefined || fact <= atMost));
}
