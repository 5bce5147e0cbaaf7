import * as z from 'zod';
import { condition } from './condition-schema.ts';
import { overridableProtections, triggers } from './policy.ts';
import { policyTest } from './policy-test-schema.ts';
import { count, duration, section, share, text } from './schema-parts.ts';

const limits = section({
  per_run: count.default(1000).describe('Deletions in one run. 0: none.'),
  per_day: count.default(5000).describe('Deletions in a rolling 24 hours, all triggers together. 0: none.'),
  share_of_workspace: share
    .prefault('5%')
    .describe(
      "A run that would delete more than this share of the workspace's conversations deletes nothing.",
    ),
  failures: share.prefault('2%').describe("Stop when more than this share of the run's deletions fail."),
  when_exceeded: z
    .enum(['stop', 'trim'])
    .default('stop')
    .describe('stop: delete nothing. trim: the oldest first, the rest next time; shares always stop.'),
});

const names = z.array(text).default([]);
const protect = section({
  minimum_age: duration
    .prefault('30d')
    .describe('Keep what was active less than this long ago. 0d: no minimum.'),
  open: z.boolean().default(true).describe('Keep open and snoozed conversations.'),
  tickets: z.boolean().default(true).describe('Keep conversations that are or are linked to a ticket.'),
  tags: names.describe('Keep conversations with one of these tags. No rule can set this aside.'),
  teams: names.describe('Keep conversations of these teams. No rule can set this aside.'),
});

const ruleId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,63}$/,
    'Expected an id of lower-case letters, digits, ".", "_" and "-" that starts with a letter or digit, at most 64 long.',
  )
  .describe('Names the rule in plans, reports and the audit; unique in this file.');

/** One rule of a policy of version 1, by itself. Certificates are verified by it, so whatever it once took it must go on taking. */
export const ruleDocument = section({
  id: ruleId,
  description: text.optional().describe('What the rule is for, in a sentence.'),
  legal_basis: text.optional().describe('Why these conversations must go: the schedule or article.'),
  on: z
    .union([z.enum(triggers), z.array(z.enum(triggers)).min(1)])
    .default('schedule')
    .describe('What makes the rule look at conversations: the schedule, or events.'),
  when: condition,
  despite: z
    .array(
      z.enum(overridableProtections, {
        error: `Expected ${overridableProtections.join(', ')}: no rule can set another protection aside.`,
      }),
    )
    .default([])
    .describe('Protections that do not stop this rule.'),
  retain_metrics: z
    .boolean({
      error: (issue) =>
        issue.input === undefined
          ? 'This rule must say retain_metrics: true (reports keep counting its conversations) or false (they vanish from reports too).'
          : undefined,
    })
    .describe('true: reports keep counting the conversation. false: it vanishes from reports too.'),
});

export const policyDocument = section({
  version: z.literal(1).describe('Version of this file format: 1.'),
  workspace: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'Expected the workspace id, such as a86dr8yl: letters and digits.')
    .describe("The workspace's id, app.id_code of GET /me. A token of another workspace is refused."),
  mode: z
    .enum(['observe', 'delete'])
    .default('observe')
    .describe('observe: plan and report, delete nothing. delete: delete what the gate lets pass.'),
  approval: z
    .enum(['standing', 'each_run'])
    .default('each_run')
    .describe(
      'standing: approving a plan approves this policy for later runs. each_run: approve every plan.',
    ),
  scan: z
    .enum(['auto', 'search', 'list'])
    .default('auto')
    .describe('How conversations are found. auto takes the cheaper way; the plan is the same.'),
  recheck_after: duration
    .prefault('15m')
    .describe('Read a conversation again before its deletion when it was read longer ago. 0s: always.'),
  pace: share
    .refine(({ numerator }) => numerator > 0n, { error: 'Expected more than 0%.' })
    .prefault('80%')
    .describe("The share of Intercom's rate limit that this tool may use."),
  limits: limits.prefault({}).describe('How much may be deleted.'),
  protect: protect.prefault({}).describe('What is kept whatever the rules say.'),
  rules: z
    .array(ruleDocument)
    .describe('What must go. The first rule that matches, and that no protection stops, decides.'),
  tests: z
    .array(policyTest)
    .default([])
    .describe('Conversations, and what must come of them. A policy that fails one of its tests is refused.'),
}).meta({
  title: 'Retention policy',
  description: 'Which Intercom conversations must go, what is kept, and how much at most.',
});

/** A policy as written, with its durations, dates and shares understood and what it leaves out filled in. */
export type PolicyDocument = z.output<typeof policyDocument>;
export type RuleDocument = z.output<typeof ruleDocument>;
