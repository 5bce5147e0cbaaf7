import * as z from 'zod';
import { conditionWords } from '#policy/condition-words.ts';
import { clausesOf } from '#policy/conditions.ts';
import { factName } from '#policy/fact-name.ts';
import { instantFromIso, instantFromMs, toIso } from '#policy/instant.ts';
import type { ByName, Rule } from '#policy/policy.ts';
import { ruleDocument } from '#policy/policy-schema.ts';
import { toRule } from '#policy/to-policy.ts';
import type { OutcomeKind } from '#sweep/outcome.ts';
import type { CertifiedFacts, Claims, WholeClaims } from './certificate.ts';
import { contradictionIn, type Evidence, readEvidence } from './certificate-evidence.ts';
import type { factsSchema } from './certified-documents.ts';
import { certifiedNames } from './certified-names.ts';

/** What the documents say; when they were sealed they do not know. */
type DocumentClaims = Omit<WholeClaims, 'sealed_late'>;

export type ClaimsResult<Kind extends Claims = DocumentClaims> =
  | { readonly ok: true; readonly claims: Kind }
  /** One sentence: what the records do not say, or say differently from each other. */
  | { readonly ok: false; readonly problem: string };

/** Works out from the records alone what a certificate may say. Never throws, whatever they hold. */
export function claimsOf(evidence: Evidence): ClaimsResult {
  const read = readEvidence(evidence);
  if (typeof read === 'string') return refused(read);
  const { outcome, intent, chunk, plan, confirmation, approval } = read;
  const planned = chunk.deletions.find((each) => each.conversation_id === outcome.conversation_id);
  if (planned === undefined) return refused('The plan chunk does not hold the conversation of the outcome.');
  const contradiction = contradictionIn(read, planned);
  if (contradiction !== undefined) return refused(contradiction);
  const rule = ruleOf(plan.policy_json, outcome.rule_id);
  if (rule === undefined) {
    return refused('The policy of the plan cannot be read, or does not hold the rule of the outcome.');
  }
  const wordOf = wordFor(outcome.outcome);
  const deletedAt = confirmation?.deleted_at ?? outcome.deleted_at;
  if (wordOf === undefined || deletedAt === undefined) {
    return refused('The records do not say that the conversation was deleted.');
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
      names: certifiedNames(plan.record.names, rule, [plannedFacts, lastFacts]),
    },
  };
}

const refused = (problem: string): ClaimsResult => ({ ok: false, problem });

/** By whose word the conversation is gone. A lost answer is none; Intercom's list must then say it. */
function wordFor(outcome: OutcomeKind): Claims['deleted_by_word_of'] | undefined {
  if (outcome === 'deleted') return 'answer';
  return outcome === 'unresolved' ? 'deleted_list' : undefined;
}

const policyRules = z.object({
  version: z.literal(1),
  rules: z.array(z.looseObject({ id: z.string() })),
});

/** Reads nothing else of the policy: its hash is sealed, and what its other parts must look like may change with the years. */
function ruleOf(policyJson: string, ruleId: string): Rule<ByName> | undefined {
  try {
    const policy = policyRules.safeParse(JSON.parse(policyJson));
    const rule = ruleDocument.safeParse(policy.data?.rules.find(({ id }) => id === ruleId));
    return rule.success ? toRule(rule.data) : undefined;
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
