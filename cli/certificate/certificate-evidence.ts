import type * as z from 'zod';
import { instantFromIso, instantFromMs, toIso } from '#policy/instant.ts';
import { policyHash } from '#policy/policy-hash.ts';
import type { CertifiedRole } from './certificate.ts';
import {
  approvalDocument,
  confirmationDocument,
  intentDocument,
  outcomeDocument,
  planChunkDocument,
  planDocument,
} from './certified-documents.ts';

/** The documents of the records that a certificate rests on. Approval and confirmation may be missing. */
export type Evidence = Readonly<Partial<Record<CertifiedRole, unknown>>>;

export interface ReadEvidence {
  readonly outcome: z.output<typeof outcomeDocument>;
  readonly intent: z.output<typeof intentDocument>;
  readonly chunk: z.output<typeof planChunkDocument>;
  readonly plan: z.output<typeof planDocument>;
  readonly confirmation: z.output<typeof confirmationDocument> | undefined;
  readonly approval: z.output<typeof approvalDocument> | undefined;
}
type PlannedDeletion = z.output<typeof planChunkDocument>['deletions'][number];

/** A sentence when one of them is not what it should be. */
export function readEvidence(evidence: Evidence): ReadEvidence | string {
  const outcome = outcomeDocument.safeParse(evidence.outcome);
  if (!outcome.success) return unreadable('outcome');
  const intent = intentDocument.safeParse(evidence.intent);
  if (!intent.success) return unreadable('intent');
  const chunk = planChunkDocument.safeParse(evidence.plan_chunk);
  if (!chunk.success) return unreadable('plan chunk');
  const plan = planDocument.safeParse(evidence.plan);
  if (!plan.success) return unreadable('plan');
  const confirmation = confirmationDocument.optional().safeParse(evidence.confirmation);
  if (!confirmation.success) return unreadable('confirmation');
  const approval = approvalDocument.optional().safeParse(evidence.approval);
  if (!approval.success) return unreadable('approval');
  return {
    outcome: outcome.data,
    intent: intent.data,
    chunk: chunk.data,
    plan: plan.data,
    confirmation: confirmation.data,
    approval: approval.data,
  };
}

const unreadable = (what: string): string =>
  `The ${what} is missing, or is not a record that this tool writes.`;

/** Records that are each genuine can still be about different things. */
export function contradictionIn(
  { outcome, intent, chunk, plan, confirmation, approval }: ReadEvidence,
  planned: PlannedDeletion,
): string | undefined {
  const { workspace_id: workspaceId, conversation_id: conversationId } = outcome;
  const { record } = plan;
  const agreements: readonly (readonly [boolean, string])[] = [
    [intent.workspace_id === workspaceId, 'The intent is of another workspace.'],
    [intent.run_id === outcome.run_id, 'The intent is of another run than the outcome.'],
    [intent.conversation_ids.includes(conversationId), 'The intent does not name the conversation.'],
    [chunk.workspace_id === workspaceId, 'The plan chunk is of another workspace.'],
    [
      chunk.plan_id === intent.plan_id && chunk.chunk_number === intent.chunk_number,
      'The plan chunk is not the one that the intent names.',
    ],
    [
      planned.rule_id === outcome.rule_id && planned.retain_metrics === outcome.retain_metrics,
      'The plan chunk names another rule or another metrics flag than the outcome.',
    ],
    [record.workspaceId === workspaceId, 'The plan is of another workspace.'],
    [record.planId === intent.plan_id, 'The plan is not the one that the intent names.'],
    [toIso(instantFromMs(record.asOf)) === outcome.planned_at, 'The plan was made at another time.'],
    [
      record.policyHash === outcome.policy_hash && policyHash(plan.policy_json) === outcome.policy_hash,
      'The policy of the plan is not the one that the outcome names.',
    ],
    [
      confirmation === undefined ||
        (confirmation.workspace_id === workspaceId && confirmation.conversation_id === conversationId),
      'The confirmation is of another conversation.',
    ],
    [
      approval === undefined || isApprovalOf(approval, plan, intent),
      'The approval is of another plan and another policy, or came after the intent.',
    ],
  ];
  return agreements.find(([holds]) => !holds)?.[1];
}

/** Whether this is what permitted the intent: it came and was written before, and was for its plan or for every plan of its policy. */
const isApprovalOf = (
  { record, recorded_at: recordedAt }: z.output<typeof approvalDocument>,
  plan: z.output<typeof planDocument>,
  intent: z.output<typeof intentDocument>,
): boolean =>
  record.workspaceId === plan.record.workspaceId &&
  record.details.policy_hash === plan.record.policyHash &&
  (record.details.covers === 'policy' || record.subject === plan.record.planId) &&
  record.at <= instantFromIso(intent.intended_at) &&
  instantFromIso(recordedAt) <= instantFromIso(intent.intended_at);
