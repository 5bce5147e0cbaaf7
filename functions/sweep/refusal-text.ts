import type { Refusal, RefusalCode } from './run-record.ts';

type Sentence = (refusal: Refusal) => string;

/** Each reason why the gate says no: what it is, the setting that says so, and what to do about it. */
const sentences: Readonly<Record<RefusalCode, Sentence>> = {
  observe_mode: () =>
    'mode: observe lets nothing be deleted; set "mode: delete" in the policy once you agree with its plans, and make a new plan.',
  not_approved: ({ limit }) =>
    `approval: ${limit} asks for an approval and there is none; look at the plan and approve it with "retention approve".`,
  policy_changed: ({ value, limit }) =>
    `policy: the file is now ${short(value)}, but the plan was made for ${short(limit)}; make a new plan with "retention plan", or "retention erase" for an erasure.`,
  per_run: ({ value, limit }) =>
    `limits.per_run: the plan would delete ${shown(value)}, and a run may delete ${shown(limit)}; narrow the rules, raise the limit, or set when_exceeded: trim.`,
  per_day: ({ value, limit }) =>
    `limits.per_day: ${shown(value)} deletions would fall into 24 hours, and ${shown(limit)} may; wait, raise the limit, or set when_exceeded: trim.`,
  share_of_workspace: ({ value, limit }) =>
    `limits.share_of_workspace: the plan would delete ${shown(value)} conversations, and that share of the workspace is ${shown(limit)}; narrow the rules or raise the share.`,
  share_unknown_total: ({ limit }) =>
    `limits.share_of_workspace: Intercom did not say how many conversations there are, so ${limit} of them cannot be worked out; plan again later.`,
  holds_unreadable: () =>
    'STATE_TABLE: the legal holds could not be read, so nothing may be deleted; bring the state table back and run again.',
  paused: ({ value }) =>
    `retention resume: deletion is paused${value === null || value === '' ? '' : ` (${value})`}; switch it on again with "retention resume".`,
  plan_incomplete: () =>
    'plan: it was stopped before it was complete; make it complete with "retention plan".',
  plan_applied: ({ value }) =>
    `plan: it is ${value} already; make a new one with "retention plan", or "retention erase" for an erasure.`,
};

/** One sentence for whoever reads it on a terminal or in a mail. */
export const refusalText = (refusal: Refusal): string => sentences[refusal.code](refusal);

const shown = (value: Refusal['value']): string =>
  typeof value === 'number' ? value.toLocaleString('en-US') : String(value);

const short = (hash: Refusal['value']): string => String(hash).slice(0, 12);
