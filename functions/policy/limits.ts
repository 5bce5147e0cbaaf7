import type { Limits } from './policy.ts';
import { formatShare, isWithinShare, largestWithinShare } from './share.ts';

/** What a plan would delete, and what its limits are counted against. */
export interface PlannedDeletions {
  readonly candidates: number;
  /** In the rolling 24 hours before, by all triggers together. */
  readonly deletedInLastDay: number;
  /** Conversations of the workspace; undefined when Intercom does not say. */
  readonly workspaceTotal: number | undefined;
}

/** One limit that a plan exceeds. */
export interface LimitExcess {
  readonly code: 'per_run' | 'per_day' | 'share_of_workspace' | 'share_unknown_total';
  /** The setting's path in the policy. */
  readonly setting: 'limits.per_run' | 'limits.per_day' | 'limits.share_of_workspace';
  /** How many there would be; null when there is no total to count against. */
  readonly value: number | null;
  /** How many there may be; the share itself when there is no total. */
  readonly limit: number | string;
}

/** Every limit that the plan exceeds. A plan to delete nothing exceeds none. */
export function checkLimits(limits: Limits, planned: PlannedDeletions): readonly LimitExcess[] {
  const { candidates, deletedInLastDay } = planned;
  if (candidates === 0) return [];
  const excesses: LimitExcess[] = [];
  if (candidates > limits.perRun) {
    excesses.push({ code: 'per_run', setting: 'limits.per_run', value: candidates, limit: limits.perRun });
  }
  const inDay = deletedInLastDay + candidates;
  if (inDay > limits.perDay) {
    excesses.push({ code: 'per_day', setting: 'limits.per_day', value: inDay, limit: limits.perDay });
  }
  return [...excesses, ...checkShare(limits, planned)];
}

function checkShare({ shareOfWorkspace: share }: Limits, planned: PlannedDeletions): readonly LimitExcess[] {
  const { candidates, workspaceTotal: total } = planned;
  const setting = 'limits.share_of_workspace';
  if (total === undefined) {
    return [{ code: 'share_unknown_total', setting, value: null, limit: formatShare(share) }];
  }
  if (isWithinShare(candidates, share, total)) return [];
  return [
    { code: 'share_of_workspace', setting, value: candidates, limit: largestWithinShare(share, total) },
  ];
}

/**
 * How many of the planned deletions may go ahead. Undefined: the run must stop, because a share is exceeded or
 * `when_exceeded` says so.
 */
export function trimTo(limits: Limits, planned: PlannedDeletions): number | undefined {
  const excesses = checkLimits(limits, planned);
  if (excesses.length === 0) return planned.candidates;
  const onlyCounts = excesses.every(({ code }) => code === 'per_run' || code === 'per_day');
  if (limits.whenExceeded === 'stop' || !onlyCounts) return undefined;
  const leftToday = Math.max(0, limits.perDay - planned.deletedInLastDay);
  return Math.min(planned.candidates, limits.perRun, leftToday);
}

/** Whether more of a run's deletions have failed than the policy tolerates. */
export function failuresExceeded(limits: Limits, intended: number, failed: number): boolean {
  return !isWithinShare(failed, limits.failures, intended);
}
