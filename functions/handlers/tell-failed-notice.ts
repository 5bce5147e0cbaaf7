import { errorFields } from '#runtime/error-fields.ts';
import type { Invocation } from '#runtime/lambda-handler.ts';
import type { SweepEvent } from '#sweep/sweep-deps.ts';
import { isOwnError } from './own-error.ts';

type FailedNotice = Extract<SweepEvent, { readonly kind: 'notice_failed' }>;

/** Whoever keeps copies of these conversations has not heard of their deletion, and will not: the alarm is on the metric. */
export function tellFailedNotice(
  { log, metrics }: Pick<Invocation, 'log' | 'metrics'>,
  { notice, error }: FailedNotice,
): void {
  metrics.count('NoticeFailed');
  log.error('notice_failed', {
    run_id: notice.runId,
    rule_id: notice.ruleId,
    conversations: notice.conversationIds.length,
    ...errorFields(error, isOwnError),
  });
}
