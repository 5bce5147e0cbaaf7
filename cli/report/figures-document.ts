import { toIso } from '#policy/instant.ts';
import { dayText } from '../number-text.ts';
import { toReconciliationDocument } from '../reconciliation-document.ts';
import type { ReportFigures } from './report-figures.ts';
import type { SealedDay } from './seal-figures.ts';

/** The figures as `--json` prints them; the names are fixed. Times are ISO 8601 UTC. */
export const toFiguresDocument = (workspaceId: string, figures: ReportFigures) => ({
  workspace_id: workspaceId,
  from: toIso(figures.span.from),
  until: toIso(figures.span.until),
  made_at: toIso(figures.now.at),
  interval: figures.span.interval,
  records: figures.outcomes.records,
  by_outcome: figures.outcomes.byOutcome,
  by_rule: Object.fromEntries(figures.outcomes.byRule),
  /** What was deleted, by the first day of the interval and then by rule. */
  deleted_by_interval: Object.fromEntries(
    figures.outcomes.deletedByInterval
      .entries()
      .map(([start, counts]) => [dayText(start), Object.fromEntries(counts)]),
  ),
  kept_by_reason: Object.fromEntries(figures.outcomes.keptByReason),
  failed_by_reason: Object.fromEntries(figures.outcomes.failedByReason),
  metrics: {
    asked_to_keep: toListedDocument(figures.outcomes.metrics.askedToKeep),
    asked_to_remove: toListedDocument(figures.outcomes.metrics.askedToRemove),
  },
  policies: [...figures.outcomes.policies].map(([hash, { firstAt, lastAt, records, deleted }]) => ({
    policy_hash: hash,
    first_at: toIso(firstAt),
    last_at: toIso(lastAt),
    records,
    deleted,
  })),
  runs: toRunsDocument(figures.runs),
  acts: {
    total: figures.acts.total,
    by_kind: Object.fromEntries(figures.acts.byKind),
    newest: figures.acts.newest.map(({ kind, at, by, subject }) => ({ kind, at: toIso(at), by, subject })),
  },
  reconciliations: {
    total: figures.reconciliations.total,
    change: figures.reconciliations.change,
    new_elsewhere: figures.reconciliations.newElsewhere,
    newest:
      figures.reconciliations.newest === undefined
        ? null
        : toReconciliationDocument(figures.reconciliations.newest),
  },
  /** As the page, without the reasons that people typed. */
  holds: figures.now.holds.map(({ target, targetId, matter, owner, placedAt }) => ({
    target,
    target_id: targetId,
    matter,
    owner,
    placed_at: toIso(placedAt),
  })),
  paused_by: figures.now.pause?.by ?? null,
  open_run_id: figures.now.openRun?.runId ?? null,
  seals: {
    sealed: figures.seals.sealed.map(toSealDocument),
    partly_sealed: figures.seals.partlySealed.map((seal) => ({
      ...toSealDocument(seal),
      sealed_until: toIso(seal.until),
    })),
    unsealed: figures.seals.unsealed,
    not_due: figures.seals.notDue,
    without_records: figures.seals.withoutRecords,
  },
});

const toSealDocument = ({ day, recordCount, lateCount, keyId }: SealedDay) => ({
  day,
  records: recordCount,
  late_records: lateCount,
  key_id: keyId,
});

const toListedDocument = ({
  kept,
  removed,
  notListed,
}: ReportFigures['outcomes']['metrics']['askedToKeep']) => ({
  kept,
  removed,
  not_listed: notListed,
});

const toRunsDocument = (runs: ReportFigures['runs']) => ({
  total: runs.total,
  by_trigger: Object.fromEntries(runs.byTrigger),
  by_end: Object.fromEntries(runs.byEnd),
  refusals: Object.fromEntries(
    runs.refusals
      .entries()
      .map(([code, { runs: count, setting, lastAt }]) => [
        code,
        { runs: count, setting, last_at: toIso(lastAt) },
      ]),
  ),
  api_calls: runs.apiCalls,
  rate_limited: runs.rateLimited,
  /** At most a thousand; `total` counts all. */
  newest: runs.newest.map((run) => ({
    run_id: run.runId,
    trigger: run.trigger,
    started_at: toIso(run.startedAt),
    finished_at: toIso(run.finishedAt),
    stop_reason: run.stopReason,
    intended: run.intended,
    counts: run.counts,
  })),
});
