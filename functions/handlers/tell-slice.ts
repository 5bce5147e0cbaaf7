import type { Invocation } from '#runtime/lambda-handler.ts';
import type { ApiUsage } from '#sweep/ports.ts';
import type { OutcomeCounts } from '#sweep/run-record.ts';
import { isStoppedByLimits } from '#sweep/stopped-by-limits.ts';
import type { RunReport, SweepEvent } from '#sweep/sweep-deps.ts';
import { tellFailedNotice } from './tell-failed-notice.ts';

/** Tells the steps of a sweep; how far one has got is for somebody who watches, and not logged. */
export function tellStep({ log, metrics }: Pick<Invocation, 'log' | 'metrics'>, event: SweepEvent): void {
  if (event.kind === 'settling') {
    log.info('sweep_settling', { run_id: event.run.runId, phase: event.run.phase });
  } else if (event.kind === 'planned') {
    const { planId, scan, scanned, candidates } = event.plan;
    log.info('sweep_planned', { plan_id: planId, scan, scanned, candidates });
  } else if (event.kind === 'gated') {
    const { refusals } = event.decision;
    for (const { code, setting } of refusals) log.warn('sweep_refused', { code, setting });
    if (isStoppedByLimits(refusals)) metrics.count('SweepStoppedByLimits');
  } else if (event.kind === 'notice_failed') {
    tellFailedNotice({ log, metrics }, event);
  }
}

/** Counts what came to `counts` since it was `before`. */
export function countOutcomes(
  metrics: Invocation['metrics'],
  counts: OutcomeCounts,
  before: OutcomeCounts,
): void {
  metrics.count('SweepDeleted', counts.deleted - before.deleted);
  metrics.count('SweepNotFound', counts.not_found - before.not_found);
  metrics.count('SweepUnresolved', counts.unresolved - before.unresolved);
  metrics.count('SweepFailed', counts.failed - before.failed);
  metrics.count('SweepKept', counts.kept - before.kept);
}

/** Counts what this slice added to what was counted `before`; what a slice did that died is counted by the next one. */
export function countSlice(
  metrics: Invocation['metrics'],
  { run }: RunReport,
  before: OutcomeCounts,
  usageBefore: ApiUsage,
  usage: ApiUsage,
): void {
  countOutcomes(metrics, run.counts, before);
  metrics.count('SweepApiCalls', usage.calls - usageBefore.calls);
  metrics.count('SweepRateLimited', usage.rateLimited - usageBefore.rateLimited);
  if (run.phase !== 'finished') return;
  metrics.count(run.stopReason === 'refused' ? 'SweepRefused' : 'SweepFinished');
}
