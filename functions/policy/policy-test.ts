import type { Facts, Priority } from './facts.ts';
import { brandId, type ContactId, type ConversationId, type TagId } from './ids.ts';
import type { Instant } from './instant.ts';
import type { KeepReason } from './keep-reason.ts';
import type { PriorityWord, Protection, RuleTrigger } from './policy.ts';
import type { ForgettableFact, PolicyTestDocument } from './policy-test-schema.ts';

/** One conversation, and what the policy must say of it. */
export interface PolicyTest {
  readonly name: string;
  readonly at: Instant;
  readonly on: RuleTrigger;
  /** With the names of tags, team and teammate in the place of their ids: a test knows no workspace. */
  readonly facts: Facts;
  readonly expected: Expectation;
}

/** What is undefined may be anything. */
export type Expectation =
  | {
      readonly kind: 'delete';
      readonly rule: string | undefined;
      readonly retainMetrics: boolean | undefined;
    }
  | {
      readonly kind: 'keep';
      readonly because: KeepReason['code'] | undefined;
      readonly by: Protection | undefined;
    };

export const toPolicyTest = ({ name, at, on, facts, expect }: PolicyTestDocument): PolicyTest => ({
  name,
  at,
  on,
  facts: toFacts(facts),
  expected: toExpectation(expect),
});

function toExpectation(written: PolicyTestDocument['expect']): Expectation {
  const expected = typeof written === 'string' ? { [written]: {} } : written;
  if (expected.delete !== undefined) {
    const { rule, retain_metrics: retainMetrics } = expected.delete;
    return { kind: 'delete', rule, retainMetrics };
  }
  return { kind: 'keep', because: expected.keep?.because, by: expected.keep?.by };
}

const conversationId: ConversationId = brandId('of-a-test');

function toFacts(written: PolicyTestDocument['facts']): Facts {
  const told = <Value>(fact: ForgettableFact, value: Value): Value | undefined =>
    written.unknown.includes(fact) ? undefined : value;
  return {
    conversationId,
    state: told('state', written.state),
    createdAt: told('created', written.created),
    updatedAt: told('last_activity', written.last_activity),
    lastContactReplyAt: written.last_contact_reply,
    lastAdminReplyAt: written.last_admin_reply,
    lastClosedAt: written.last_closed,
    waitingSinceAt: written.waiting_since,
    tagIds: told(
      'tags',
      written.tags.map((name) => brandId<TagId>(name)),
    ),
    teamId: told('team', toAssignee(written.team)),
    assigneeId: told('assignee', toAssignee(written.assignee)),
    channel: written.channel,
    initiatedBy: written.initiated_by,
    authorType: written.author_type,
    priority: written.priority && toPriority(written.priority),
    read: written.read,
    rating: written.rating,
    contactIds: written.contact?.map((id) => brandId<ContactId>(id)),
    companyId: written.company === undefined ? undefined : brandId(written.company),
    attributes: written.attributes,
    aiParticipated: written.ai?.participated,
    aiResolution: written.ai?.resolution,
    parts: written.parts,
    hasTicket: told('ticket', written.ticket),
  };
}

const toAssignee = <Id extends string>(name: string): Id | 'unassigned' =>
  name === 'unassigned' ? name : brandId<Id>(name);

/** As Intercom's two vocabularies are read. */
function toPriority(word: PriorityWord): Priority {
  if (word === 'not_priority') return 'none';
  return word === 'priority' ? 'unspecified' : word;
}
