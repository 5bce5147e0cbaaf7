import type { WorkspaceId } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import type { Duration } from '#policy/policy.ts';
import type { CurrentReconciliation, ReconcileProgress } from './reconcile-record.ts';
import type { SweepDeps } from './sweep-deps.ts';

/** One process at work on the reconciliation of one workspace, and nobody else at it. */
export interface ReconcileSession {
  readonly deps: SweepDeps;
  readonly workspaceId: WorkspaceId;
  readonly grace: Duration;
  /** Whether to stop after the calls in flight: somebody asked for it, or the deadline has come. */
  mustStop(): boolean;
  /** @throws LeaseLostError when another process has taken over. */
  save(progress: ReconcileProgress): Promise<void>;
}

export type UnderWay = ReconcileProgress & {
  readonly auditBeganAt: Instant;
  readonly current: CurrentReconciliation;
};

/** One part of the work. A step that did not end has saved its place; a later call goes on with it. */
export type ReconcileStep = (
  session: ReconcileSession,
  progress: UnderWay,
) => Promise<{ readonly progress: UnderWay; readonly ended: boolean }>;
