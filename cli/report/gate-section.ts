import type { Approval, PlanRecord, Refusal, RefusalCode } from '#sweep/run-record.ts';
import { type Html, html } from '../html.ts';
import { countText } from '../number-text.ts';
import { approvedBy } from './approved-by.ts';

type Sentence = (refusal: Refusal) => string;

/** Each reason why a plan may not be carried out, for who does not know the settings. */
const sentences: Readonly<Record<RefusalCode, Sentence>> = {
  observe_mode: () =>
    'The policy is set to observe only: it makes plans, and nothing is deleted until it is set to delete.',
  not_approved: () => 'Nobody had approved it.',
  policy_changed: () =>
    'The policy has changed since the plan was made, so it no longer says what the policy says.',
  per_run: ({ value, limit }) =>
    `It would delete ${shown(value)} conversations, and one run may delete ${shown(limit)}.`,
  per_day: ({ value, limit }) =>
    `With it, ${shown(value)} conversations would have been deleted within 24 hours, and ${shown(limit)} may.`,
  share_of_workspace: ({ value, limit }) =>
    `It would delete ${shown(value)} conversations, and the share of the workspace that may go is ${shown(limit)}.`,
  share_unknown_total: ({ limit }) =>
    `Intercom did not say how many conversations there are, so ${shown(limit)} of them, the share that may go, cannot be worked out.`,
  holds_unreadable: () => 'The legal holds could not be read.',
  paused: () => 'Deletion was switched off.',
  plan_incomplete: () => 'The plan is not complete.',
  plan_applied: () => 'The plan has been carried out, or given up, already.',
};

/** Whether a plan may be carried out that no run has begun to carry out. */
export function gateSection(plan: PlanRecord, approval: Approval | undefined): Html {
  const isAllowed = plan.status === 'planned' && plan.gate?.allowed === true;
  return html`<section id="gate" aria-labelledby="gate-heading">
<h2 id="gate-heading">May it be carried out?</h2>
<div class="${isAllowed ? 'notice calm' : 'notice'}">${answer(plan)}${approvedBy(approval)}</div>
<p>The checks are made again right before anything is deleted, and conversations that were read too long ago are looked at again: carrying a plan out can only delete less than it says.</p>
</section>`;
}

function answer({ status, gate }: PlanRecord): Html {
  if (status === 'abandoned') {
    return html`<p><strong>No.</strong> It was given up, and cannot be carried out any more.</p>`;
  }
  if (gate === undefined) {
    return html`<p><strong>It is not complete yet</strong>, so nothing was decided.</p>`;
  }
  if (gate.allowed) {
    return html`<p><strong>Yes.</strong> When it was made, it passed every check: the policy lets it delete, it was approved, it is within all limits, and the legal holds could be read.</p>`;
  }
  return html`<p><strong>No, as it was when the plan was made.</strong> Nothing is deleted as long as one of these stands:</p><ul>${gate.refusals.map(
    (refusal) => html`<li>${sentences[refusal.code](refusal)} <small>(${refusal.setting})</small></li>`,
  )}</ul>`;
}

const shown = (value: Refusal['value']): string =>
  typeof value === 'number' ? countText(value) : String(value);
