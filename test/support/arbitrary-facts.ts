import fc from 'fast-check';
import type { AttributeValue, Facts } from '#policy/facts.ts';
import { brandId, type CompanyId, type ContactId, type ConversationId } from '#policy/ids.ts';
import { type Instant, instantFromMs } from '#policy/instant.ts';
import { testNow } from './facts.ts';
import { testDirectory, testWords } from './policy-world.ts';

const secondsOfFiveYears = 5 * 365 * 86_400;

/** In the five years before now, by whole seconds as Intercom sends them; sometimes exactly a round length ago. */
const arbitraryTime: fc.Arbitrary<Instant> = fc
  .oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: secondsOfFiveYears }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 1800 }).map((days) => days * 86_400) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 40 * 86_400 }) },
  )
  .map((secondsAgo) => instantFromMs(testNow - secondsAgo * 1000));

const idsOf = <Id>(entries: readonly { readonly id: Id }[]): Id[] => entries.map(({ id }) => id);
const tagIds = idsOf(testDirectory.tags);
const teamIds = idsOf(testDirectory.teams);
const adminIds = idsOf(testDirectory.admins);
const contactIds = testWords.contactIds.map((id) => brandId<ContactId>(id));
const companyIds = testWords.companyIds.map((id) => brandId<CompanyId>(id));

/** About one in eleven is unknown. */
const orUnknown = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 10 });

const arbitraryAttributes: fc.Arbitrary<Record<string, AttributeValue>> = fc.record(
  {
    plan: fc.constantFrom<AttributeValue>('free', 'pro', 'enterprise', 3),
    order_value: fc.constantFrom<AttributeValue>(1, 20, 300, '20'),
    contract_signed: fc.boolean(),
    note: fc.constant('not named by any policy'),
  },
  { requiredKeys: [] },
);

/** What may be known of a conversation of the test workspace, in the vocabulary of 2.16; most are closed and old. */
export const arbitraryFacts: fc.Arbitrary<Facts> = fc.record({
  conversationId: fc.integer({ min: 1, max: 2 ** 48 }).map((id) => brandId<ConversationId>(String(id))),
  state: orUnknown(fc.constantFrom('closed', 'closed', 'closed', 'open', 'snoozed')),
  createdAt: orUnknown(arbitraryTime),
  updatedAt: orUnknown(arbitraryTime),
  lastContactReplyAt: orUnknown(arbitraryTime),
  lastAdminReplyAt: orUnknown(arbitraryTime),
  lastClosedAt: orUnknown(arbitraryTime),
  waitingSinceAt: orUnknown(arbitraryTime),
  tagIds: orUnknown(fc.subarray(tagIds, { maxLength: 3 })),
  teamId: orUnknown(fc.constantFrom(...teamIds, 'unassigned' as const)),
  assigneeId: orUnknown(fc.constantFrom(...adminIds, 'unassigned' as const)),
  channel: orUnknown(fc.constantFrom('conversation', 'email', 'whatsapp', 'sms')),
  initiatedBy: orUnknown(fc.constantFrom('customer_initiated', 'admin_initiated', 'automated')),
  authorType: orUnknown(fc.constantFrom('user', 'lead', 'admin', 'bot')),
  priority: orUnknown(fc.constantFrom('none', 'none', 'low', 'medium', 'high', 'urgent')),
  read: orUnknown(fc.boolean()),
  rating: orUnknown(fc.integer({ min: 1, max: 5 })),
  contactIds: orUnknown(fc.subarray(contactIds, { maxLength: 2 })),
  companyId: orUnknown(fc.constantFrom(...companyIds, 'none' as const)),
  attributes: orUnknown(arbitraryAttributes),
  aiParticipated: orUnknown(fc.boolean()),
  aiResolution: orUnknown(fc.constantFrom('assumed_resolution', 'confirmed_resolution', 'escalated')),
  parts: orUnknown(fc.integer({ min: 0, max: 30 })),
  hasTicket: orUnknown(fc.constantFrom(false, false, false, true)),
});

/** The same conversation with less known of it: each fact may be forgotten, and each custom attribute. */
export const arbitraryForgetting = (facts: Facts): fc.Arbitrary<Facts> =>
  fc
    .tuple(fc.subarray(Object.keys(facts)), fc.subarray(Object.entries(facts.attributes ?? {})))
    .map(([forgotten, attributesLeft]) => ({
      ...facts,
      attributes: facts.attributes && Object.fromEntries(attributesLeft),
      ...Object.fromEntries(forgotten.map((name) => [name, undefined])),
      conversationId: facts.conversationId,
    }));
