import type * as z from 'zod';
import { conditionWords } from '#policy/condition-words.ts';
import { clausesOf } from '#policy/conditions.ts';
import { factName } from '#policy/fact-name.ts';
import { instantFromIso, instantFromMs, toIso } from '#policy/instant.ts';
import type { ByName, Rule } from '#policy/policy.ts';
import { policyHash } from '#policy/policy-hash.ts';
import { policyDocument } from '#policy/policy-schema.ts';
import { toPolicy } from '#policy/to-policy.ts';
import type { CertifiedFacts, CertifiedRole, Claims } from './certificate.ts';
import {
  approvalDocument,
  confirmationDocument,
  type factsSchema,
  intentDocument,
  outcomeDocument,
  planChunkDocument,
  planDocument,
} from './certified-documents.ts';

/** The documents of the records that a certificate rests on. Approval and confirmation may be missing. */
export type Evidence = Readonly<Partial<Record<CertifiedRole, unknown>>>;

export type ClaimsResult =
  | { readonly ok: true; readonly claims: Claims }
  /** One sentence: what the records do not say, or say differently from each other. */
  | { readonly ok: false; readonly problem: string };

/** Works out from the records alone what a certificate may say. Never throws, whatever they hold. */
export function claimsOf(evidence: Evidence): ClaimsResult {
  const read = readEvidence(evidence);
  if (typeof read === 'string') return { ok: false, problem: read };
  const { outcome, intent, chunk, plan, confirmation, approval } = read;
  const planned = chunk.deletions.find((each) => each.conversation_id === outcome.conversation_id);
  const rule = ruleOf(plan.policy_json, outcome.rule_id);
  const problem = planned === undefined ? notPlanned : (contradictionIn(read, planned) ?? ruleProblem(rule));
  if (planned === undefined || rule === undefined || problem !== undefined) {
    return { ok: false, problem: problem ?? notPlanned };
  }
  const wordOf = outcome.outcome === 'deleted' ? 'answer' : 'deleted_list';
  const deletedAt = confirmation?.deleted_at ?? outcome.deleted_at;
  if (deletedAt === undefined || (wordOf === 'deleted_list' && outcome.outcome !== 'unresolved')) {
    return { ok: false, problem: 'The records do not say that the conversation was deleted.' };
  }
  const plannedFacts = toFacts(planned.facts);
  const lastFacts = toFacts(outcome.facts);
  return {
    ok: true,
    claims: {
      workspace_id: outcome.workspace_id,
      workspace_name: plan.record.workspaceName,
      conversation_id: outcome.conversation_id,
      deleted_by_word_of: wordOf,
      deleted_at: deletedAt,
      rule: toRuleClaim(rule, outcome.planned_at),
      policy_hash: outcome.policy_hash,
      facts: {
        read_at: planned.read_at,
        planned: plannedFacts,
        changed_to: JSON.stringify(plannedFacts) === JSON.stringify(lastFacts) ? null : lastFacts,
      },
      plan: { plan_id: plan.record.planId, planned_at: outcome.planned_at },
      approval:
        approval === undefined
          ? null
          : {
              by: approval.record.by,
              at: toIso(instantFromMs(approval.record.at)),
              covers: approval.record.details.covers,
            },
      run: { run_id: outcome.run_id, trigger: outcome.trigger },
      intended_at: intent.intended_at,
      request: {
        method: 'DELETE',
        path: `/conversations/${outcome.conversation_id}`,
        retain_metrics: outcome.retain_metrics,
        api_version: intent.api_version ?? null,
        attempted_at: outcome.attempted_at ?? null,
      },
      answer: {
        answered_at: outcome.deleted_at ?? null,
        http_status: outcome.http_status ?? null,
        intercom_request_id: outcome.intercom_request_id ?? null,
      },
      confirmation:
        confirmation === undefined
          ? null
          : {
              deleted_at: confirmation.deleted_at,
              metrics_retained: confirmation.metrics_retained,
              confirmed_at: confirmation.confirmed_at,
            },
    },
  };
}

interface ReadEvidence {
  readonly outcome: z.output<typeof outcomeDocument>;
  readonly intent: z.output<typeof intentDocument>;
  readonly chunk: z.output<typeof planChunkDocument>;
  readonly plan: z.output<typeof planDocument>;
  readonly confirmation: z.output<typeof confirmationDocument> | undefined;
  readonly approval: z.output<typeof approvalDocument> | undefined;
}
type PlannedDeletion = z.output<typeof planChunkDocument>['deletions'][number];

function readEvidence(evidence: Evidence): ReadEvidence | string {
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
const notPlanned = 'The plan chunk does not hold the conversation of the outcome.';

/** Records that are each genuine can still be about different things. */
function contradictionIn(
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

/** Whether this is what permitted the intent: it came before, and was for its plan or for every plan of its policy. */
const isApprovalOf = (
  { record }: z.output<typeof approvalDocument>,
  plan: z.output<typeof planDocument>,
  intent: z.output<typeof intentDocument>,
): boolean =>
  record.workspaceId === plan.record.workspaceId &&
  record.details.policy_hash === plan.record.policyHash &&
  (record.details.covers === 'policy' || record.subject === plan.record.planId) &&
  record.at <= instantFromIso(intent.intended_at);

const ruleProblem = (rule: Rule<ByName> | undefined): string | undefined =>
  rule === undefined
    ? 'The policy of the plan cannot be read, or does not hold the rule of the outcome.'
    : undefined;

function ruleOf(policyJson: string, ruleId: string): Rule<ByName> | undefined {
  try {
    const document = policyDocument.safeParse(JSON.parse(policyJson));
    return document.success ? toPolicy(document.data).rules.find(({ id }) => id === ruleId) : undefined;
  } catch {
    return undefined; // no JSON
  }
}

/** The facts of which the audit keeps a copy, by the policy's words for them. */
const factsKept: ReadonlySet<string> = new Set(['state', 'created', 'last_activity', 'tags', 'team']);

const toRuleClaim = (rule: Rule<ByName>, plannedAt: string): Claims['rule'] => ({
  id: rule.id,
  description: rule.description ?? null,
  legal_basis: rule.legalBasis ?? null,
  condition: conditionWords(rule.when, instantFromIso(plannedAt)).map((line) => ({ ...line })),
  despite: [...rule.despite],
  facts_not_kept: [...new Set(clausesOf(rule.when).map(factName))].filter((name) => !factsKept.has(name)),
});

const toFacts = (facts: z.output<typeof factsSchema>): CertifiedFacts => ({
  state: facts.state ?? null,
  created_at: facts.created_at ?? null,
  updated_at: facts.updated_at ?? null,
  tag_ids: facts.tag_ids ?? null,
  team_id: facts.team_id ?? null,
  has_ticket: facts.has_ticket ?? null,
});
