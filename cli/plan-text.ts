import type { NamedPolicy } from '#policy/policy.ts';
import type { PlannedDeletion } from '#sweep/outcome.ts';
import type { ApiUsage } from '#sweep/ports.ts';
import type { PlannedErasure, PlanRecord } from '#sweep/run-record.ts';
import { estimateApplying } from './applying-estimate.ts';
import { countOf, countText, dayText, lengthText, timeText } from './number-text.ts';
import { printable } from './printable.ts';
import { renderTable } from './table.ts';

/** What a plan is: of which workspace, by which policy, and when. */
export function planHeading(plan: PlanRecord): string {
  const scanned = `Read ${countOf(plan.scanned, 'conversation')} by ${plan.scan} in ${countOf(plan.apiCalls, 'API call')}`;
  const total = plan.workspaceTotal === undefined ? '' : ` of ${countText(plan.workspaceTotal)}`;
  const erases = plan.erasure === undefined ? [] : [`Erases the contact ${plan.erasure.contactId}.`];
  return [
    `Plan ${plan.planId}`,
    `of the workspace ${printable(plan.workspaceName)} (${plan.workspaceId}), by the policy ${shortHash(plan.policyHash)}, as of ${timeText(plan.asOf)}`,
    ...erases,
    `${scanned}. To delete: ${countText(plan.candidates)}${total}.`,
  ].join('\n');
}

/** A plan as it is told before anybody decides on it. */
export function planText(plan: PlanRecord, policy: NamedPolicy): string {
  const parts = [
    planHeading(plan),
    policy.rules.length > 0 ? rulesTable(plan, policy) : 'The policy has no rules, so it deletes nothing.',
  ];
  const kept = plan.erasure === undefined ? keptTable(plan) : keptByNameTable(plan.erasure);
  return [...parts, ...(kept === undefined ? [] : [kept])].join('\n\n');
}

/** How many conversations each rule deletes, and on what grounds, in the order of the policy. */
export function rulesTable(plan: PlanRecord, policy: NamedPolicy): string {
  const counts = new Map(Object.entries<number>(plan.byRule));
  const scheduled = policy.rules.filter(({ on }) => on.includes('schedule')).map(({ id }) => id);
  const rows = [...new Set<string>([...scheduled, ...counts.keys()])].map((id) => {
    const rule = policy.rules.find((each) => each.id === id);
    return [
      id,
      countText(counts.get(id) ?? 0),
      rule === undefined ? '' : metricsWord(rule.retainMetrics),
      rule?.description ?? '',
      rule?.legalBasis ?? '',
    ];
  });
  return renderTable(
    [
      { name: 'rule' },
      { name: 'to delete', align: 'right' },
      { name: 'metrics' },
      { name: 'description' },
      { name: 'legal basis' },
    ],
    rows,
  );
}

const keptWords: Readonly<Record<keyof PlanRecord['keptBy'], string>> = {
  no_rule_matched: 'no rule matches',
  unknown_fact: 'a rule asks for a fact that is unknown',
  protected: 'protected by the policy',
  held: 'under a legal hold',
  unreadable: 'could not be read',
};

/** Why the others stay; undefined when none does. */
export function keptTable({ keptBy }: PlanRecord): string | undefined {
  const rows = Object.entries(keptWords).flatMap(([reason, words]) => {
    const count = new Map(Object.entries(keptBy)).get(reason) ?? 0;
    return count === 0 ? [] : [[words, countText(count)]];
  });
  return rows.length === 0
    ? undefined
    : renderTable([{ name: 'stays because' }, { name: 'conversations', align: 'right' }], rows);
}

/** Each conversation of an erased contact that stays, and why; undefined when none does. */
function keptByNameTable({ kept }: PlannedErasure): string | undefined {
  const rows = kept.map(({ conversationId, reason, detail }) => [
    conversationId,
    `${keptWords[reason]}: ${printable(detail)}`,
  ]);
  return rows.length === 0
    ? undefined
    : renderTable([{ name: 'conversation' }, { name: 'stays because' }], rows);
}

export function sampleTable(sample: readonly PlannedDeletion[]): string {
  return renderTable(
    [
      { name: 'conversation' },
      { name: 'rule' },
      { name: 'state' },
      { name: 'created' },
      { name: 'last activity' },
    ],
    sample.map(({ conversationId, ruleId, facts }) => [
      conversationId,
      ruleId,
      facts.state ?? '?',
      facts.createdAt === undefined ? '?' : dayText(facts.createdAt),
      facts.updatedAt === undefined ? '?' : dayText(facts.updatedAt),
    ]),
  );
}

/** What applying the plan costs in calls and time, at the pace that the policy allows. */
export function applyingCost(plan: PlanRecord, policy: NamedPolicy, usage: ApiUsage): string {
  const cost = estimateApplying(plan, policy, usage.limitPerWindow);
  return `Applying it takes ${countText(cost.leastCalls)} to ${countText(cost.mostCalls)} API calls (a DELETE each, and a read before it where the facts have grown old), at most about ${lengthText(cost.mostMs)} at ${Math.round(cost.pace * 100)}% of ${countText(cost.limitPerWindow)} calls in 10 s.`;
}

export const shortHash = (hash: string): string => hash.slice(0, 12);

export const metricsWord = (retainMetrics: boolean): string => (retainMetrics ? 'kept' : 'removed');
