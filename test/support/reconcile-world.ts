import type { Duration } from '#policy/policy.ts';
import type { SimulatedDeletion } from '#simulator/running-simulator.ts';
import { type ReconcileReport, type ReconcileRequest, reconcile } from '#sweep/reconcile.ts';
import type { ClassCounts } from '#sweep/reconcile-record.ts';
import type { SweepDeps } from '#sweep/sweep-deps.ts';
import type { SweepWorld } from './sweep-world.ts';

const day: Duration = { amount: 24, unit: 'h' };

/** One call of `reconcile`, as a process of its own. */
export function reconcileIn(
  world: SweepWorld,
  changes: Partial<ReconcileRequest> = {},
  deps: SweepDeps = world.deps(),
): Promise<ReconcileReport> {
  const { policy } = world.request({ rules: [] });
  return reconcile(deps, {
    policy,
    grace: day,
    stop: new AbortController().signal,
    stopAt: undefined,
    ...changes,
  });
}

/** What the classes must be by the simulator's own books; `sentFlag` is what our runs asked for. */
export function trueCounts(
  deletions: readonly SimulatedDeletion[],
  sentFlag: (id: string) => boolean,
): Omit<ClassCounts, 'claimed_but_absent'> {
  const counts = { confirmed: 0, flag_mismatch: 0, deleted_elsewhere: 0 };
  for (const { id, by, metricsRetained } of deletions) {
    if (by === 'foreign') counts.deleted_elsewhere += 1;
    else if (metricsRetained === sentFlag(id)) counts.confirmed += 1;
    else counts.flag_mismatch += 1;
  }
  return counts;
}
