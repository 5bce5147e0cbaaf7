import type { ConversationState } from '#policy/facts.ts';
import type {
  ConversationId,
  PlanId,
  PolicyHash,
  RuleId,
  RunId,
  TagId,
  TeamId,
  WorkspaceId,
} from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';

export const runTriggers = ['schedule', 'manual', 'webhook', 'erasure'] as const;
/** What started a run. */
export type RunTrigger = (typeof runTriggers)[number];

/** What may start a run of the whole policy. */
export const sweepTriggers = ['schedule', 'manual'] as const satisfies readonly RunTrigger[];
export type SweepTrigger = (typeof sweepTriggers)[number];

export const outcomeKinds = ['deleted', 'not_found', 'unresolved', 'failed', 'kept'] as const;
/**
 * `deleted`: Intercom said so. `not_found`: a 404 and nothing else. `unresolved`: the answer to a DELETE was lost and the
 * conversation is not there any more. `failed`: Intercom refused. `kept`: spared at the last moment, with the reason.
 */
export type OutcomeKind = (typeof outcomeKinds)[number];

/** `stopped`: its run ended, and was not allowed to go on, before the conversation's turn came. */
export type KeptReason = 'held' | 'changed' | 'protected' | 'over_limit' | 'stopped';

/** The facts that stay in the audit. Ids, times and a state: nothing personal. */
export interface AuditFacts {
  readonly state: ConversationState | undefined;
  readonly createdAt: Instant | undefined;
  readonly updatedAt: Instant | undefined;
  readonly tagIds: readonly TagId[] | undefined;
  readonly teamId: TeamId | 'unassigned' | undefined;
  readonly hasTicket: boolean | undefined;
}

/** How one intent ended. Written once, never changed. */
export interface Outcome {
  readonly workspaceId: WorkspaceId;
  readonly conversationId: ConversationId;
  readonly outcome: OutcomeKind;
  /** Why, in a word or a short code: the kept reason, Intercom's error code, how the answer was lost. Null when `deleted` as stored. */
  readonly reason: string | null;
  readonly ruleId: RuleId;
  readonly policyHash: PolicyHash;
  readonly runId: RunId;
  readonly trigger: RunTrigger;
  /** The flag that was sent, or would have been. */
  readonly retainMetrics: boolean;
  /** When the plan was judged. */
  readonly plannedAt: Instant;
  /** When the DELETE was sent; null when none was. */
  readonly attemptedAt: Instant | null;
  /** When Intercom said `deleted`; null otherwise. */
  readonly deletedAt: Instant | null;
  /** When this record was made; what days and orders in queries go by. */
  readonly recordedAt: Instant;
  readonly httpStatus: number | null;
  readonly intercomRequestId: string | null;
  readonly facts: AuditFacts;
}

/** Intercom's own word on a deletion, from `GET /conversations/deleted`. */
export interface Confirmation {
  readonly workspaceId: WorkspaceId;
  readonly conversationId: ConversationId;
  readonly deletedAt: Instant;
  readonly metricsRetained: boolean;
  /** When we read it. */
  readonly confirmedAt: Instant;
  /** Whether a run of ours had written by then that it deleted the conversation, or may have. */
  readonly claimed: boolean;
  /** Whether it was deleted before this audit began, so that no run of ours could know of it. */
  readonly beforeAudit: boolean;
}

/** An outcome as queried: with its confirmation, when there is one. */
export interface QueriedOutcome {
  /** As the confirmation resolves it (see `resolveOutcome`). */
  readonly outcome: Outcome;
  readonly confirmation: Confirmation | undefined;
}

/** Where an outcome stands in a query: by the time of its record, then by its conversation. */
export interface OutcomePosition {
  readonly recordedAt: Instant;
  readonly conversationId: ConversationId;
}

/** One conversation of a plan. */
export interface PlannedDeletion {
  readonly conversationId: ConversationId;
  readonly ruleId: RuleId;
  readonly retainMetrics: boolean;
  /** When Intercom gave us the facts below. */
  readonly readAt: Instant;
  readonly facts: AuditFacts;
}

/** Up to 150 conversations of a plan, frozen. Chunks count from 0. */
export interface PlanChunk {
  readonly workspaceId: WorkspaceId;
  readonly planId: PlanId;
  readonly chunkNumber: number;
  readonly deletions: readonly PlannedDeletion[];
}

export const maxDeletionsPerChunk = 150;

/** The durable word, stored before any DELETE of the chunk, that this run is about to delete these conversations. */
export interface Intent {
  readonly workspaceId: WorkspaceId;
  readonly runId: RunId;
  readonly planId: PlanId;
  readonly chunkNumber: number;
  readonly conversationIds: readonly ConversationId[];
  readonly intendedAt: Instant;
  /** Of Intercom's API, for the DELETEs that follow; undefined in records of releases that did not write it down. */
  readonly apiVersion: string | undefined;
}
