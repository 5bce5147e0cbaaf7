import * as z from 'zod';
import { isNeverShorter } from './duration.ts';
import { conversationStates } from './facts.ts';
import { priorityWords } from './policy.ts';
import { choice, count, date, demandingSection, duration, section, text, whenSound } from './schema-parts.ts';

const time = (fact: string) =>
  demandingSection({
    older_than: duration.optional().describe(`${fact} at least this long ago: 2y, 18mo, 6w, 30d, 12h.`),
    newer_than: duration.optional().describe(`${fact} less than this long ago.`),
    before: date.optional().describe(`${fact} before this date (00:00 UTC) or time in UTC.`),
    after: date.optional().describe(`${fact} on this date (from 00:00 UTC) or later.`),
  })
    .refine(
      ({ older_than: older, newer_than: newer }) =>
        older === undefined || newer === undefined || !isNeverShorter(older, newer),
      {
        path: ['older_than'],
        error: 'Nothing can match: older_than must be shorter than newer_than.',
        when: whenSound,
      },
    )
    .refine(({ before, after }) => before === undefined || after === undefined || after < before, {
      path: ['before'],
      error: 'Nothing can match: before must be later than after.',
      when: whenSound,
    })
    .optional()
    .describe(`${fact}. A conversation of which this is unknown does not match.`);

const range = (what: string, bound: typeof count) =>
  demandingSection({
    at_least: bound.optional().describe(`${what} is this or more.`),
    at_most: bound.optional().describe(`${what} is this or less.`),
  })
    .refine(
      ({ at_least: least, at_most: most }) => least === undefined || most === undefined || least <= most,
      {
        path: ['at_least'],
        error: 'Nothing can match: at_least must not be more than at_most.',
        when: whenSound,
      },
    )
    .optional()
    .describe(`${what}.`);

const names = z.array(text).min(1).optional();
const attributeValue = z.union([z.string(), z.number(), z.boolean()], {
  error: 'Expected text, a number, true or false, a list of these, or not: with one of these.',
});

const tags = demandingSection({
  any: names.describe('At least one of these tags.'),
  all: names.describe('Every one of these tags.'),
  none: names.describe('Not one of these tags.'),
})
  .refine(({ all = [], none = [] }) => !all.some((tag) => none.includes(tag)), {
    path: ['none'],
    error: 'Nothing can match: a tag is in both all and none.',
    when: whenSound,
  })
  .refine(({ any = [], none = [] }) => any.length === 0 || !any.every((tag) => none.includes(tag)), {
    path: ['none'],
    error: 'Nothing can match: every tag of any is also in none.',
    when: whenSound,
  });

const clauses = {
  state: choice(z.enum(conversationStates)).optional().describe('open, closed or snoozed.'),
  created: time('Created'),
  last_activity: time('Last changed in any way (updated_at)'),
  last_contact_reply: time('Last reply of a contact'),
  last_admin_reply: time('Last reply of a teammate'),
  last_closed: time('Last closed'),
  waiting_since: time('Waiting for a teammate since'),
  tags: tags.optional().describe('Tags of the conversation, by name.'),
  team: choice(text).optional().describe('Assigned team, by name, or unassigned.'),
  assignee: choice(text).optional().describe('Assigned teammate, by name, or unassigned.'),
  channel: choice(text).optional().describe('source.type: conversation, email, whatsapp, sms …'),
  initiated_by: choice(text)
    .optional()
    .describe('source.delivered_as: customer_initiated, admin_initiated, automated …'),
  author_type: choice(text).optional().describe('source.author.type: user, lead, admin, bot …'),
  priority: choice(z.enum(priorityWords))
    .optional()
    .describe('A level, or priority (any level but none) or not_priority (none).'),
  read: z.boolean().optional().describe('Whether it has been read.'),
  rating: range('The rating, from 1 to 5', z.int().min(1).max(5)),
  contact: choice(text).optional().describe('Intercom id of a contact who takes part.'),
  company: choice(text).optional().describe('Intercom id of the company.'),
  attributes: z
    .record(text, choice(attributeValue))
    .refine((value) => Object.keys(value).length > 0, {
      error: 'This says nothing; name at least one attribute, or remove the key.',
      when: whenSound,
    })
    .meta({ minProperties: 1 })
    .optional()
    .describe('Custom attributes of the conversation, by name. All must match.'),
  ai: demandingSection({
    participated: z.boolean().optional().describe('Whether the AI agent took part.'),
    resolution: choice(text)
      .optional()
      .describe('ai_agent.resolution_state: assumed_resolution, confirmed_resolution, escalated …'),
  })
    .optional()
    .describe('What the AI agent did.'),
  parts: range('How many parts the conversation has', count),
};

type Clauses = z.output<z.ZodObject<typeof clauses>>;
/** A condition as written, with its durations, dates and choices understood. */
export interface ConditionDocument extends Clauses {
  all?: ConditionDocument[] | undefined;
  any?: ConditionDocument[] | undefined;
  not?: ConditionDocument | undefined;
}

export const condition: z.ZodType<ConditionDocument> = section({
  ...clauses,
  get all() {
    return z.array(condition).min(1).optional().describe('Each of these conditions.');
  },
  get any() {
    return z.array(condition).min(1).optional().describe('At least one of these conditions.');
  },
  get not() {
    return condition.optional().describe('The opposite of this condition; unknown stays unknown.');
  },
})
  .refine((value) => Object.keys(value).length > 0, {
    error: 'A condition must say what it matches; give at least one key, such as state: closed.',
    when: whenSound,
  })
  .meta({ id: 'condition', description: 'Every key must match.', minProperties: 1 });
