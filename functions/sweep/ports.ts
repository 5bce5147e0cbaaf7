/** The whole outside of the pipeline, on one page. Adapters fulfil these; nothing here knows HTTP, DynamoDB or a terminal. */
import type { Directory, DirectoryKind } from '#policy/directory.ts';
import type { Facts } from '#policy/facts.ts';
import type {
  ContactId,
  ConversationId,
  PlanId,
  PolicyHash,
  RuleId,
  RunId,
  WorkspaceId,
} from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import type { ById, Condition } from '#policy/policy.ts';
import type { Hold, HoldTarget } from './hold.ts';
import type {
  Confirmation,
  Intent,
  Outcome,
  OutcomeKind,
  OutcomePosition,
  PlanChunk,
  QueriedOutcome,
} from './outcome.ts';
import type { Absence, ReconcileProgress, Reconciliation } from './reconcile-record.ts';
import type { Act, Approval, PlanRecord, RunRecord, RunSummary } from './run-record.ts';

export interface Clock {
  now(): Instant;
  /** Resolves after `delayMs`, or at once when `signal` aborts; never rejects. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

// ── Intercom ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Every call may throw an `OutsideError` (see the adapter's error classes) once its own retries are used up. */
export interface Intercom {
  /** The value of `Intercom-Version` with which every call is made: `2.16`. */
  readonly apiVersion: string;
  /** What the requested API version can do. */
  readonly capabilities: { readonly retainMetricsFalse: boolean; readonly deletedList: boolean };
  /** `GET /me`. */
  identify(): Promise<Workspace>;
  /** `GET /tags`, `/teams`, `/admins`; only the kinds asked for. */
  directory(kinds: readonly DirectoryKind[]): Promise<Directory>;
  /** `GET /conversations`, the newest activity first as far as is known. */
  listPage(cursor: string | undefined): Promise<ConversationPage>;
  /** `POST /conversations/search`: a superset of what matches, to be judged on the objects. */
  searchPage(query: ConversationQuery, cursor: string | undefined): Promise<ConversationPage>;
  /** How many conversations there are, or match a query; undefined when Intercom does not say. One call. */
  count(query: ConversationQuery | 'all'): Promise<number | undefined>;
  /** `GET /conversations/{id}`; undefined on Intercom's 404. */
  read(id: ConversationId): Promise<ReadConversation | undefined>;
  /** `DELETE /conversations/{id}`. Never repeated once the request may have reached Intercom. */
  delete(id: ConversationId, retainMetrics: boolean): Promise<DeleteAnswer>;
  /** `GET /conversations/deleted`, of every app and person of the workspace. @throws ConfigurationError before 2.16. */
  deletedPage(request: DeletedPageRequest): Promise<DeletedPage>;
  /** Contacts by their id, or by an exact e-mail address or external id; several can share an address. None: an empty list. */
  findContacts(named: NamedContact): Promise<readonly ContactId[]>;
  /** What this client has sent so far. */
  usage(): ApiUsage;
}

export interface Workspace {
  readonly workspaceId: WorkspaceId;
  readonly name: string;
  /** `US`, `EU`, `AU`; undefined when Intercom does not say. */
  readonly region: string | undefined;
}

/** As people name a contact. The value may be personal data: it goes to Intercom and nowhere else. */
export interface NamedContact {
  readonly by: 'id' | 'email' | 'external_id';
  readonly value: string;
}

export interface ConversationQuery {
  readonly when: Condition<ById>;
  /** The instant from which the durations in `when` count back. */
  readonly asOf: Instant;
  /** Inclusive. */
  readonly createdFrom: Instant;
  /** Exclusive. */
  readonly createdUntil: Instant;
}

export interface ConversationPage {
  readonly facts: readonly Facts[];
  /** Items of the page that had no readable id. */
  readonly unreadable: number;
  readonly total: number | undefined;
  readonly next: string | undefined;
  readonly readAt: Instant;
}

export interface ReadConversation {
  readonly facts: Facts;
  readonly readAt: Instant;
}

interface Answered {
  readonly httpStatus: number;
  readonly requestId: string | null;
}
export type DeleteAnswer =
  /** 200 `{deleted: true}` for this id. */
  | ({ readonly kind: 'deleted' } & Answered)
  /** 404, and no other request of this call can have had an effect. */
  | ({ readonly kind: 'not_found' } & Answered)
  /** Refused with no effect. */
  | ({ readonly kind: 'refused'; readonly code: string } & Answered)
  /** It may or may not have happened: 5xx, time-out, connection lost, an answer that cannot be read. */
  | {
      readonly kind: 'lost';
      /** A short code: `http_500`, `timeout`, `connection`, `unreadable_answer`. */
      readonly cause: string;
      readonly httpStatus: number | null;
      readonly requestId: string | null;
    };

export interface DeletedPageRequest {
  /** From 1. */
  readonly page: number;
  /** At most 60. */
  readonly perPage: number;
  /** By the time of deletion, as far as is known. */
  readonly order: 'asc' | 'desc';
}

export interface DeletedPage {
  readonly entries: readonly DeletedEntry[];
  readonly total: number | undefined;
  readonly hasNext: boolean;
}

export interface DeletedEntry {
  readonly conversationId: ConversationId;
  readonly deletedAt: Instant;
  readonly metricsRetained: boolean;
}

export interface ApiUsage {
  readonly calls: number;
  readonly writeCalls: number;
  /** Answers with 429. */
  readonly rateLimited: number;
  /** Per window, as Intercom's headers say; undefined before the first answer. */
  readonly limitPerWindow: number | undefined;
}

// ── Audit trail: append-only ──────────────────────────────────────────────────────────────────────────────────────

/** Every write is a conditional put: the first writer wins, and a repeated write says `already_there`. */
export type Written = 'written' | 'already_there';

export interface AuditTrail {
  putPlanChunk(chunk: PlanChunk): Promise<Written>;
  /** The plan with its policy (canonical JSON) and the gate's decision, once it is complete. */
  putPlan(plan: PlanRecord, policyJson: string): Promise<Written>;
  /** The plan as `putPlan` stored it; undefined when it was never completed. */
  readPlan(workspaceId: WorkspaceId, planId: PlanId): Promise<PlanRecord | undefined>;
  /** The policy (canonical JSON) by which a complete plan was made; undefined when it was never completed. */
  readPlanPolicy(workspaceId: WorkspaceId, planId: PlanId): Promise<string | undefined>;
  readPlanChunk(
    workspaceId: WorkspaceId,
    planId: PlanId,
    chunkNumber: number,
  ): Promise<PlanChunk | undefined>;
  planChunks(workspaceId: WorkspaceId, planId: PlanId): AsyncIterable<PlanChunk>;

  putRunStarted(run: RunRecord): Promise<Written>;
  putIntent(intent: Intent): Promise<Written>;
  readIntent(workspaceId: WorkspaceId, runId: RunId, chunkNumber: number): Promise<Intent | undefined>;
  /** Those of one run, in the order of their chunks. */
  intents(workspaceId: WorkspaceId, runId: RunId): AsyncIterable<Intent>;
  putOutcome(outcome: Outcome): Promise<Written>;
  /** The outcomes of this run that are there, for these conversations. */
  readOutcomes(
    workspaceId: WorkspaceId,
    runId: RunId,
    conversationIds: readonly ConversationId[],
  ): Promise<ReadonlyMap<ConversationId, Outcome>>;
  putConfirmation(confirmation: Confirmation): Promise<Written>;
  /** Those of these conversations that are there. */
  readConfirmations(
    workspaceId: WorkspaceId,
    conversationIds: readonly ConversationId[],
  ): Promise<ReadonlyMap<ConversationId, Confirmation>>;
  putReconciliation(reconciliation: Reconciliation): Promise<Written>;
  putSummary(summary: RunSummary): Promise<Written>;
  readSummary(workspaceId: WorkspaceId, runId: RunId): Promise<RunSummary | undefined>;
  putAct(act: Act): Promise<Written>;

  /** When the first record of the workspace was put, by the clock of who put it; undefined when there is none. */
  firstRecordAt(workspaceId: WorkspaceId): Promise<Instant | undefined>;
  /** Outcomes that match, oldest first, as a stream. */
  queryOutcomes(workspaceId: WorkspaceId, filter: OutcomeFilter): AsyncIterable<QueriedOutcome>;
  outcomesOfConversation(workspaceId: WorkspaceId, id: ConversationId): Promise<readonly QueriedOutcome[]>;
  /** Newest first. */
  summaries(workspaceId: WorkspaceId): AsyncIterable<RunSummary>;
  /** Newest first. */
  reconciliations(workspaceId: WorkspaceId): AsyncIterable<Reconciliation>;
  acts(workspaceId: WorkspaceId): AsyncIterable<Act>;
}

/** What is undefined is not asked for. */
export interface OutcomeFilter {
  readonly conversationId?: ConversationId | undefined;
  /** Recorded at or after. */
  readonly from?: Instant | undefined;
  /** Recorded before. */
  readonly until?: Instant | undefined;
  readonly ruleId?: RuleId | undefined;
  readonly runId?: RunId | undefined;
  /** As confirmations resolve it. */
  readonly outcome?: OutcomeKind | undefined;
  /** As confirmed by Intercom. */
  readonly metricsRetained?: boolean | undefined;
  /** As sent. */
  readonly retainMetrics?: boolean | undefined;
  /** Later in the order of the query than this. */
  readonly after?: OutcomePosition | undefined;
}

// ── Run state: mutable ────────────────────────────────────────────────────────────────────────────────────────────

/** Grows with every taking of the lease. A write that carries an older one is refused with `LeaseLostError`. */
export type Fence = number;

export interface RunState {
  takeLease(request: LeaseRequest): Promise<LeaseGrant>;
  /** @throws LeaseLostError when another holder has taken it. */
  renewLease(workspaceId: WorkspaceId, fence: Fence, expiresAt: Instant, lane?: LeaseLane): Promise<void>;
  releaseLease(workspaceId: WorkspaceId, fence: Fence, lane?: LeaseLane): Promise<void>;

  readRun(workspaceId: WorkspaceId, runId: RunId): Promise<RunRecord | undefined>;
  /** The run that has not finished, if there is one. */
  readUnfinishedRun(workspaceId: WorkspaceId): Promise<RunRecord | undefined>;
  /** @throws LeaseLostError */
  writeRun(run: RunRecord, fence: Fence): Promise<void>;

  readPlan(workspaceId: WorkspaceId, planId: PlanId): Promise<PlanRecord | undefined>;
  /** Newest first. */
  plans(workspaceId: WorkspaceId): AsyncIterable<PlanRecord>;
  /** @throws LeaseLostError */
  writePlan(plan: PlanRecord, fence: Fence): Promise<void>;

  readPlanApproval(workspaceId: WorkspaceId, planId: PlanId): Promise<Approval | undefined>;
  readPolicyApproval(workspaceId: WorkspaceId, policyHash: PolicyHash): Promise<Approval | undefined>;
  writeApproval(approval: Approval): Promise<void>;

  /** Undefined when deletion is switched on. */
  readPause(workspaceId: WorkspaceId): Promise<Pause | undefined>;
  writePause(workspaceId: WorkspaceId, pause: Pause | undefined): Promise<void>;

  readHolds(workspaceId: WorkspaceId): Promise<readonly Hold[]>;
  /** False when the same target has a hold for the same matter already. */
  addHold(workspaceId: WorkspaceId, hold: Hold): Promise<boolean>;
  /** The hold that was released; undefined when there was none. */
  releaseHold(
    workspaceId: WorkspaceId,
    target: HoldTarget,
    targetId: string,
    matter: string,
  ): Promise<Hold | undefined>;

  /** Deletions counted in the rolling 24 hours before `now`, reservations included. Never too few; at most an hour too many. */
  deletionsInLastDay(workspaceId: WorkspaceId, now: Instant): Promise<number>;
  /**
   * Sets `count` deletions aside under `key` when the last 24 hours then stay within `limit`. Atomic over all triggers.
   * A key that holds a reservation already keeps it.
   */
  reserveDeletions(reservation: Reservation): Promise<ReservationAnswer>;
  /** Turns the reservation into what really was deleted. Doing it again changes nothing. */
  settleReservation(workspaceId: WorkspaceId, key: string, actual: number, now: Instant): Promise<void>;

  /** Undefined before the first reconciliation. */
  readReconcileProgress(workspaceId: WorkspaceId): Promise<ReconcileProgress | undefined>;
  /** `fence`: of the lane `reconcile`. @throws LeaseLostError */
  writeReconcileProgress(progress: ReconcileProgress, fence: Fence): Promise<void>;
  /** The absences that no confirmation has cleared. */
  absences(workspaceId: WorkspaceId): AsyncIterable<Absence>;
  /** One for each conversation. */
  addAbsence(absence: Absence): Promise<void>;
  removeAbsence(absence: Absence): Promise<void>;
}

/** Work on the same workspace that does not get into the other's way. `sweep` where none is named. */
export type LeaseLane = 'sweep' | 'reconcile';

export interface LeaseRequest {
  readonly workspaceId: WorkspaceId;
  readonly lane?: LeaseLane;
  /** Who takes it; the same holder may take it again. */
  readonly holder: LeaseHolder;
  readonly now: Instant;
  readonly expiresAt: Instant;
  /** Whether a holder that has not let go is known to be gone, so that its lease may be taken before it expires. */
  readonly isGone: (holder: LeaseHolder) => boolean;
}
/** Text that tells a person, and the same machine, who it is. */
export type LeaseHolder = string;
export type LeaseGrant =
  | { readonly granted: true; readonly fence: Fence }
  | { readonly granted: false; readonly holder: LeaseHolder; readonly expiresAt: Instant };

export interface Pause {
  readonly by: string;
  readonly reason: string;
  readonly at: Instant;
}

export interface Reservation {
  readonly workspaceId: WorkspaceId;
  readonly key: string;
  readonly count: number;
  readonly limit: number;
  readonly now: Instant;
}
export type ReservationAnswer =
  /** `isNew`: the key held no reservation before. */
  { readonly reserved: true; readonly isNew: boolean } | { readonly reserved: false; readonly used: number };

// ── Those who keep copies ─────────────────────────────────────────────────────────────────────────────────────────

/** Tells systems that hold copies of conversations what was deleted. */
export interface Notices {
  /** May fail: the audit trail remains the truth, and nobody may rely on having been told. May tell the same twice. */
  deleted(notice: DeletedNotice): Promise<void>;
}

/** Deletions of one chunk by one rule: at most 150. */
export interface DeletedNotice {
  readonly workspaceId: WorkspaceId;
  readonly runId: RunId;
  readonly ruleId: RuleId;
  readonly retainMetrics: boolean;
  readonly conversationIds: readonly ConversationId[];
}
