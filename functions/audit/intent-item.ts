import { brandId, type ConversationId, type PlanId, type RunId, type WorkspaceId } from '#policy/ids.ts';
import { toIso } from '#policy/instant.ts';
import type { Intent } from '#sweep/outcome.ts';
import { type Item, instantOf, numberOf, optionalTextOf, textOf, textsOf } from './item.ts';
import { intentKey } from './keys.ts';

export const toIntentItem = (intent: Intent): Item => ({
  ...intentKey(intent.workspaceId, intent.runId, intent.chunkNumber),
  workspace_id: intent.workspaceId,
  run_id: intent.runId,
  plan_id: intent.planId,
  chunk_number: intent.chunkNumber,
  conversation_ids: intent.conversationIds,
  intended_at: toIso(intent.intendedAt),
  api_version: intent.apiVersion,
});

export const fromIntentItem = (item: Item): Intent => ({
  workspaceId: brandId<WorkspaceId>(textOf(item, 'workspace_id')),
  runId: brandId<RunId>(textOf(item, 'run_id')),
  planId: brandId<PlanId>(textOf(item, 'plan_id')),
  chunkNumber: numberOf(item, 'chunk_number'),
  conversationIds: textsOf(item, 'conversation_ids').map(brandId<ConversationId>),
  intendedAt: instantOf(item, 'intended_at'),
  apiVersion: optionalTextOf(item, 'api_version'),
});
