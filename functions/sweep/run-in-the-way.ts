import { OutsideError } from './errors.ts';
import type { RunRecord } from './run-record.ts';
import type { SweepRequest } from './sweep-deps.ts';

/**
 * An erasure ends nobody else's run: a sweep that is between two of its slices would begin anew and might lack an approval.
 * @throws OutsideError when the run that has not finished is of another policy than the erasure's own.
 */
export function assertNotInTheWay(
  { erasure, policyHash }: Pick<SweepRequest, 'erasure' | 'policyHash'>,
  unfinished: RunRecord,
): void {
  if (erasure === undefined || unfinished.policyHash === policyHash) return;
  const { runId, trigger, planId } = unfinished;
  const way = trigger === 'erasure' ? `retention apply ${planId}` : 'retention run';
  throw new OutsideError(`The run ${runId} has not finished; go on with it by "${way}", and then erase.`, {
    retryable: true,
  });
}
