import type { PolicyHash } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import type { NamedPolicy } from '#policy/policy.ts';
import type { PlanRecord } from '#sweep/run-record.ts';
import { type Html, html } from '../html.ts';
import { renderPage } from '../page-frame.ts';
import { carriedOutSection } from './carried-out-section.ts';
import { dayAndMinuteWords } from './date-words.ts';
import { gateSection } from './gate-section.ts';
import { planCostSection } from './plan-cost-section.ts';
import type { PlanFigures } from './plan-figures.ts';
import { planHeadline } from './plan-headline.ts';
import { planKeptSection } from './plan-kept-section.ts';
import { planRulesSection } from './plan-rules-section.ts';
import { planSampleSection } from './plan-sample-section.ts';
import { fillPatterns } from './series-fill.ts';
import { tableScript } from './table-script.ts';
import { wordsSection } from './words-section.ts';

export interface PlanSubject {
  /** The one by which the plan was made; undefined when it has changed since. */
  readonly policy: NamedPolicy | undefined;
  /** The one in force, whose pace counts when the plan is carried out. */
  readonly present: NamedPolicy;
  readonly policyHash: PolicyHash;
  readonly madeAt: Instant;
}

/** A plan as a page, for who has to decide on it. */
export function planPage({ policy, present, policyHash, madeAt }: PlanSubject, figures: PlanFigures): string {
  const { plan, approval, run } = figures;
  const isCarriedOut = plan.status === 'applied';
  return renderPage({
    kind: 'plan',
    title: plan.erasure === undefined ? 'Retention plan' : 'Erasure plan',
    about: html`<p>${
      isCarriedOut
        ? html`What was to be deleted in the Intercom workspace ${workspaceOf(plan)} by this plan, and what became of it.`
        : html`What would be deleted in the Intercom workspace ${workspaceOf(plan)} if this plan were carried out. Nothing has been deleted by making it.`
    }<br>
Made on <strong>${dayAndMinuteWords(plan.asOf)}</strong>. All times are in UTC.<br>Plan <code class="long">${plan.planId}</code></p>`,
    body: [
      fillPatterns(),
      planHeadline(figures),
      isCarriedOut ? carriedOutSection(plan, run, approval) : gateSection(plan, approval),
      planRulesSection(figures, policy),
      planKeptSection(plan),
      isCarriedOut ? undefined : planCostSection(plan, present),
      planSampleSection(plan, figures.sample),
      wordsSection([
        'policy',
        'rule',
        'plan',
        ...(isCarriedOut ? (['run', 'already gone', 'answer lost', 'failed', 'spared'] as const) : []),
        'legal hold',
      ]),
    ],
    script: tableScript,
    madeAt,
    policyHash,
    command: `retention plan show ${plan.planId} --html plan.html`,
  });
}

const workspaceOf = ({ workspaceName, workspaceId }: PlanRecord): Html =>
  html`<strong>${workspaceName}</strong> (${workspaceId})`;
