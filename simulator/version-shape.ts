import { rankOf, type VersionRank } from './api-version.ts';
import { isRecord } from './is-record.ts';

/** Fields of a conversation that came with a version, newest first. */
const since: readonly (readonly [version: VersionRank, fields: readonly string[]])[] = [
  [rankOf('2.16'), ['channel', 'sales_agent_participated', 'sales_agent', 'external_references']],
  [rankOf('2.15'), ['company']],
  [rankOf('2.11'), ['ai_agent_participated', 'ai_agent', 'custom_attributes']],
  [rankOf('2.10'), ['linked_objects']],
  [rankOf('2.9'), ['ticket', 'topics']],
];

/** Words of 2.16 for how the AI agent fared, in the words of 2.14. Which of them 2.15 uses is not known; it gets the old ones. */
const olderResolutions = new Map<unknown, string>([
  ['escalated', 'routed_to_team'],
  ['procedure_handoff', 'routed_to_team'],
  ['negative_feedback', 'abandoned'],
]);

/** Turns a conversation in the shape of 2.16, freshly made, into what an older version serves. */
export function shapeForVersion(
  conversation: Record<string, unknown>,
  version: VersionRank,
): Record<string, unknown> {
  if (version >= rankOf('2.16')) return conversation;
  for (const [introduced, fields] of since) {
    if (version >= introduced) break;
    for (const field of fields) delete conversation[field];
  }
  // Up to 2.15 nobody is null, and there are two priorities only.
  conversation['admin_assignee_id'] ||= null;
  conversation['team_assignee_id'] ||= null;
  conversation['priority'] = conversation['priority'] === 'none' ? 'not_priority' : 'priority';
  const aiAgent = conversation['ai_agent'];
  if (isRecord(aiAgent)) {
    aiAgent['resolution_state'] =
      olderResolutions.get(aiAgent['resolution_state']) ?? aiAgent['resolution_state'];
  }
  const rating = conversation['conversation_rating'];
  if (version < rankOf('2.14') && isRecord(rating)) delete rating['updated_at'];
  return conversation;
}
