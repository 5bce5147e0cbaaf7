import type { NamedPolicy } from '#policy/policy.ts';
import type { PlanRecord } from '#sweep/run-record.ts';
import { estimateApplying } from '../applying-estimate.ts';
import { type Html, html } from '../html.ts';
import { countOf, countText, lengthText } from '../number-text.ts';

/** How long it takes, and how many calls to Intercom. */
export function planCostSection(plan: PlanRecord, policy: NamedPolicy): Html {
  const { leastCalls, mostCalls, mostMs, pace, limitPerWindow } = estimateApplying(plan, policy);
  return html`<section id="cost" aria-labelledby="cost-heading">
<h2 id="cost-heading">Time and calls to Intercom</h2>
<p>Carrying it out takes <strong>${countText(leastCalls)} to ${countOf(mostCalls, 'call')}</strong>: one for each conversation, and one more to look at it again where it was last read too long ago. That is <strong>at most about ${lengthText(mostMs)}</strong> if this program uses ${Math.round(pace * 100)}% of the ${countText(limitPerWindow)} calls that Intercom usually allows in ten seconds. Making the plan took ${countOf(plan.apiCalls, 'call')}.</p>
</section>`;
}
