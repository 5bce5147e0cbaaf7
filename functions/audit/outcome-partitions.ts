import type { RuleId, WorkspaceId } from '#policy/ids.ts';
import { type Instant, instantFromMs } from '#policy/instant.ts';
import type { OutcomeFilter } from '#sweep/ports.ts';
import { dayPartition, ruleMonthPartition, runOutcomesPartition } from './keys.ts';
import type { AuditIndex } from './table-definitions.ts';

/** One partition of one index. */
export interface IndexPartition {
  readonly index: AuditIndex;
  readonly value: string;
}

/** From inclusive, until exclusive. */
export interface TimeSpan {
  readonly from: Instant;
  readonly until: Instant;
}

/**
 * The partitions that hold every outcome that the filter can match, in order of time: the run's, else the months of the
 * rule, else the days.
 */
export function* outcomePartitions(
  workspaceId: WorkspaceId,
  filter: Pick<OutcomeFilter, 'runId' | 'ruleId'>,
  span: TimeSpan,
): Generator<IndexPartition> {
  if (span.from >= span.until) return;
  const { runId, ruleId } = filter;
  if (runId !== undefined) {
    yield { index: 'by_run', value: runOutcomesPartition(workspaceId, runId) };
  } else if (ruleId !== undefined) {
    yield* ruleMonths(workspaceId, ruleId, span);
  } else {
    yield* days(workspaceId, span);
  }
}

const dayMs = 86_400_000;

function* days(workspaceId: WorkspaceId, { from, until }: TimeSpan): Generator<IndexPartition> {
  for (let day = from - (from % dayMs); day < until; day += dayMs) {
    yield { index: 'by_day', value: dayPartition(workspaceId, instantFromMs(day)) };
  }
}

function* ruleMonths(
  workspaceId: WorkspaceId,
  ruleId: RuleId,
  { from, until }: TimeSpan,
): Generator<IndexPartition> {
  const first = new Date(from);
  for (let month = 0; ; month += 1) {
    const start = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month);
    if (start >= until) return;
    yield { index: 'by_rule', value: ruleMonthPartition(workspaceId, ruleId, instantFromMs(start)) };
  }
}
