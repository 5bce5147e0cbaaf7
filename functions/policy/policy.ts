import type { AttributeValue, ConversationState } from './facts.ts';
import type { AdminId, CompanyId, ContactId, RuleId, TagId, TeamId, WorkspaceId } from './ids.ts';
import type { Instant } from './instant.ts';

/** A calendar length, counted back from now in UTC: `2y`, `18mo`, `6w`, `30d`, `12h`, `15m`, `0s`. */
export interface Duration {
  readonly amount: number;
  readonly unit: 's' | 'm' | 'h' | 'd' | 'w' | 'mo' | 'y';
}

/** An exact share of a whole, `numerator / denominator`; `2.5%` is 25/1000. */
export interface Share {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** What makes a rule look at conversations: the schedule (and `retention run`), or an event. */
export const triggers = [
  'schedule',
  'conversation.admin.closed',
  'conversation_part.tag.created',
  'contact.deleted',
  'conversation.deletion.requested',
] as const;
export type RuleTrigger = (typeof triggers)[number];

/** The protections that a rule may set aside by name in `despite`. */
export const overridableProtections = ['minimum_age', 'open', 'tickets'] as const;
export type OverridableProtection = (typeof overridableProtections)[number];
export type Protection = OverridableProtection | 'tags' | 'teams';

/** How tags, teams and teammates are named: by name in a policy as written, by id once it is resolved. */
export interface References {
  readonly tag: string;
  readonly team: string;
  readonly admin: string;
}
export interface ByName extends References {}
export interface ById extends References {
  readonly tag: TagId;
  readonly team: TeamId;
  readonly admin: AdminId;
}

export const timeKeys = [
  'created',
  'last_activity',
  'last_contact_reply',
  'last_admin_reply',
  'last_closed',
  'waiting_since',
] as const;
export type TimeKey = (typeof timeKeys)[number];

/** One value out of several, or none of several. */
export interface Choice<Value> {
  readonly negated: boolean;
  readonly values: readonly Value[];
}

/** One key of a `when`, with everything that it demands at once (a conjunction). */
export type Clause<Ref extends References> =
  | { readonly kind: 'state'; readonly choice: Choice<ConversationState> }
  | {
      readonly kind: 'time';
      readonly key: TimeKey;
      /** At least this long ago. */
      readonly olderThan: Duration | undefined;
      /** Less than this long ago. */
      readonly newerThan: Duration | undefined;
      /** Strictly earlier than. */
      readonly before: Instant | undefined;
      /** At or later than. */
      readonly after: Instant | undefined;
    }
  | {
      readonly kind: 'tags';
      readonly any: readonly Ref['tag'][] | undefined;
      readonly all: readonly Ref['tag'][] | undefined;
      readonly none: readonly Ref['tag'][] | undefined;
    }
  | { readonly kind: 'team'; readonly choice: Choice<Ref['team'] | 'unassigned'> }
  | { readonly kind: 'assignee'; readonly choice: Choice<Ref['admin'] | 'unassigned'> }
  | { readonly kind: 'channel'; readonly choice: Choice<string> }
  | { readonly kind: 'initiated_by'; readonly choice: Choice<string> }
  | { readonly kind: 'author_type'; readonly choice: Choice<string> }
  | { readonly kind: 'priority'; readonly choice: Choice<PriorityWord> }
  | { readonly kind: 'read'; readonly value: boolean }
  | { readonly kind: 'rating'; readonly atLeast: number | undefined; readonly atMost: number | undefined }
  | { readonly kind: 'contact'; readonly choice: Choice<ContactId> }
  | { readonly kind: 'company'; readonly choice: Choice<CompanyId> }
  | { readonly kind: 'attribute'; readonly name: string; readonly choice: Choice<AttributeValue> }
  | { readonly kind: 'ai_participated'; readonly value: boolean }
  | { readonly kind: 'ai_resolution'; readonly choice: Choice<string> }
  | { readonly kind: 'parts'; readonly atLeast: number | undefined; readonly atMost: number | undefined };

/** The words of both vocabularies: the levels of 2.16, and `priority` / `not_priority` of the versions before it. */
export const priorityWords = ['none', 'low', 'medium', 'high', 'urgent', 'priority', 'not_priority'] as const;
export type PriorityWord = (typeof priorityWords)[number];

export type Condition<Ref extends References> =
  | { readonly kind: 'all'; readonly of: readonly Condition<Ref>[] }
  | { readonly kind: 'any'; readonly of: readonly Condition<Ref>[] }
  | { readonly kind: 'not'; readonly of: Condition<Ref> }
  | Clause<Ref>;

export interface Rule<Ref extends References> {
  readonly id: RuleId;
  readonly description: string | undefined;
  readonly legalBasis: string | undefined;
  readonly on: readonly RuleTrigger[];
  readonly when: Condition<Ref>;
  readonly despite: readonly OverridableProtection[];
  readonly retainMetrics: boolean;
}

export interface Limits {
  readonly perRun: number;
  /** In a rolling 24 hours, all triggers together. */
  readonly perDay: number;
  readonly shareOfWorkspace: Share;
  readonly failures: Share;
  readonly whenExceeded: 'stop' | 'trim';
}

export interface Protections<Ref extends References> {
  /** Since last activity. */
  readonly minimumAge: Duration;
  readonly open: boolean;
  readonly tickets: boolean;
  readonly tags: readonly Ref['tag'][];
  readonly teams: readonly Ref['team'][];
}

interface Policy<Ref extends References> {
  readonly workspaceId: WorkspaceId;
  readonly mode: 'observe' | 'delete';
  readonly approval: 'standing' | 'each_run';
  readonly scan: 'auto' | 'search' | 'list';
  readonly recheckAfter: Duration;
  /** The share of Intercom's rate-limit window that this tool may use; above 0, at most 1. */
  readonly pace: Share;
  readonly limits: Limits;
  readonly protect: Protections<Ref>;
  readonly rules: readonly Rule<Ref>[];
}

/** A policy as written: tags, teams and teammates by name. */
export type NamedPolicy = Policy<ByName>;
/** A policy that can judge: every name resolved to an id of the workspace. */
export type ResolvedPolicy = Policy<ById>;
