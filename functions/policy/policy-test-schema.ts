import * as z from 'zod';
import { conversationStates } from './facts.ts';
import { overridableProtections, priorityWords, triggers } from './policy.ts';
import { count, date, section, text, whenSound } from './schema-parts.ts';

/** The facts without which nothing is ever deleted: a test that forgot one would keep its conversation whatever the rules say. */
const essentials = ['state', 'created', 'last_activity'] as const;
/** The facts that a test must call unknown in so many words. All others are unknown when they are left out. */
const forgettable = [...essentials, 'tags', 'team', 'assignee', 'ticket'] as const;
export type ForgettableFact = (typeof forgettable)[number];

const time = (fact: string) => date.optional().describe(`${fact}: a date (00:00 UTC) or a time in UTC.`);

const facts = section({
  state: z.enum(conversationStates).optional().describe('open, closed or snoozed. Required.'),
  created: time('Created. Required'),
  last_activity: time('Last changed in any way. Required'),
  last_contact_reply: time('Last reply of a contact'),
  last_admin_reply: time('Last reply of a teammate'),
  last_closed: time('Last closed'),
  waiting_since: time('Waiting for a teammate since'),
  tags: z.array(text).default([]).describe('Its tags, by name. Left out: none.'),
  team: text.default('unassigned').describe('Assigned team, by name. Left out: unassigned.'),
  assignee: text.default('unassigned').describe('Assigned teammate, by name. Left out: unassigned.'),
  ticket: z.boolean().default(false).describe('Whether it is a ticket or linked to one. Left out: false.'),
  channel: text.optional().describe('source.type: conversation, email, whatsapp, sms …'),
  initiated_by: text.optional().describe('source.delivered_as: customer_initiated, automated …'),
  author_type: text.optional().describe('source.author.type: user, lead, admin, bot …'),
  priority: z
    .enum(priorityWords)
    .optional()
    .describe('A level; or, as versions before 2.16 say, priority (some level above none) or not_priority.'),
  read: z.boolean().optional().describe('Whether it has been read.'),
  rating: z.int().min(1).max(5).optional().describe('The rating, from 1 to 5.'),
  contact: z
    .union([text.transform((only) => [only]), z.array(text)])
    .optional()
    .describe('Intercom id of a contact who takes part, or a list.'),
  company: text.optional().describe('Intercom id of the company.'),
  attributes: z
    .record(text, z.union([z.string(), z.number(), z.boolean()], 'Expected text, a number, true or false.'))
    .optional()
    .describe('Custom attributes, by name.'),
  ai: section({
    participated: z.boolean().optional().describe('Whether the AI agent took part.'),
    resolution: text.optional().describe('ai_agent.resolution_state: assumed_resolution, escalated …'),
  })
    .optional()
    .describe('What the AI agent did.'),
  parts: count.optional().describe('How many parts it has.'),
  unknown: z
    .array(
      z.enum(forgettable, {
        error: `Expected ${forgettable.join(', ')}: every other fact is unknown when it is left out.`,
      }),
    )
    .default([])
    .describe('Facts that Intercom does not tell, of those that are required or have a default.'),
}).superRefine(
  (value, context) => {
    for (const fact of essentials) {
      if (value[fact] !== undefined || value.unknown.includes(fact)) continue;
      context.addIssue({
        code: 'custom',
        message: `"${fact}" is missing, and nothing is deleted without it; write it, or unknown: [${fact}].`,
      });
    }
  },
  { when: whenSound },
);

const keepBecause = ['no_rule_matched', 'unknown_fact', 'protected'] as const;
const protections = [...overridableProtections, 'tags', 'teams'] as const;

const expectation = section({
  delete: section({
    rule: text.optional().describe('The id of the rule that decides.'),
    retain_metrics: z.boolean().optional().describe('Whether reports keep counting the conversation.'),
  })
    .optional()
    .describe('It goes: by this rule, with this flag.'),
  keep: section({
    because: z
      .enum(keepBecause)
      .optional()
      .describe('Why it stays. Left out: any reason but a fact that is unknown.'),
    by: z.enum(protections).optional().describe('The protection that stops the rule.'),
  })
    .refine(({ because, by }) => by === undefined || because === undefined || because === 'protected', {
      path: ['by'],
      error: 'Only because: protected has a protection; remove one of the two.',
      when: whenSound,
    })
    .optional()
    .describe('It stays: for this reason.'),
}).refine(({ delete: goes, keep }) => (goes === undefined) !== (keep === undefined), {
  error: 'Expected either delete or keep.',
  when: whenSound,
});

/** One entry of `tests`: facts in, verdict out. */
export const policyTest = section({
  name: text.describe('What the test says, in a few words; unique in this file.'),
  at: date.describe('The instant at which the conversation is judged: a date (00:00 UTC) or a time in UTC.'),
  on: z
    .enum(triggers)
    .default('schedule')
    .describe('What makes the rules look at the conversation: the schedule, or an event.'),
  facts: facts.describe('What is known of the conversation, in the words of the conditions.'),
  expect: z
    .union([z.enum(['delete', 'keep']), expectation], {
      error: ({ input }) =>
        input === undefined ? '"expect" is missing; it must be delete or keep, or a map of one.' : undefined,
    })
    .describe('What must come of it.'),
});

export type PolicyTestDocument = z.output<typeof policyTest>;
