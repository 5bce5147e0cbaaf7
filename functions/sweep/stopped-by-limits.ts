import type { Refusal, RefusalCode } from './run-record.ts';

const isLimit = {
  observe_mode: false,
  not_approved: false,
  policy_changed: false,
  per_run: true,
  per_day: true,
  share_of_workspace: true,
  share_unknown_total: true,
  holds_unreadable: false,
  paused: false,
  plan_incomplete: false,
  plan_applied: false,
} as const satisfies Record<RefusalCode, boolean>;

/** Whether a plan would have been carried out but for limits: neither its mode nor a person stood in the way as well. */
export const isStoppedByLimits = (refusals: readonly Refusal[]): boolean =>
  refusals.length > 0 && refusals.every(({ code }) => isLimit[code]);
