import * as z from 'zod';
import { conversationStates } from '#policy/facts.ts';
import { outcomeKinds, runTriggers } from '#sweep/outcome.ts';

/** What a certificate reads of the documents that it rests on, by the names under which they are stored. Other parts may be there. */

const time = z.iso.datetime();
/** What a date can hold: 100 million days before and after 1970. */
const mostMs = 8.64e15;
const instantMs = z.int().min(-mostMs).max(mostMs);

export const factsSchema = z.object({
  state: z.enum(conversationStates).optional(),
  created_at: time.optional(),
  updated_at: time.optional(),
  tag_ids: z.array(z.string()).optional(),
  team_id: z.string().optional(),
  has_ticket: z.boolean().optional(),
});

export const outcomeDocument = z.object({
  kind: z.literal('outcome'),
  workspace_id: z.string(),
  conversation_id: z.string(),
  outcome: z.enum(outcomeKinds),
  rule_id: z.string(),
  policy_hash: z.string(),
  run_id: z.string(),
  trigger: z.enum(runTriggers),
  retain_metrics: z.boolean(),
  planned_at: time,
  attempted_at: time.optional(),
  deleted_at: time.optional(),
  http_status: z.int().optional(),
  intercom_request_id: z.string().optional(),
  facts: factsSchema,
});

export const intentDocument = z.object({
  kind: z.literal('intent'),
  workspace_id: z.string(),
  run_id: z.string(),
  plan_id: z.string(),
  chunk_number: z.int(),
  conversation_ids: z.array(z.string()),
  intended_at: time,
  api_version: z.string().optional(),
});

export const planChunkDocument = z.object({
  kind: z.literal('plan_chunk'),
  workspace_id: z.string(),
  plan_id: z.string(),
  chunk_number: z.int(),
  deletions: z.array(
    z.object({
      conversation_id: z.string(),
      rule_id: z.string(),
      retain_metrics: z.boolean(),
      read_at: time,
      facts: factsSchema,
    }),
  ),
});

export const planDocument = z.object({
  kind: z.literal('plan'),
  policy_json: z.string(),
  record: z.object({
    workspaceId: z.string(),
    workspaceName: z.string(),
    planId: z.string(),
    policyHash: z.string(),
    asOf: instantMs,
    names: z
      .object({ tags: z.record(z.string(), z.string()), teams: z.record(z.string(), z.string()) })
      .optional(),
  }),
});

export const confirmationDocument = z.object({
  kind: z.literal('confirmation'),
  workspace_id: z.string(),
  conversation_id: z.string(),
  deleted_at: time,
  metrics_retained: z.boolean(),
  confirmed_at: time,
});

export const approvalDocument = z.object({
  kind: z.literal('act'),
  recorded_at: time,
  record: z.object({
    workspaceId: z.string(),
    kind: z.literal('approved'),
    at: instantMs,
    by: z.string(),
    subject: z.string(),
    details: z.object({ policy_hash: z.string(), covers: z.enum(['plan', 'policy']) }),
  }),
});
