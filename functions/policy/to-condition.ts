import type { ConditionDocument } from './condition-schema.ts';
import { brandId } from './ids.ts';
import { type ByName, type Choice, type Clause, type Condition, timeKeys } from './policy.ts';

/** A condition that demands one thing is that thing; several are a conjunction. */
export function toCondition(document: ConditionDocument): Condition<ByName> {
  const parts = [...toClauses(document), ...toNested(document)];
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : { kind: 'all', of: parts };
}

function* toNested({ all, any, not }: ConditionDocument): Generator<Condition<ByName>> {
  if (all !== undefined) yield { kind: 'all', of: all.map(toCondition) };
  if (any !== undefined) yield { kind: 'any', of: any.map(toCondition) };
  if (not !== undefined) yield { kind: 'not', of: toCondition(not) };
}

function* toClauses(document: ConditionDocument): Generator<Clause<ByName>> {
  const { state, tags, read, rating, contact, company, attributes, ai, parts } = document;
  if (state !== undefined) yield { kind: 'state', choice: state };
  yield* toTimeClauses(document);
  if (tags !== undefined) yield { kind: 'tags', any: tags.any, all: tags.all, none: tags.none };
  yield* toWordClauses(document);
  if (read !== undefined) yield { kind: 'read', value: read };
  if (rating !== undefined) yield { kind: 'rating', atLeast: rating.at_least, atMost: rating.at_most };
  if (contact !== undefined) yield { kind: 'contact', choice: toIds(contact) };
  if (company !== undefined) yield { kind: 'company', choice: toIds(company) };
  yield* toAttributeClauses(attributes ?? {});
  if (ai?.participated !== undefined) yield { kind: 'ai_participated', value: ai.participated };
  if (ai?.resolution !== undefined) yield { kind: 'ai_resolution', choice: ai.resolution };
  if (parts !== undefined) yield { kind: 'parts', atLeast: parts.at_least, atMost: parts.at_most };
}

/** In the order of their names, so that the order in the file, which the hash does not cover, does not show. */
function* toAttributeClauses(
  attributes: NonNullable<ConditionDocument['attributes']>,
): Generator<Clause<ByName>> {
  for (const name of Object.keys(attributes).toSorted()) {
    const choice = attributes[name];
    if (choice !== undefined) yield { kind: 'attribute', name, choice };
  }
}

function* toTimeClauses(document: ConditionDocument): Generator<Clause<ByName>> {
  for (const key of timeKeys) {
    const time = document[key];
    if (time === undefined) continue;
    const { older_than: olderThan, newer_than: newerThan, before, after } = time;
    yield { kind: 'time', key, olderThan, newerThan, before, after };
  }
}

function* toWordClauses(document: ConditionDocument): Generator<Clause<ByName>> {
  const { priority } = document;
  for (const kind of ['team', 'assignee', 'channel', 'initiated_by', 'author_type'] as const) {
    const choice = document[kind];
    if (choice !== undefined) yield { kind, choice };
  }
  if (priority !== undefined) yield { kind: 'priority', choice: priority };
}

const toIds = <Id extends string>({ negated, values }: Choice<string>): Choice<Id> => ({
  negated,
  values: values.map((value) => brandId<Id>(value)),
});
