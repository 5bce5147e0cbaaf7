import { rankOf, type VersionRank } from './api-version.ts';

/** Fields of a conversation that came with a version, newest first. */
const since: readonly (readonly [version: VersionRank, fields: readonly string[]])[] = [
  [rankOf('2.16'), ['channel', 'sales_agent_participated', 'sales_agent', 'external_references']],
  [rankOf('2.15'), ['company']],
  [rankOf('2.11'), ['ai_agent_participated', 'ai_agent', 'custom_attributes']],
  [rankOf('2.10'), ['linked_objects']],
  [rankOf('2.9'), ['ticket', 'topics']],
];

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
  return conversation;
}
