import { drawAt, pickAt } from './random.ts';
import type { Presentation } from './settings.ts';

/** Fields on which a decision about a conversation may rest. */
const damageable = [
  'created_at', 'updated_at', 'state', 'tags', 'team_assignee_id', 'admin_assignee_id', 'statistics', 'source', 'contacts',
  'ticket', 'linked_objects', 'priority', 'custom_attributes', 'conversation_rating', 'read',
]; // biome-ignore format: a list of names

/** Spoils one field of the conversation's JSON, or none. The same conversation is always spoilt in the same way. */
export function damage(
  conversation: Record<string, unknown>,
  id: number,
  { seed, presentation }: { readonly seed: number; readonly presentation: Presentation },
): void {
  if (presentation.brokenItems === 0 || drawAt(seed, 'broken', id) >= presentation.brokenItems) return;
  const kind = pickAt(presentation.damage, drawAt(seed, 'damage kind', id));
  const field = kind === 'no_id' ? 'id' : pickAt(damageable, drawAt(seed, 'damaged field', id));
  switch (kind) {
    case 'no_id':
    case 'missing':
      delete conversation[field];
      break;
    case 'null':
      conversation[field] = null;
      break;
    case 'wrong_type':
      conversation[field] = { unexpected: ['shape', 1] };
      break;
  }
}
