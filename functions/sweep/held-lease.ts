import type { WorkspaceId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import { LeaseLostError, StoreError, WorkspaceBusyError } from './errors.ts';
import type { Fence, LeaseLane } from './ports.ts';
import type { SweepDeps } from './sweep-deps.ts';

/** How long a holder that says nothing more keeps the workspace to itself. */
const leaseMs = 60_000;
const renewEveryMs = 15_000;
/** The lease counts as lost this long before it expires, so that a call which waits for its turn just before is over by then. */
const safetyMs = 30_000;

const workIn: Readonly<Record<LeaseLane, string>> = { sweep: 'sweep', reconcile: 'reconciliation' };

/** The right to sweep (or reconcile) one workspace, renewed in the background until it is released. */
export interface HeldLease {
  readonly fence: Fence;
  /** @throws LeaseLostError when another process may have taken over. */
  assertHeld(): void;
  release(): Promise<void>;
}

/** @throws WorkspaceBusyError when another sweep (or reconciliation) holds the workspace. */
export async function holdLease(
  deps: Pick<SweepDeps, 'state' | 'clock' | 'leaseHolder' | 'isHolderGone'>,
  workspaceId: WorkspaceId,
  lane: LeaseLane = 'sweep',
): Promise<HeldLease> {
  const { state, clock } = deps;
  let expiresAt = instantFromMs(clock.now() + leaseMs);
  const grant = await state.takeLease({
    workspaceId,
    lane,
    holder: deps.leaseHolder,
    now: clock.now(),
    expiresAt,
    isGone: deps.isHolderGone,
  });
  if (!grant.granted) {
    throw new WorkspaceBusyError(
      `Another ${workIn[lane]} of the workspace ${workspaceId} is under way (${grant.holder}); wait until it has ended, or until its lease runs out at ${new Date(grant.expiresAt).toISOString()}.`,
      { retryable: true },
    );
  }

  const { fence } = grant;
  const ended = new AbortController();
  let lost: LeaseLostError | undefined;
  const renewing = renew();

  async function renew(): Promise<void> {
    while (true) {
      await clock.sleep(renewEveryMs, ended.signal);
      if (ended.signal.aborted) return;
      const next = instantFromMs(clock.now() + leaseMs);
      try {
        await state.renewLease(workspaceId, fence, next, lane);
        expiresAt = next;
      } catch (error) {
        if (error instanceof LeaseLostError) {
          lost = error;
          return;
        }
        // The store did not answer: the lease is still ours until it expires, which assertHeld watches.
      }
    }
  }

  return {
    fence,
    assertHeld() {
      if (lost !== undefined) throw lost;
      if (clock.now() > expiresAt - safetyMs) {
        throw new LeaseLostError(
          `The lease on the workspace ${workspaceId} could not be renewed in time; run again once the store answers.`,
        );
      }
    },
    async release() {
      ended.abort();
      await renewing;
      try {
        await state.releaseLease(workspaceId, fence, lane);
      } catch (error) {
        // It runs out by itself, and what the work came to matters more than this.
        if (!(error instanceof StoreError || error instanceof LeaseLostError)) throw error;
      }
    },
  };
}
