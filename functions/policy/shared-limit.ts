import type { Share } from './policy.ts';

/** The event worker's share of Intercom's rate limit when the settings name none: beside the four fifths that a policy gives to sweeps. */
export const defaultEventPace: Share = { numerator: 15n, denominator: 100n };

/** The reconciliation's share: what sweep and event worker leave. */
export const reconcilePace: Share = { numerator: 5n, denominator: 100n };

/** Whether work that goes on at the same time stays within one limit together. Exact. */
export function fitInOneLimit(shares: readonly Share[]): boolean {
  const denominator = shares.reduce((product, share) => product * share.denominator, 1n);
  const sum = shares.reduce(
    (total, share) => total + (share.numerator * denominator) / share.denominator,
    0n,
  );
  return sum <= denominator;
}
