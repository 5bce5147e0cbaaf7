import type { Facts } from '#policy/facts.ts';
import { type Instant, toIso } from '#policy/instant.ts';
import type { JsonObject } from './arbitrary-policy.ts';
import { testDirectory } from './policy-world.ts';

/** Facts as a person writes them in a policy's tests. */
export function toTestFacts(facts: Facts): JsonObject {
  const words = {
    state: facts.state,
    created: dateOf(facts.createdAt),
    last_activity: dateOf(facts.updatedAt),
    last_contact_reply: dateOf(facts.lastContactReplyAt),
    last_admin_reply: dateOf(facts.lastAdminReplyAt),
    last_closed: dateOf(facts.lastClosedAt),
    waiting_since: dateOf(facts.waitingSinceAt),
    tags: facts.tagIds?.map((id) => nameIn(testDirectory.tags, id)),
    team: facts.teamId && nameIn(testDirectory.teams, facts.teamId),
    assignee: facts.assigneeId && nameIn(testDirectory.admins, facts.assigneeId),
    ticket: facts.hasTicket,
    channel: facts.channel,
    initiated_by: facts.initiatedBy,
    author_type: facts.authorType,
    priority: facts.priority,
    read: facts.read,
    rating: facts.rating,
    contact: facts.contactIds,
    company: facts.companyId === 'none' ? undefined : facts.companyId,
    attributes: facts.attributes,
    ai: { participated: facts.aiParticipated, resolution: facts.aiResolution },
    parts: facts.parts,
  };
  const toldOfAll = ['state', 'created', 'last_activity', 'tags', 'team', 'assignee', 'ticket'] as const;
  return { ...words, unknown: toldOfAll.filter((fact) => words[fact] === undefined) };
}

const dateOf = (instant: Instant | undefined): string | undefined =>
  instant === undefined ? undefined : toIso(instant).replace('.000Z', 'Z');

const nameIn = (entries: readonly { readonly id: string; readonly name: string }[], id: string): string =>
  entries.find((entry) => entry.id === id)?.name ?? id;
