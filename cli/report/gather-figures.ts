import type { QueriedOutcome, RunTrigger } from '#sweep/outcome.ts';
import {
  type ClassCounts,
  noClasses,
  type Reconciliation,
  reconcileClasses,
} from '#sweep/reconcile-record.ts';
import type { Act, RefusalCode, RunSummary, StopReason } from '#sweep/run-record.ts';
import { countOutcomes } from './count-outcomes.ts';
import {
  type ActFigures,
  mostActs,
  mostRuns,
  type PresentState,
  type ReconciliationFigures,
  type RefusalUse,
  type ReportedAct,
  type ReportedRun,
  type ReportFigures,
  type RunFigures,
} from './report-figures.ts';
import type { ReportSpan } from './report-span.ts';
import { gatherSeals, type SealSource } from './seal-figures.ts';

/** Runs are listed by the time in their ids, which machines of different clocks have made. */
const clockDifferenceMs = 3_600_000;

/** What a report is made from, each read once. */
export interface ReportSource {
  /** Those that were recorded in the span. */
  readonly outcomes: AsyncIterable<QueriedOutcome>;
  /** Newest first. */
  readonly summaries: AsyncIterable<RunSummary>;
  /** Oldest first. */
  readonly acts: AsyncIterable<Act>;
  /** Newest first. */
  readonly reconciliations: AsyncIterable<Reconciliation>;
  readonly seals: SealSource;
  readonly now: PresentState;
}

/** Adds everything up. */
export async function gatherFigures(source: ReportSource, span: ReportSpan): Promise<ReportFigures> {
  return {
    span,
    outcomes: await countOutcomes(source.outcomes, span.interval),
    runs: await gatherRuns(source.summaries, span),
    acts: await gatherActs(source.acts, span),
    reconciliations: await gatherReconciliations(source.reconciliations, span),
    now: source.now,
    seals: await gatherSeals(source.seals, span, source.now.at),
  };
}

async function gatherRuns(
  summaries: AsyncIterable<RunSummary>,
  { from, until }: ReportSpan,
): Promise<RunFigures> {
  const figures = { total: 0, apiCalls: 0, rateLimited: 0 };
  const byTrigger = new Map<RunTrigger, number>();
  const byEnd = new Map<StopReason, number>();
  const refusals = new Map<RefusalCode, RefusalUse>();
  const newest: ReportedRun[] = [];
  for await (const run of summaries) {
    if (run.startedAt < from - clockDifferenceMs) break;
    if (run.startedAt < from || run.startedAt >= until) continue;
    figures.total += 1;
    figures.apiCalls += run.apiCalls;
    figures.rateLimited += run.rateLimited;
    byTrigger.set(run.trigger, (byTrigger.get(run.trigger) ?? 0) + 1);
    byEnd.set(run.stopReason, (byEnd.get(run.stopReason) ?? 0) + 1);
    for (const { code, setting } of run.refusals) {
      const known = refusals.get(code);
      refusals.set(code, {
        setting,
        runs: (known?.runs ?? 0) + 1,
        lastAt: known?.lastAt ?? run.startedAt,
      });
    }
    if (newest.length < mostRuns) newest.push(toReportedRun(run));
  }
  return { ...figures, byTrigger, byEnd, refusals, newest };
}

const toReportedRun = (run: RunSummary): ReportedRun => ({
  runId: run.runId,
  trigger: run.trigger,
  startedAt: run.startedAt,
  finishedAt: run.finishedAt,
  stopReason: run.stopReason,
  intended: run.intended,
  counts: run.counts,
});

async function gatherActs(acts: AsyncIterable<Act>, { from, until }: ReportSpan): Promise<ActFigures> {
  let total = 0;
  const byKind = new Map<Act['kind'], number>();
  const newest: ReportedAct[] = [];
  for await (const { kind, at, by, subject } of acts) {
    if (at >= until) break;
    if (at < from) continue;
    total += 1;
    byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
    newest.push({ kind, at, by, subject });
    if (newest.length > mostActs) newest.shift();
  }
  return { total, byKind, newest: newest.toReversed() };
}

async function gatherReconciliations(
  reconciliations: AsyncIterable<Reconciliation>,
  { from, until }: ReportSpan,
): Promise<ReconciliationFigures> {
  let total = 0;
  let newest: Reconciliation | undefined;
  let change: ClassCounts = noClasses;
  let newElsewhere = 0;
  for await (const reconciliation of reconciliations) {
    if (reconciliation.finishedAt >= until) continue;
    newest ??= reconciliation;
    if (reconciliation.finishedAt < from) break;
    total += 1;
    change = sum(change, reconciliation.change);
    newElsewhere += reconciliation.newElsewhere;
  }
  return { total, change, newElsewhere, newest };
}

function sum(some: ClassCounts, others: ClassCounts): ClassCounts {
  const total = { ...some };
  for (const each of reconcileClasses) total[each] += others[each];
  return total;
}
