import type { PolicyHash, RunId } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import type { Hold } from '#sweep/hold.ts';
import type { RunTrigger } from '#sweep/outcome.ts';
import type { Pause } from '#sweep/ports.ts';
import type { ClassCounts, Reconciliation } from '#sweep/reconcile-record.ts';
import type { Act, OutcomeCounts, RefusalCode, StopReason } from '#sweep/run-record.ts';
import type { ReportSpan } from './report-span.ts';
import type { SealFigures } from './seal-figures.ts';

/** Everything that a report says, as numbers. Grows with the days, rules and policies of the span, never with its records. */
export interface ReportFigures {
  readonly span: ReportSpan;
  readonly outcomes: OutcomeFigures;
  readonly runs: RunFigures;
  readonly acts: ActFigures;
  readonly reconciliations: ReconciliationFigures;
  /** As they are when the report is made. */
  readonly now: PresentState;
  readonly seals: SealFigures;
}

/** Counted from the outcomes that were recorded in the span, as confirmations resolve them. */
export interface OutcomeFigures {
  readonly records: number;
  readonly byOutcome: OutcomeCounts;
  readonly byRule: ReadonlyMap<string, OutcomeCounts>;
  /** What was `deleted`, by the interval's beginning and then by rule. Intervals without any are left out. */
  readonly deletedByInterval: ReadonlyMap<Instant, ReadonlyMap<string, number>>;
  readonly keptByReason: ReadonlyMap<string, number>;
  readonly failedByReason: ReadonlyMap<string, number>;
  readonly metrics: MetricsFigures;
  /** In the order in which they first occur. */
  readonly policies: ReadonlyMap<PolicyHash, PolicyUse>;
}

/** Of what was `deleted`: what was asked of Intercom, and what its own list says. */
export interface MetricsFigures {
  readonly askedToKeep: ListedAs;
  readonly askedToRemove: ListedAs;
}
export type ListedAs = Readonly<Record<'kept' | 'removed' | 'notListed', number>>;

/** Under one version of the policy. */
export interface PolicyUse {
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  readonly deleted: number;
  readonly records: number;
}

/** Of the runs that began in the span and have ended. */
export interface RunFigures {
  readonly total: number;
  readonly byTrigger: ReadonlyMap<RunTrigger, number>;
  readonly byEnd: ReadonlyMap<StopReason, number>;
  /** By the reason why the gate refused; a run can be refused for several. */
  readonly refusals: ReadonlyMap<RefusalCode, RefusalUse>;
  readonly apiCalls: number;
  /** Answers by which Intercom asked to wait. */
  readonly rateLimited: number;
  /** Newest first, at most `mostRuns`. */
  readonly newest: readonly ReportedRun[];
}
export const mostRuns = 1000;

export interface RefusalUse {
  readonly runs: number;
  readonly setting: string;
  readonly lastAt: Instant;
}

/** A run as it counted itself when it ended. */
export interface ReportedRun {
  readonly runId: RunId;
  readonly trigger: RunTrigger;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly stopReason: StopReason;
  readonly intended: number;
  readonly counts: OutcomeCounts;
}

export interface ActFigures {
  readonly total: number;
  readonly byKind: ReadonlyMap<Act['kind'], number>;
  /** Newest first, at most `mostActs`; without the texts that people typed. */
  readonly newest: readonly ReportedAct[];
}
export const mostActs = 200;
export type ReportedAct = Pick<Act, 'kind' | 'at' | 'by' | 'subject'>;

export interface ReconciliationFigures {
  /** That ended in the span. */
  readonly total: number;
  /** What they added together. */
  readonly change: ClassCounts;
  /** What they found and left as deleted elsewhere; an explanation of what an earlier one found takes nothing off. */
  readonly newElsewhere: number;
  /** The last that ended before the end of the span. */
  readonly newest: Reconciliation | undefined;
}

export interface PresentState {
  /** When the report was made. */
  readonly at: Instant;
  readonly holds: readonly Hold[];
  readonly pause: Pause | undefined;
  /** A run that has not ended. */
  readonly openRun: { readonly runId: RunId; readonly startedAt: Instant } | undefined;
}
