import { checkLimits } from '#policy/limits.ts';
import { countOf, countText } from '../number-text.ts';
import { type PolicyDiff, totals } from './policy-diff.ts';

/** What somebody must have seen before the change is accepted: a sentence each. */
export function diffWarnings(diff: PolicyDiff): readonly string[] {
  const { counts, changes, new: changed } = diff;
  const vanishing = counts.transitions
    .filter(({ before, after }) => before.kind === 'keep' && after.kind === 'delete' && !after.retainMetrics)
    .reduce((sum, { count }) => sum + count, 0);
  return [
    ...(changed.failedTests === 0
      ? []
      : [
          `The new policy fails ${countOf(changed.failedTests, 'test')} of its own, and is refused until it passes.`,
        ]),
    ...(counts.metricsNewlyRemoved === 0
      ? []
      : [
          `${countOf(counts.metricsNewlyRemoved, 'conversation')} that both delete would vanish from reports, too (retain_metrics: false).`,
        ]),
    ...(counts.metricsNewlyRetained === 0
      ? []
      : [
          `${countOf(counts.metricsNewlyRetained, 'conversation')} that both delete would stay in reports (retain_metrics: true).`,
        ]),
    ...(vanishing === 0
      ? []
      : [
          `${countOf(vanishing, 'conversation')} of the newly caught would vanish from reports, too (retain_metrics: false).`,
        ]),
    ...changes.flatMap(({ path, warning }) => (warning === undefined ? [] : [`${path}: ${warning}`])),
    ...limitWarnings(diff),
  ];
}

/** Whether the new policy's own limits would stop what it would delete. */
function limitWarnings(diff: PolicyDiff): readonly string[] {
  const { source, new: changed, on } = diff;
  // An event is a run about one conversation, or one contact's.
  if (source.kind === 'plan' || on !== 'schedule') return [];
  const { workspaceTotal, deletedInLastDay } = source.comparison;
  const planned = { candidates: totals(diff).after.deleted, deletedInLastDay, workspaceTotal };
  return checkLimits(changed.policy.limits, planned).map(({ setting, value, limit }) =>
    value === null
      ? `${setting}: Intercom does not say how many conversations there are, so a run would stop.`
      : `${setting}: a run would exceed it, with ${countText(value)} where there may be ${typeof limit === 'number' ? countText(limit) : limit}.`,
  );
}
