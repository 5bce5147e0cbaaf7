import { brandId, type ConversationId, type WorkspaceId } from '#policy/ids.ts';
import { toIso } from '#policy/instant.ts';
import type { Confirmation } from '#sweep/outcome.ts';
import { booleanOf, type Item, instantOf, optionalBooleanOf, textOf } from './item.ts';
import { confirmationKey } from './keys.ts';

export const toConfirmationItem = (confirmation: Confirmation): Item => ({
  ...confirmationKey(confirmation.workspaceId, confirmation.conversationId),
  workspace_id: confirmation.workspaceId,
  conversation_id: confirmation.conversationId,
  deleted_at: toIso(confirmation.deletedAt),
  metrics_retained: confirmation.metricsRetained,
  confirmed_at: toIso(confirmation.confirmedAt),
  claimed: confirmation.claimed,
  ...(confirmation.beforeAudit ? { before_audit: true } : {}),
});

export const fromConfirmationItem = (item: Item): Confirmation => ({
  workspaceId: brandId<WorkspaceId>(textOf(item, 'workspace_id')),
  conversationId: brandId<ConversationId>(textOf(item, 'conversation_id')),
  deletedAt: instantOf(item, 'deleted_at'),
  metricsRetained: booleanOf(item, 'metrics_retained'),
  confirmedAt: instantOf(item, 'confirmed_at'),
  claimed: booleanOf(item, 'claimed'),
  beforeAudit: optionalBooleanOf(item, 'before_audit') ?? false,
});
