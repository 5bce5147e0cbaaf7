import { createKnowledge } from '#policy/knowledge.ts';
import type { NamedPolicy } from '#policy/policy.ts';
import { type Knowledge, type PossibleVerdict, possibleVerdict } from '#policy/possible-verdict.ts';
import { type ComparisonCounts, tallyComparison } from './comparison-tally.ts';
import type { Judged } from './judged.ts';
import type { AuditTrail } from './ports.ts';
import type { PlanRecord } from './run-record.ts';

export interface PlanComparisonRequest {
  readonly before: NamedPolicy;
  readonly after: NamedPolicy;
  readonly plan: PlanRecord;
  /** By which the plan was made. */
  readonly plannedBy: NamedPolicy;
  readonly sampleSize: number;
}

/**
 * Judges a stored plan's conversations by both policies, from the facts that the plan keeps and from what follows from its own policy's verdict.
 * What these do not tell is undecided. Asks Intercom for nothing.
 */
export async function compareOnPlan(
  audit: Pick<AuditTrail, 'planChunks'>,
  { before, after, plan, plannedBy, sampleSize }: PlanComparisonRequest,
): Promise<ComparisonCounts> {
  const { workspaceId, planId, asOf } = plan;
  const knowledgeOf = createKnowledge(onSchedule(plannedBy), asOf, plan.names);
  const [old, changed] = [onSchedule(before), onSchedule(after)];
  const judge = (policy: NamedPolicy, known: Knowledge): Judged =>
    toJudged(possibleVerdict(policy, known, asOf));
  const tally = tallyComparison(sampleSize);
  for await (const { deletions } of audit.planChunks(workspaceId, planId)) {
    for (const { conversationId, ruleId, facts } of deletions) {
      const known = knowledgeOf({ conversationId, ruleId, ...facts });
      tally.add({ conversationId, before: judge(old, known), after: judge(changed, known), facts });
    }
  }
  return tally.counts;
}

/** Plans are made with these rules. */
const onSchedule = (policy: NamedPolicy): NamedPolicy => ({
  ...policy,
  rules: policy.rules.filter(({ on }) => on.includes('schedule')),
});

function toJudged(judged: PossibleVerdict): Judged {
  if (judged.kind !== 'delete') return judged;
  return { kind: 'delete', ruleId: judged.rule.id, retainMetrics: judged.rule.retainMetrics };
}
