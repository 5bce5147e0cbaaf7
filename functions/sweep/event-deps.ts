import type { PolicyHash } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import type { NamedPolicy } from '#policy/policy.ts';
import type { DeletionRequest } from './deletion-request.ts';
import type { KnownWorkspace } from './known-workspace.ts';
import type { PlanRecord, RunSummary } from './run-record.ts';
import type { SweepDeps } from './sweep-deps.ts';

export interface EventDeps
  extends Pick<SweepDeps, 'intercom' | 'audit' | 'state' | 'clock' | 'observe' | 'notices'> {
  readonly known: KnownWorkspace;
}

/** One message, the policy to judge it by, and when to stop. */
export interface EventRequest {
  readonly policy: NamedPolicy;
  readonly policyHash: PolicyHash;
  /** Canonical JSON of the policy, kept in the audit with the plan. */
  readonly policyJson: string;
  readonly message: DeletionRequest;
  /** Stop after the calls in flight; the same message goes on from there. */
  readonly stop: AbortSignal;
  /** The same, at this instant. */
  readonly stopAt: Instant;
  /** A worker that began at a message longer ago than this is gone. */
  readonly longestWorkMs: number;
}

/** What came of one message. Everything but `unfinished` is an end: the message is done with. */
export type EventReport =
  /** Of a deletion that has been made, by whomever: reconcile will find it. Nothing was asked of Intercom. */
  | { readonly kind: 'hint' }
  /** No rule is on this topic. Nothing was asked of Intercom. */
  | { readonly kind: 'no_rule' }
  /** No conversation is to go. */
  | { readonly kind: 'nothing'; readonly keptBy: PlanRecord['keptBy'] }
  /** The message has been dealt with before. */
  | { readonly kind: 'duplicate'; readonly summary: RunSummary }
  | { readonly kind: 'refused' | 'done'; readonly summary: RunSummary }
  /** Stopped before its end; the message must come again. */
  | { readonly kind: 'unfinished' };
