import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { apiVersions, capabilitiesOf } from '#intercom/api-version.ts';
import { durationHelp, parseDuration } from '#policy/duration.ts';
import { parseShare, shareHelp } from '#policy/share.ts';
import { cronProblem } from './cron-expression.ts';
import { isTimeZone } from './time-zones.ts';

const cron = z.string().check(({ value, issues }) => {
  const problem = cronProblem(value);
  if (problem === undefined) return;
  const message = `is no cron expression of EventBridge Scheduler: ${problem}; give one such as "0 3 * * ? *"`;
  issues.push({ code: 'custom', input: value, message });
});

const timeZone = z
  .string()
  .refine(
    isTimeZone,
    'is no time zone of the IANA data base, spelt as there; give one such as "Europe/Berlin" or "UTC"',
  );

/** Those with which everything works that is deployed: a reconciliation without a list of deleted conversations always fails. */
const deployableVersions = apiVersions.filter((version) => capabilitiesOf(version).deletedList);

const intercomVersion = z
  .string()
  .refine(
    (text) => deployableVersions.some((version) => version === text),
    `is no version of the Intercom API that has the list of deleted conversations, which every reconciliation reads; give one of ${deployableVersions.join(', ')}`,
  );

const eventBus = z
  .string()
  .regex(
    /^(?:arn:[\w-]+:events:[a-z0-9-]+:\d{12}:event-bus\/)?[\w./-]{1,256}$/,
    'is neither name nor ARN of an event bus; give one such as "default", of letters, digits and /_.-',
  );

const duration = z.string().refine((text) => parseDuration(text) !== undefined, `is not ${durationHelp}`);

const between = (least: number, most: number) =>
  z
    .int('is no whole number')
    .min(least, `is below ${least}; give at least that`)
    .max(most, `is above ${most}; give at most that`);

const logDays = Object.values(RetentionDays).filter(
  (days) => typeof days !== 'string' && days !== RetentionDays.INFINITE,
);

const settingsDocument = z.strictObject({
  /** Path of the policy, from the project's folder. Checked now, and shipped with the functions. */
  policyFile: z.string(),
  /** When the sweep begins, and the reconciliation with Intercom's list of deleted conversations; in `timeZone`. */
  sweepSchedule: cron.default('0 3 * * ? *'),
  reconcileSchedule: cron.default('0 9 * * ? *'),
  timeZone: timeZone.default('UTC'),
  /**
   * When the days of the audit trail that are over get their seals: once a day, or an alarm misses one after 26 hours. Always UTC,
   * since a day of the audit trail is a UTC day.
   */
  sealSchedule: cron.default('30 2 * * ? *'),
  /** How long after its end a day waits for late records before it is sealed: "1h" unless it is set. */
  sealSettlingDelay: duration.optional(),
  /** How long the bucket of seals keeps each one from being deleted. It cannot be shortened for seals that are there. */
  sealRetentionDays: between(1, 36_500).default(3650),
  /** `compliance`: nobody at all can delete a seal before its time, nor AWS. `governance`: the role of `auditAdminRole` can. */
  sealLock: z.enum(['governance', 'compliance']).default('governance'),
  /** `false`: nothing begins by itself. */
  scheduleEnabled: z.boolean().default(true),
  /** What Intercom's notifications come in by. `http-api` brings throttling and a custom domain, and costs $1 a million. */
  webhook: z.enum(['function-url', 'http-api']).default('function-url'),
  /** Copies of the webhook function at a time. Every account has only so many; a new one perhaps no more than ten. */
  webhookConcurrency: between(1, 100).default(10),
  /** Gets summaries, refusals and alarms by mail. Without it, somebody has to subscribe to the topic by hand. */
  notificationEmail: z.email('is no mail address').optional(),
  /** Name of the secret that the stack makes. */
  secretName: z
    .string()
    .regex(/^[\w/+=.@-]{1,256}$/, 'is no name of a secret; use letters, digits and /_+=.@-')
    .optional(),
  /** Sources of EventBridge events that may ask for a deletion; without it, whoever may put events on the default bus. */
  deletionEventSources: z
    .array(z.string().min(1, 'is empty'))
    .min(1, 'is empty; name a source or leave it out')
    .optional(),
  /**
   * A bus of EventBridge that is told what was deleted, such as "default"; that of another account of the same region by its ARN.
   * Without it, nobody is told.
   */
  noticeEventBus: eventBus.optional(),
  /** Hours after which a sweep and a reconciliation are missed; well more than between two of them, so once a week is too rare. */
  sweepExpectedEveryHours: between(2, 168).default(26),
  /** How long Intercom's list may take to name a deletion: "24h", as a policy writes it. */
  reconcileGrace: duration.optional(),
  /**
   * The share of Intercom's rate limit for deletions on events: "15%" unless it is set. Sweeps have the policy's `pace`, and the
   * reconciliation has 5%; together they may be 100% at most.
   */
  eventPace: z
    .string()
    .refine((text) => (parseShare(text)?.numerator ?? 0n) > 0n, `is not ${shareHelp} and above 0%`)
    .optional(),
  intercomRegion: z.enum(['us', 'eu', 'au']).default('us'),
  intercomVersion: intercomVersion.default('2.16'),
  /** Instead of the region's address; for the simulator. */
  intercomBaseUrl: z.url({ protocol: /^https?$/, error: 'is no URL' }).optional(),
  sweepMemoryMb: between(512, 10_240).default(1024),
  /** One slice of a sweep ends a minute before this. */
  sliceTimeoutSeconds: between(62, 900).default(660),
  /** One of the periods that CloudWatch Logs knows. */
  logRetentionDays: z.literal(logDays).default(RetentionDays.THREE_MONTHS),
  /** The one role that may delete from the audit trail, to carry out a court's order for instance. It need not exist. */
  auditAdminRole: z
    .string()
    .regex(/^[\w+=,.@-]{1,64}$/, 'is no name of a role')
    .default('intercom-retention-audit-admin'),
  /** So many deletions in a day raise an alarm. By default 80 % of the policy's `limits.per_day`. */
  alarmDeletionsPerDay: between(1, 100_000_000).optional(),
  /** Where docs/operations.md is to be found by whoever is woken by an alarm. */
  runbookUrl: z.string().default('docs/operations.md'),
});

export type Settings = z.output<typeof settingsDocument>;

export type SettingsParse =
  | { readonly ok: true; readonly settings: Settings }
  /** All of them, one sentence each. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the settings of one stage, as cdk.json or a file of their own holds them. Never throws. */
export function parseSettings(value: unknown): SettingsParse {
  const parsed = settingsDocument.safeParse(value);
  if (parsed.success) return { ok: true, settings: parsed.data };
  return { ok: false, problems: parsed.error.issues.flatMap(problemsOf) };
}

function problemsOf(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) => `The setting "${key}" is not known; see infra/settings.ts for those there are.`,
    );
  }
  const name = issue.path.join('.');
  if (name === '') return ['The settings are no JSON object; give one, as cdk.json does.'];
  if (issue.code === 'invalid_type')
    return [
      `The setting "${name}" must be given as a ${issue.expected === 'int' ? 'whole number' : issue.expected}.`,
    ];
  if (issue.code === 'invalid_value') return [`The setting "${name}" is none of ${issue.values.join(', ')}.`];
  return [`The setting "${name}" ${issue.message}.`];
}
