import type { OutcomePosition, QueriedOutcome } from '#sweep/outcome.ts';
import type { OutcomeFilter } from '#sweep/ports.ts';

/** Whether an outcome, with its confirmation, is one that the filter asks for. */
export const matchesFilter = ({ outcome, confirmation }: QueriedOutcome, filter: OutcomeFilter): boolean =>
  (filter.conversationId === undefined || outcome.conversationId === filter.conversationId) &&
  (filter.runId === undefined || outcome.runId === filter.runId) &&
  (filter.ruleId === undefined || outcome.ruleId === filter.ruleId) &&
  (filter.from === undefined || outcome.recordedAt >= filter.from) &&
  (filter.until === undefined || outcome.recordedAt < filter.until) &&
  (filter.outcome === undefined || outcome.outcome === filter.outcome) &&
  (filter.retainMetrics === undefined || outcome.retainMetrics === filter.retainMetrics) &&
  (filter.metricsRetained === undefined || confirmation?.metricsRetained === filter.metricsRetained) &&
  (filter.after === undefined || isAfter(outcome, filter.after));

/** In the order of the indexes, whose sort keys are texts: ids of digits sort as texts, too. */
export const isAfter = (one: OutcomePosition, other: OutcomePosition): boolean =>
  one.recordedAt === other.recordedAt
    ? one.conversationId > other.conversationId
    : one.recordedAt > other.recordedAt;
