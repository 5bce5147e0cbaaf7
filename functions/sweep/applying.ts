import type { Instant } from '#policy/instant.ts';
import type { ResolvedPolicy } from '#policy/policy.ts';
import type { RunRecord, StopReason } from './run-record.ts';
import { type Session, withUsage } from './session.ts';
import type { SweepDeps } from './sweep-deps.ts';

/** What it takes to carry out a plan, whoever does it: a sweep under its lease, or the worker that is at one event. */
export interface Applying {
  readonly deps: Pick<SweepDeps, 'intercom' | 'audit' | 'state' | 'clock' | 'observe' | 'notices'>;
  /** The one that the plan was judged by. */
  readonly policy: ResolvedPolicy;
  /** @throws when this process may not delete any more. */
  readonly assertAllowed: () => void;
  /**
   * Asked before going on with a chunk that another process opened at this instant.
   * @throws LeaseLostError when that process may still be at work.
   */
  readonly assertGone: (intendedAt: Instant) => void;
  /** Why to stop after the calls in flight; undefined while it may go on. */
  readonly reasonToStop: () => Extract<StopReason, 'interrupted' | 'deadline'> | undefined;
  /** Writes the place reached, for another process to go on from. */
  readonly save: (run: RunRecord) => Promise<void>;
}

/** A sweep's: it is alone as long as it holds the lease. */
export function applyingIn(session: Session): Applying {
  const { deps, policy, lease, request } = session;
  return {
    deps,
    policy,
    assertAllowed: () => lease.assertHeld(),
    assertGone: () => lease.assertHeld(),
    reasonToStop() {
      if (request.stop.aborted) return 'interrupted';
      return session.mustStop() ? 'deadline' : undefined;
    },
    save: (run) => deps.state.writeRun(withUsage(session, run), lease.fence),
  };
}
