import type { Erasure } from '#policy/erasure-policy.ts';
import type { ConversationId, PlanId, PolicyHash, RuleId, RunId, WorkspaceId } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import type { KeepReason } from '#policy/keep-reason.ts';
import type { ResolvedNames } from '#policy/resolved-names.ts';
import type { KeptConversation } from './kept-conversation.ts';
import type { OutcomeKind, RunTrigger } from './outcome.ts';

/** One reason why the gate does not let a plan pass, with the setting that says so. */
export interface Refusal {
  readonly code: RefusalCode;
  /** The setting's path in the policy, or the command that changes it: `limits.per_run`, `mode`, `retention resume` … */
  readonly setting: string;
  readonly value: string | number | null;
  readonly limit: string | number | null;
}

export type RefusalCode =
  | 'observe_mode'
  | 'not_approved'
  | 'policy_changed'
  | 'per_run'
  | 'per_day'
  | 'share_of_workspace'
  | 'share_unknown_total'
  | 'holds_unreadable'
  | 'paused'
  | 'plan_incomplete'
  | 'plan_applied';

export interface GateDecision {
  readonly allowed: boolean;
  readonly refusals: readonly Refusal[];
}

/** One range of `created_at` of one rule's search, or the whole list (`ruleId` undefined), with the place reached in it. */
export interface ScanWindow {
  readonly ruleId: RuleId | undefined;
  /** Inclusive; undefined for the list. */
  readonly createdFrom: Instant | undefined;
  /** Exclusive; undefined for the list. */
  readonly createdUntil: Instant | undefined;
  readonly cursor: string | undefined;
  readonly done: boolean;
}

/** A plan as the run state knows it: what it found, how far it got, what became of it. Its conversations are in the audit. */
export interface PlanRecord {
  readonly workspaceId: WorkspaceId;
  /** Intercom's `app.name`, asked for on approval. */
  readonly workspaceName: string;
  readonly planId: PlanId;
  readonly policyHash: PolicyHash;
  readonly trigger: RunTrigger;
  readonly status: 'planning' | 'planned' | 'applied' | 'abandoned';
  /** The instant at which every conversation is judged. */
  readonly asOf: Instant;
  readonly finishedAt: Instant | undefined;
  readonly scan: 'list' | 'search';
  readonly windows: readonly ScanWindow[];
  /** Chunks stored so far. */
  readonly chunkCount: number;
  /** Conversations of the workspace, by Intercom's `total_count`; undefined when Intercom did not say. */
  readonly workspaceTotal: number | undefined;
  readonly scanned: number;
  readonly candidates: number;
  readonly byRule: Readonly<Record<RuleId, number>>;
  /** How many stay, by reason. */
  readonly keptBy: Readonly<Partial<Record<KeepReason['code'] | 'held' | 'unreadable', number>>>;
  readonly apiCalls: number;
  readonly gate: GateDecision | undefined;
  readonly appliedBy: RunId | undefined;
  /** Of a plan that erases one contact. */
  readonly erasure?: PlannedErasure | undefined;
  /** What the names in its policy stood for when it was made. Older plans lack it, and those of policies with very many names. */
  readonly names?: ResolvedNames | undefined;
}

export interface PlannedErasure extends Erasure {
  /** The contact's conversations that stay, the first thousand of them. */
  readonly kept: readonly KeptConversation[];
}

export type StopReason =
  | 'done'
  | 'refused'
  | 'deadline'
  | 'interrupted'
  | 'paused'
  | 'failures'
  | 'superseded';

export type OutcomeCounts = Readonly<Record<OutcomeKind, number>>;

/** A run as the run state knows it: enough for another process to go on. */
export interface RunRecord {
  readonly workspaceId: WorkspaceId;
  readonly runId: RunId;
  readonly trigger: RunTrigger;
  readonly policyHash: PolicyHash;
  readonly planId: PlanId | undefined;
  readonly phase: 'planning' | 'applying' | 'finished';
  readonly startedAt: Instant;
  readonly finishedAt: Instant | undefined;
  readonly stopReason: StopReason | undefined;
  /** The first chunk that is not completely settled. */
  readonly nextChunk: number;
  /** With `when_exceeded: trim`: the newest deletion that is still within the limits. */
  readonly trimmedTo: TrimCut | undefined;
  /** Deletions that this run intends altogether. */
  readonly intended: number;
  readonly counts: OutcomeCounts;
  readonly countsByRule: Readonly<Record<RuleId, OutcomeCounts>>;
  readonly apiCalls: number;
  readonly rateLimited: number;
}

/** Deletions up to here, in order of last activity and then id, are within the limits. */
export interface TrimCut {
  readonly updatedAt: Instant;
  readonly conversationId: ConversationId;
}

/** The end of a run, or of one that the gate refused, as it stays in the audit. */
export interface RunSummary {
  readonly workspaceId: WorkspaceId;
  readonly runId: RunId;
  readonly planId: PlanId | undefined;
  readonly trigger: RunTrigger;
  readonly policyHash: PolicyHash;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly stopReason: StopReason;
  readonly refusals: readonly Refusal[];
  readonly intended: number;
  readonly counts: OutcomeCounts;
  readonly countsByRule: Readonly<Record<RuleId, OutcomeCounts>>;
  readonly apiCalls: number;
  readonly rateLimited: number;
  /** Of a run of the trigger `webhook`. */
  readonly event?: RunEvent;
}

/** What a run was about that was set off by an event. */
export interface RunEvent {
  readonly topic: string;
  /** The same for every delivery of the same event. */
  readonly notificationId: string;
  /** `conversation 123`, `contact 6762f0f3…`. */
  readonly subject: string;
  /** Of a deletion that another system has asked for, as it said. */
  readonly reason?: string;
  readonly requestedBy?: string;
}

/** What a person did. */
export interface Act {
  readonly workspaceId: WorkspaceId;
  readonly kind: 'approved' | 'hold_added' | 'hold_released' | 'paused' | 'resumed' | 'erasure_requested';
  readonly at: Instant;
  /** A login or role, as given by the person or their machine. */
  readonly by: string;
  /** What it was done to: a plan id, `conversation 123`, `contact 6762f0f3…`, the workspace. */
  readonly subject: string;
  /** The reason given, the matter of a hold, the policy hash of an approval. */
  readonly details: Readonly<Record<string, string>>;
}

export interface Approval {
  readonly workspaceId: WorkspaceId;
  readonly planId: PlanId;
  readonly policyHash: PolicyHash;
  /** `policy`: later runs of the same policy hash are approved too. */
  readonly covers: 'plan' | 'policy';
  readonly approvedBy: string;
  readonly approvedAt: Instant;
}
