import type { ReconciliationId } from '#policy/ids.ts';
import { toIso } from '#policy/instant.ts';
import type { Duration } from '#policy/policy.ts';
import type { Invocation } from '#runtime/lambda-handler.ts';
import { type ReconcileReport, reconcile } from '#sweep/reconcile.ts';
import type { ClassCounts } from '#sweep/reconcile-record.ts';
import type { OpenWorkspace } from './open-workspace.ts';
import { sliceEnd } from './slice-end.ts';
import type { SliceEvent } from './slice-event.ts';

export interface ReconcileSliceDeps extends OpenWorkspace {
  readonly grace: Duration;
  readonly newId: () => string;
}

/** What a slice came to; the event of the next one. */
export interface ReconcileAnswer {
  readonly execution: string;
  readonly reconciliation_id: ReconciliationId;
  readonly done: boolean;
  /** ISO 8601; null while the first walk through Intercom's list is under way. */
  readonly list_read_at: string | null;
  readonly counts: ClassCounts;
  readonly change: ClassCounts;
}

/** Goes on with the reconciliation for as long as the invocation lasts. */
export async function reconcileSlice(
  deps: ReconcileSliceDeps,
  { execution = deps.newId() }: SliceEvent,
  { log, metrics, signal, remainingMs }: Invocation,
): Promise<ReconcileAnswer> {
  const { policyFile, intercom, audit, state, clock, newId, grace } = deps;
  const stopAt = sliceEnd(clock.now(), remainingMs());
  const callsBefore = intercom.usage().calls;
  const report = await reconcile(
    {
      intercom,
      audit,
      state,
      clock,
      newId,
      observe: () => {},
      leaseHolder: `reconcile ${execution}`,
      isHolderGone: () => false, // of another Lambda instance nothing is known
    },
    { policy: policyFile.policy, grace, stop: signal, stopAt },
  );
  metrics.count('ReconcileApiCalls', intercom.usage().calls - callsBefore);
  if (report.done) countFindings(metrics, report);
  const { reconciliationId, auditBeganAt, listReadAt, counts, change, newElsewhere, pages } =
    report.reconciliation;
  log.info('reconcile_slice', {
    execution,
    reconciliation_id: reconciliationId,
    done: report.done,
    audit_began_at: auditBeganAt === undefined ? undefined : toIso(auditBeganAt),
    pages,
    new_elsewhere: newElsewhere,
    ...counts,
  });
  return {
    execution,
    reconciliation_id: reconciliationId,
    done: report.done,
    list_read_at: listReadAt === undefined ? null : toIso(listReadAt),
    counts,
    change,
  };
}

/**
 * A mismatch is counted once, when it is found, and so is a deletion elsewhere; an absence at each reconciliation, for as
 * long as it lasts. What was deleted before the audit began is in the record and the log alone: it is the past of a
 * workspace, and no news.
 */
function countFindings(metrics: Invocation['metrics'], { reconciliation }: ReconcileReport): void {
  const { change, counts, newElsewhere } = reconciliation;
  metrics.count('ReconcileFinished');
  metrics.count('ReconcileConfirmed', Math.max(0, change.confirmed));
  metrics.count('ReconcileDeletedElsewhere', newElsewhere);
  metrics.count('ReconcileFlagMismatch', Math.max(0, change.flag_mismatch));
  metrics.count('ReconcileClaimedButAbsent', counts.claimed_but_absent);
}
