import { toIso } from '#policy/instant.ts';
import type { ReconcileReport } from '#sweep/reconcile.ts';
import type { Reconciliation } from '#sweep/reconcile-record.ts';

/** A reconciliation as `--json` prints it. */
export const toReconciliationDocument = (reconciliation: Reconciliation) => ({
  workspace_id: reconciliation.workspaceId,
  reconciliation_id: reconciliation.reconciliationId,
  started_at: toIso(reconciliation.startedAt),
  finished_at: toIso(reconciliation.finishedAt),
  audit_began_at: reconciliation.auditBeganAt === undefined ? null : toIso(reconciliation.auditBeganAt),
  list_read_at: reconciliation.listReadAt === undefined ? null : toIso(reconciliation.listReadAt),
  list_total: reconciliation.listTotal ?? null,
  pages: reconciliation.pages,
  api_calls: reconciliation.apiCalls,
  counts: reconciliation.counts,
  change: reconciliation.change,
  new_elsewhere: reconciliation.newElsewhere,
  /** At most twenty of each, of those that were found by it. */
  examples: reconciliation.examples,
});

/** What one call of `reconcile` came to. */
export const toReconcileDocument = ({ reconciliation, done, absences }: ReconcileReport) => ({
  ...toReconciliationDocument(reconciliation),
  done,
  finished_at: done ? toIso(reconciliation.finishedAt) : null,
  /** At most twenty; `counts` has the number of all. */
  claimed_but_absent: absences.map(({ conversationId, runId, outcome, recordedAt }) => ({
    conversation_id: conversationId,
    run_id: runId,
    outcome,
    recorded_at: toIso(recordedAt),
  })),
});
