import type { NamedPolicy } from '#policy/policy.ts';
import type { PlanRecord } from '#sweep/run-record.ts';

const windowMs = 10_000;
/** Calls a window that Intercom allows a private app, where its headers did not say (10,000 a minute). */
const usualLimitPerWindow = 1667;

/** What applying a plan costs. */
export interface ApplyingEstimate {
  /** A DELETE for each conversation. */
  readonly leastCalls: number;
  /** And a read before it, where the facts have grown old. */
  readonly mostCalls: number;
  /** Calls that Intercom allows in ten seconds. */
  readonly limitPerWindow: number;
  /** The share of them that the policy lets this tool use; above 0, at most 1. */
  readonly pace: number;
  /** How long the most calls take at that pace. */
  readonly mostMs: number;
}

/** @param limitPerWindow as Intercom's headers say; undefined when nothing was asked of it. */
export function estimateApplying(
  { candidates }: Pick<PlanRecord, 'candidates'>,
  policy: Pick<NamedPolicy, 'pace'>,
  limitPerWindow = usualLimitPerWindow,
): ApplyingEstimate {
  const pace = Number(policy.pace.numerator) / Number(policy.pace.denominator);
  const mostCalls = candidates * 2;
  return {
    leastCalls: candidates,
    mostCalls,
    limitPerWindow,
    pace,
    mostMs: (mostCalls / (limitPerWindow * pace)) * windowMs,
  };
}
