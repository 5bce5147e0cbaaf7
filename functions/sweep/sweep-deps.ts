import type { Erasure } from '#policy/erasure-policy.ts';
import type { PolicyHash } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import type { NamedPolicy } from '#policy/policy.ts';
import type { RunTrigger } from './outcome.ts';
import type {
  AuditTrail,
  Clock,
  DeletedNotice,
  Intercom,
  LeaseHolder,
  Notices,
  RunState,
  Workspace,
} from './ports.ts';
import type { GateDecision, OutcomeCounts, PlanRecord, RunRecord } from './run-record.ts';

/** What every step of the pipeline may need from the outside. */
export interface SweepDeps {
  readonly intercom: Intercom;
  readonly audit: AuditTrail;
  readonly state: RunState;
  readonly clock: Clock;
  /** A new id that sorts by time (UUID version 7). */
  readonly newId: () => string;
  /** Told of every step, for progress and logs. Must not throw. */
  readonly observe: (event: SweepEvent) => void;
  /** Told of every chunk that was deleted. Absent: nobody wants to know. */
  readonly notices?: Notices | undefined;
  readonly leaseHolder: LeaseHolder;
  /** Whether another holder that has not let go is known to be gone. */
  readonly isHolderGone: (holder: LeaseHolder) => boolean;
}

/** One policy to be carried out, and when to stop. */
export interface SweepRequest {
  readonly policy: NamedPolicy;
  readonly policyHash: PolicyHash;
  /** Canonical JSON of the policy, kept in the audit with each plan. */
  readonly policyJson: string;
  readonly trigger: RunTrigger;
  /** When the policy is the one by which a contact is erased. */
  readonly erasure?: Erasure | undefined;
  /** Stop after the calls in flight, with the state saved, so that a later call goes on. */
  readonly stop: AbortSignal;
  /** The same, at this instant; undefined for no deadline. */
  readonly stopAt: Instant | undefined;
}

export type SweepEvent =
  | { readonly kind: 'identified'; readonly workspace: Workspace }
  | { readonly kind: 'waiting_for_lease'; readonly holder: LeaseHolder; readonly expiresAt: Instant }
  | { readonly kind: 'settling'; readonly run: RunRecord }
  /** `expected` is how many conversations will be read, when that is known. */
  | {
      readonly kind: 'scanning';
      readonly scan: 'list' | 'search';
      readonly scanned: number;
      readonly candidates: number;
      readonly expected: number | undefined;
    }
  | { readonly kind: 'planned'; readonly plan: PlanRecord }
  | { readonly kind: 'gated'; readonly decision: GateDecision }
  | { readonly kind: 'deleting'; readonly intended: number; readonly counts: OutcomeCounts }
  | { readonly kind: 'notice_failed'; readonly notice: DeletedNotice; readonly error: unknown }
  | { readonly kind: 'finished'; readonly run: RunRecord }
  /** Of Intercom's list of deleted conversations. `expected` is how many entries will be read, when that is known. */
  | {
      readonly kind: 'reading_deleted_list';
      readonly read: number;
      readonly expected: number | undefined;
      readonly found: number;
    };

/** What a run, or a slice of one, came to. */
export interface RunReport {
  readonly run: RunRecord;
  /** Undefined when the run was stopped before it had a complete plan. */
  readonly plan: PlanRecord | undefined;
  /** False when another slice must go on. */
  readonly done: boolean;
}
