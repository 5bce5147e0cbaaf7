import type { Invocation } from '#runtime/lambda-handler.ts';
import type { LogFields } from '#runtime/logger.ts';
import type { DeletionRequest } from '#sweep/deletion-request.ts';
import type { EventReport } from '#sweep/event-deps.ts';
import type { OutcomeCounts, RunSummary } from '#sweep/run-record.ts';
import { isStoppedByLimits } from '#sweep/stopped-by-limits.ts';

type Telling = Pick<Invocation, 'log' | 'metrics'>;

/** Logs and counts what came of one message. */
export function tellEvent({ log, metrics }: Telling, message: DeletionRequest, report: EventReport): void {
  const { workspaceId, topic, notificationId } = message;
  const about: LogFields = { workspace_id: workspaceId, topic, notification_id: notificationId };
  switch (report.kind) {
    case 'hint':
      metrics.count('EventHint');
      log.info('event_hint', about);
      break;
    case 'no_rule':
      log.info('event_without_rule', about);
      break;
    case 'nothing':
      metrics.count('EventNothing');
      log.info('event_nothing', { ...about, kept_by: Object.keys(report.keptBy).join(' ') });
      break;
    case 'duplicate':
      metrics.count('EventDuplicate');
      log.info('event_duplicate', { ...about, run_id: report.summary.runId });
      break;
    case 'unfinished':
      metrics.count('EventLeft');
      log.info('event_unfinished', about);
      break;
    case 'refused':
      metrics.count('EventRefused');
      if (isStoppedByLimits(report.summary.refusals)) metrics.count('EventStoppedByLimits');
      countOutcomes(metrics, report.summary.counts);
      log.warn('event_refused', { ...about, ...ended(report.summary) });
      break;
    case 'done':
      countOutcomes(metrics, report.summary.counts);
      log.info('event_done', { ...about, ...ended(report.summary) });
      break;
  }
}

const ended = ({ runId, intended, counts, stopReason, refusals }: RunSummary): LogFields => ({
  run_id: runId,
  intended,
  ...counts,
  stop_reason: stopReason,
  refusals: refusals.map(({ code }) => code).join(' '),
});

function countOutcomes(metrics: Telling['metrics'], counts: OutcomeCounts): void {
  metrics.count('EventDeleted', counts.deleted);
  metrics.count('EventNotFound', counts.not_found);
  metrics.count('EventUnresolved', counts.unresolved);
  metrics.count('EventFailed', counts.failed);
  metrics.count('EventKept', counts.kept);
}
