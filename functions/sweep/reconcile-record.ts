import type { ConversationId, ReconciliationId, RunId, WorkspaceId } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import type { Confirmation, OutcomePosition } from './outcome.ts';

/** What an entry of Intercom's list of deleted conversations turns out to be. */
export const listedClasses = ['confirmed', 'flag_mismatch', 'deleted_elsewhere', 'before_audit'] as const;
/**
 * `confirmed`: one of our runs deleted it, and the reporting metrics are as they were asked for. `flag_mismatch`: one of
 * our runs deleted it, and they are not. `deleted_elsewhere`: none of our runs can have deleted it. `before_audit`: the same,
 * and it was deleted before this audit began, so that none of them could know of it.
 */
export type ListedClass = (typeof listedClasses)[number];

export const reconcileClasses = [...listedClasses, 'claimed_but_absent'] as const;
/** `claimed_but_absent`: a run says that it deleted it, or may have, and after the grace period the list does not name it. */
export type ReconcileClass = (typeof reconcileClasses)[number];

/** The first that a reconciliation found of what somebody may want to look into; at most `mostExamples` of each. */
export type Examples = Readonly<Record<ExemplifiedClass, readonly ConversationId[]>>;
export type ExemplifiedClass = Extract<ListedClass, 'flag_mismatch' | 'deleted_elsewhere'>;

export const mostExamples = 20;

export type ClassCounts = Readonly<Record<ReconcileClass, number>>;

export const noClasses: ClassCounts = {
  confirmed: 0,
  flag_mismatch: 0,
  deleted_elsewhere: 0,
  before_audit: 0,
  claimed_but_absent: 0,
};

/** One comparison of the audit with Intercom's list, as it stays in the audit. */
export interface Reconciliation {
  readonly workspaceId: WorkspaceId;
  readonly reconciliationId: ReconciliationId;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  /** See `findAuditBeginning`. Undefined in records of releases that did not write it down. */
  readonly auditBeganAt: Instant | undefined;
  /** Everything that Intercom listed at this instant has been read; undefined while the first walk is under way. */
  readonly listReadAt: Instant | undefined;
  /** Entries of the list at that instant, as Intercom counts them; undefined when it does not say. */
  readonly listTotal: number | undefined;
  readonly pages: number;
  readonly apiCalls: number;
  /** Of all conversations so far. Absent are those that are so now. */
  readonly counts: ClassCounts;
  /** What this reconciliation added to them; below zero where something has found its explanation. */
  readonly change: ClassCounts;
  /**
   * Entries that this reconciliation found and left as deleted elsewhere: what is told of it. A late claim on an entry of an
   * earlier one lowers `change`, and not this.
   */
  readonly newElsewhere: number;
  readonly examples: Examples;
}

/** How far the reconciliation of a workspace has come: enough for another process to go on. */
export interface ReconcileProgress {
  readonly workspaceId: WorkspaceId;
  /** Found once, before the first entry is counted. Undefined in records of releases that did not write it down. */
  readonly auditBeganAt: Instant | undefined;
  /** The reconciliation that has not finished, if there is one. */
  readonly current: CurrentReconciliation | undefined;
  /** The last that finished. Whoever comes next stores it, in case its own process died first. */
  readonly last: Reconciliation | undefined;
  /** The list's entries are counted before they are stored, each once. */
  readonly counts: ClassCounts;
  /** Counted, and maybe not stored yet. Whoever comes next stores them, in case the process that counted died first. */
  readonly storing: readonly Confirmation[];
  /** The latest time on a confirmation so far. Undefined before the first, and in records of releases that did not write it down. */
  readonly confirmedUntil: Instant | undefined;
  readonly list: KnownList;
  /** Outcomes up to here have been looked at for entries that were read before their outcome was written. */
  readonly claimsCheckedUntil: Instant;
  /** Found so and counted, as long as the outcome may be looked at again. */
  readonly lateClaims: readonly LateClaim[];
  /** Outcomes up to here have been looked for in the list; undefined when none has. */
  readonly absencesCheckedUntil: Instant | undefined;
}

export interface CurrentReconciliation {
  readonly reconciliationId: ReconciliationId;
  readonly startedAt: Instant;
  readonly countsBefore: ClassCounts;
  /** A confirmation with an earlier time may be of an earlier reconciliation; with this one or a later, it is this one's. */
  readonly confirmsFrom: Instant;
  /** Entries that earlier ones told of as deleted elsewhere, and that this one found a claim on. */
  readonly earlierExplained: number;
  readonly examples: Examples;
  readonly pages: number;
  readonly apiCalls: number;
  /** The way through the list that has not come to its end. */
  readonly walk: Walk | undefined;
  /** The way through the outcomes of late claims that has not come to its end. */
  readonly claims: ClaimsWalk | undefined;
}

export interface ClaimsWalk {
  /** When its first outcome was asked for. */
  readonly startedAt: Instant;
  /** The last that has been looked at; the next process goes on after it. */
  readonly reached: OutcomePosition | undefined;
}

export interface Walk {
  /** The next page to read, from 1. */
  readonly page: number;
  /** When its first page was asked for. */
  readonly startedAt: Instant;
  /** Entries of the list then, as Intercom counts them; undefined when it does not say, or has not been asked. */
  readonly total: number | undefined;
}

/** What is known of Intercom's list from the walks that came to an end. */
export interface KnownList {
  /** When the last of them began: everything listed at that instant is known. Undefined before the first. */
  readonly readAt: Instant | undefined;
  /** Entries of the list then. */
  readonly total: number | undefined;
  /** When the last one that went to the very last page began. */
  readonly readToEndAt: Instant | undefined;
  /** By how many entries Intercom's count was larger then than ours. Below zero when entries have vanished from the list. */
  readonly unaccounted: number;
}

interface LateClaim {
  readonly conversationId: ConversationId;
  /** Of the outcome. */
  readonly recordedAt: Instant;
}

/** An outcome that says `deleted` or `unresolved`, of a conversation that Intercom's list does not name. */
export interface Absence {
  readonly workspaceId: WorkspaceId;
  readonly conversationId: ConversationId;
  readonly runId: RunId;
  readonly outcome: 'deleted' | 'unresolved';
  readonly recordedAt: Instant;
}
