import { type ConversationState, conversationStates } from '#policy/facts.ts';
import { brandId, type TagId, type TeamId } from '#policy/ids.ts';
import type { AuditFacts } from '#sweep/outcome.ts';
import {
  type Item,
  isoOrNull,
  optionalBooleanOf,
  optionalInstantOf,
  optionalTextOf,
  optionalTextsOf,
  optionalWordOf,
} from './item.ts';

/** The facts of a conversation as stored and printed; null where unknown. */
export interface FactsRecord {
  readonly state: ConversationState | null;
  readonly created_at: string | null;
  readonly updated_at: string | null;
  readonly tag_ids: readonly string[] | null;
  readonly team_id: string | null;
  readonly has_ticket: boolean | null;
}

export const toFactsRecord = (facts: AuditFacts): FactsRecord => ({
  state: facts.state ?? null,
  created_at: isoOrNull(facts.createdAt),
  updated_at: isoOrNull(facts.updatedAt),
  tag_ids: facts.tagIds ?? null,
  team_id: facts.teamId ?? null,
  has_ticket: facts.hasTicket ?? null,
});

export function fromFactsItem(item: Item): AuditFacts {
  const teamId = optionalTextOf(item, 'team_id');
  return {
    state: optionalWordOf(item, 'state', conversationStates),
    createdAt: optionalInstantOf(item, 'created_at'),
    updatedAt: optionalInstantOf(item, 'updated_at'),
    tagIds: optionalTextsOf(item, 'tag_ids')?.map(brandId<TagId>),
    teamId: teamId === undefined || teamId === 'unassigned' ? teamId : brandId<TeamId>(teamId),
    hasTicket: optionalBooleanOf(item, 'has_ticket'),
  };
}
