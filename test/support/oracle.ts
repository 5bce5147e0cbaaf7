/**
 * A second opinion on what a policy says of a conversation, written from DESIGN.md and docs/policy.md alone. It shares
 * no code with functions/ and is built differently: it works on the policy document and on Intercom's JSON as they are,
 * and asks two questions of every condition, "surely true?" and "surely false?", instead of computing with three values.
 */

type Json = { readonly [key: string]: unknown };
type Answer = boolean | undefined;

export interface OracleDirectory {
  readonly tags: readonly { readonly id: string; readonly name: string }[];
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  readonly admins: readonly { readonly id: string; readonly name: string }[];
}

interface Case {
  readonly conversation: Json;
  readonly nowMs: number;
  readonly directory: OracleDirectory;
}

/** @param conversation Intercom's JSON object in the shape of 2.16. @param trigger `schedule`, or the topic of an event. */
export function oracleVerdict(
  policy: Json,
  conversation: Json,
  nowMs: number,
  directory: OracleDirectory,
  trigger: string,
): { readonly delete: string } | { readonly keep: true } {
  const judged: Case = { conversation, nowMs, directory };
  for (const rule of list(policy['rules']).map(object)) {
    const isOn = list(rule['on'] ?? 'schedule').includes(trigger);
    if (
      isOn &&
      isEssentialKnown(conversation) &&
      isFree(policy, rule, judged) &&
      isSurely(true, rule['when'], judged)
    ) {
      return { delete: String(rule['id']) };
    }
  }
  return { keep: true };
}

/** Why a conversation stays that no rule deletes: the strongest reason that any rule on this trigger gives. */
export function oracleKeepReason(
  policy: Json,
  conversation: Json,
  nowMs: number,
  directory: OracleDirectory,
  trigger: string,
): 'protected' | 'unknown_fact' | 'no_rule_matched' {
  const judged: Case = { conversation, nowMs, directory };
  const rules = list(policy['rules'])
    .map(object)
    .filter((rule) => list(rule['on'] ?? 'schedule').includes(trigger));
  const matching = rules.filter((rule) => isSurely(true, rule['when'], judged));
  if (matching.some((rule) => !isFree(policy, rule, judged))) return 'protected';
  const undecided = rules.filter((rule) => !isSurely(false, rule['when'], judged));
  return undecided.length > 0 ? 'unknown_fact' : 'no_rule_matched';
}

const isEssentialKnown = (conversation: Json): boolean =>
  stateOf(conversation) !== undefined &&
  number(conversation['created_at']) !== undefined &&
  number(conversation['updated_at']) !== undefined;

// ── Protections: each must be known not to apply ──────────────────────────────────────────────────────────────────

function isFree(policy: Json, rule: Json, judged: Case): boolean {
  const protect = object(policy['protect']);
  const { conversation, nowMs, directory } = judged;
  const despite = list(rule['despite']);
  const updatedAt = number(conversation['updated_at']);
  const tags = tagsOf(conversation);
  const team = assigneeOf(conversation['team_assignee_id']);
  const protectedTags = list(protect['tags']).map((name) => idOf(directory.tags, name));
  const protectedTeams = list(protect['teams']).map((name) => idOf(directory.teams, name));
  const ageFloor = ago(text(protect['minimum_age']) ?? '30d', nowMs);
  return [
    protectedTags.length === 0 || (tags !== undefined && !tags.some((tag) => protectedTags.includes(tag))),
    protectedTeams.length === 0 || (team !== undefined && !protectedTeams.includes(team)),
    despite.includes('open') || protect['open'] === false || stateOf(conversation) === 'closed',
    despite.includes('tickets') || protect['tickets'] === false || ticketOf(conversation) === false,
    despite.includes('minimum_age') || (updatedAt !== undefined && updatedAt * 1000 <= ageFloor),
  ].every(Boolean);
}

// ── Conditions ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Whether the condition is surely true (or, for `wanted` false, surely false). Unknown is neither. */
function isSurely(wanted: boolean, condition: unknown, judged: Case): boolean {
  const entries = Object.entries(object(condition));
  const check = ([key, demand]: [string, unknown]): boolean => {
    if (key === 'not') return isSurely(!wanted, demand, judged);
    const parts = key === 'all' || key === 'any' ? list(demand) : [];
    const part = (each: unknown) => isSurely(wanted, each, judged);
    if (key === 'all') return wanted ? parts.every(part) : parts.some(part);
    if (key === 'any') return wanted ? parts.some(part) : parts.every(part);
    const answers = answersTo(key, demand, judged); // all of which must hold
    return wanted ? answers.every((each) => each === true) : answers.some((each) => each === false);
  };
  return wanted ? entries.every(check) : entries.some(check);
}

function answersTo(
  key: string,
  demand: unknown,
  { conversation, nowMs, directory }: Case,
): readonly Answer[] {
  const statistics = object(conversation['statistics']);
  const source = object(conversation['source']);
  switch (key) {
    case 'state':
      return [choose(demand, stateOf(conversation))];
    case 'created':
      return timeAnswers(demand, conversation['created_at'], nowMs);
    case 'last_activity':
      return timeAnswers(demand, conversation['updated_at'], nowMs);
    case 'last_contact_reply':
      return timeAnswers(demand, statistics['last_contact_reply_at'], nowMs);
    case 'last_admin_reply':
      return timeAnswers(demand, statistics['last_admin_reply_at'], nowMs);
    case 'last_closed':
      return timeAnswers(demand, statistics['last_close_at'], nowMs);
    case 'waiting_since':
      return timeAnswers(demand, conversation['waiting_since'], nowMs);
    case 'tags':
      return tagAnswers(object(demand), tagsOf(conversation), directory);
    case 'team':
      return [choose(withIds(demand, directory.teams), assigneeOf(conversation['team_assignee_id']))];
    case 'assignee':
      return [choose(withIds(demand, directory.admins), assigneeOf(conversation['admin_assignee_id']))];
    case 'channel':
      return [choose(demand, text(source['type']))];
    case 'initiated_by':
      return [choose(demand, text(source['delivered_as']))];
    case 'author_type':
      return [choose(demand, text(object(source['author'])['type']))];
    case 'priority':
      return [choosePriority(demand, text(conversation['priority']))];
    case 'read':
      return [typeof conversation['read'] === 'boolean' ? conversation['read'] === demand : undefined];
    case 'rating':
      return rangeAnswers(object(demand), number(object(conversation['conversation_rating'])['rating']));
    case 'contact':
      return [chooseAny(demand, contactsOf(conversation))];
    case 'company':
      return [choose(demand, text(object(conversation['company'])['id']))];
    case 'attributes':
      return Object.entries(object(demand)).map(([name, wanted]) =>
        chooseAttribute(wanted, own(object(conversation['custom_attributes']), name)),
      );
    case 'ai':
      return aiAnswers(object(demand), conversation);
    case 'parts':
      return rangeAnswers(object(demand), number(statistics['count_conversation_parts']));
    default:
      throw new Error(`The oracle does not know the key ${key}.`);
  }
}

const alternatives = (demand: unknown): readonly unknown[] => list(isObject(demand) ? demand['not'] : demand);
const isNegated = (demand: unknown): boolean => isObject(demand);

function choose(demand: unknown, fact: unknown): Answer {
  if (fact === undefined) return undefined;
  return alternatives(demand).some((each) => each === fact) ? !isNegated(demand) : isNegated(demand);
}

function chooseAny(demand: unknown, facts: readonly unknown[] | undefined): Answer {
  if (facts === undefined) return undefined;
  const meets = facts.some((fact) => alternatives(demand).includes(fact));
  return isNegated(demand) ? !meets : meets;
}

/** Text, numbers and booleans cannot be compared with one another. */
function chooseAttribute(demand: unknown, fact: unknown): Answer {
  if (!['string', 'number', 'boolean'].includes(typeof fact)) return undefined;
  if (!alternatives(demand).some((each) => typeof each === typeof fact)) return undefined;
  return choose(demand, fact);
}

const aboveNone = ['low', 'medium', 'high', 'urgent'];
/** 2.13 to 2.15 say only `priority` (some level above none) or `not_priority`. */
function choosePriority(demand: unknown, fact: string | undefined): Answer {
  const level = fact === 'not_priority' ? 'none' : fact;
  if (level === undefined || !['none', 'priority', ...aboveNone].includes(level)) return undefined;
  const levels = alternatives(demand).flatMap((word) => {
    if (word === 'priority') return [...aboveNone, 'priority'];
    return word === 'not_priority' ? ['none'] : [word];
  });
  const named = levels.includes(level);
  if (level === 'priority' && !named && levels.some((each) => aboveNone.includes(String(each))))
    return undefined;
  return isNegated(demand) ? !named : named;
}

function timeAnswers(demand: unknown, seconds: unknown, nowMs: number): readonly Answer[] {
  const at = number(seconds);
  return Object.entries(object(demand)).map(([bound, value]) => {
    if (at === undefined) return undefined;
    const written = String(value);
    if (bound === 'older_than') return at * 1000 <= ago(written, nowMs);
    if (bound === 'newer_than') return at * 1000 > ago(written, nowMs);
    const date = new Date(written).getTime();
    return bound === 'before' ? at * 1000 < date : at * 1000 >= date;
  });
}

function tagAnswers(
  demand: Json,
  tags: readonly string[] | undefined,
  directory: OracleDirectory,
): readonly Answer[] {
  return Object.entries(demand).map(([quantifier, names]) => {
    if (tags === undefined) return undefined;
    const present = list(names).filter((name) => tags.includes(idOf(directory.tags, name))).length;
    if (quantifier === 'any') return present > 0;
    return quantifier === 'all' ? present === list(names).length : present === 0;
  });
}

function rangeAnswers(demand: Json, fact: number | undefined): readonly Answer[] {
  return Object.entries(demand).map(([bound, value]) => {
    if (fact === undefined) return undefined;
    return bound === 'at_least' ? fact >= Number(value) : fact <= Number(value);
  });
}

function aiAnswers(demand: Json, conversation: Json): readonly Answer[] {
  const participated = conversation['ai_agent_participated'];
  return Object.entries(demand).map(([key, wanted]) => {
    if (key === 'resolution')
      return choose(wanted, text(object(conversation['ai_agent'])['resolution_state']));
    return typeof participated === 'boolean' ? participated === wanted : undefined;
  });
}

// ── Time ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Milliseconds of the moment that lies this long before; months and years by the calendar, in UTC. */
function ago(duration: string, nowMs: number): number {
  const [, digits = '0', unit = ''] = /^(\d+)(\D+)$/.exec(duration) ?? [];
  const amount = Number(digits);
  if (unit === 'mo') return monthsBefore(nowMs, amount);
  if (unit === 'y') return monthsBefore(nowMs, amount * 12);
  const secondsOf: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
  return nowMs - amount * (secondsOf[unit] ?? Number.NaN) * 1000;
}

function monthsBefore(nowMs: number, months: number): number {
  const now = new Date(nowMs);
  const month = now.getUTCFullYear() * 12 + now.getUTCMonth() - months;
  const daysInMonth = new Date(Date.UTC(Math.floor(month / 12), (month % 12) + 1, 0)).getUTCDate();
  const day = Math.min(now.getUTCDate(), daysInMonth);
  return Date.UTC(Math.floor(month / 12), month % 12, day) + (nowMs % 86_400_000);
}

// ── Reading Intercom's JSON ───────────────────────────────────────────────────────────────────────────────────────

function stateOf(conversation: Json): string | undefined {
  const state = text(conversation['state']);
  return state === 'open' || state === 'closed' || state === 'snoozed' ? state : undefined;
}

function tagsOf(conversation: Json): readonly string[] | undefined {
  const { tags } = object(conversation['tags']);
  return Array.isArray(tags) ? tags.map((tag) => String(object(tag)['id'])) : undefined;
}

function contactsOf(conversation: Json): readonly string[] | undefined {
  const { contacts } = object(conversation['contacts']);
  return Array.isArray(contacts) ? contacts.map((contact) => String(object(contact)['id'])) : undefined;
}

function assigneeOf(id: unknown): string | undefined {
  if (id === null || id === 0) return 'unassigned';
  return typeof id === 'number' ? id.toString() : text(id);
}

function ticketOf(conversation: Json): Answer {
  const linked = object(conversation['linked_objects']);
  const links = Array.isArray(linked['data']) ? linked['data'] : undefined;
  if (isObject(conversation['ticket'])) return true;
  if (links?.some((link) => object(link)['type'] === 'ticket')) return true;
  if (conversation['ticket'] === null) return false;
  return conversation['ticket'] === undefined && links !== undefined && linked['has_more'] !== true
    ? false
    : undefined;
}

function idOf(entries: OracleDirectory['tags'], name: unknown): string {
  const entry = entries.find((each) => each.name === name) ?? entries.find((each) => each.id === name);
  if (entry === undefined) throw new Error(`The oracle's directory has no ${String(name)}.`);
  return entry.id;
}

function withIds(demand: unknown, entries: OracleDirectory['tags']): unknown {
  const ids = alternatives(demand).map((name) => (name === 'unassigned' ? name : idOf(entries, name)));
  return isNegated(demand) ? { not: ids } : ids;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const object = (value: unknown): Json => (isObject(value) ? value : {});
const own = (holder: Json, key: string): unknown => (Object.hasOwn(holder, key) ? holder[key] : undefined);
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** A single value stands for a list of one; nothing for an empty one. */
function list(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
