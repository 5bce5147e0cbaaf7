import * as z from 'zod';

const cron = z
  .string()
  .regex(
    /^(\S+ ){5}\S+$/,
    'is no cron expression of EventBridge Scheduler; give six fields, such as "0 3 * * ? *"',
  );

const timeZone = z
  .string()
  .refine(isTimeZone, 'is no time zone of the IANA data base; give one such as "Europe/Berlin" or "UTC"');

const between = (least: number, most: number) =>
  z
    .int('is no whole number')
    .min(least, `is below ${least}; give at least that`)
    .max(most, `is above ${most}; give at most that`);

/** The periods that CloudWatch Logs knows. */
const logDays = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 3653];

const settingsDocument = z.strictObject({
  /** Path of the policy, from the project's folder. Checked now, and shipped with the functions. */
  policyFile: z.string(),
  /** When the sweep begins, and the reconciliation with Intercom's list of deleted conversations; in `timeZone`. */
  sweepSchedule: cron.default('0 3 * * ? *'),
  reconcileSchedule: cron.default('0 9 * * ? *'),
  timeZone: timeZone.default('UTC'),
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
  intercomRegion: z.enum(['us', 'eu', 'au']).default('us'),
  intercomVersion: z
    .string()
    .regex(/^(2\.\d+|Preview|Unstable)$/, 'is no version of the Intercom API; give one such as "2.16"')
    .default('2.16'),
  /** Instead of the region's address; for the simulator. */
  intercomBaseUrl: z.url({ protocol: /^https?$/, error: 'is no URL' }).optional(),
  sweepMemoryMb: between(512, 10_240).default(1024),
  /** One slice of a sweep ends a minute before this. */
  sweepTimeoutSeconds: between(62, 900).default(660),
  logRetentionDays: z
    .int()
    .refine(
      (days) => logDays.includes(days),
      `is no period of CloudWatch Logs; give one of ${logDays.join(', ')}`,
    )
    .default(90),
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
  if (issue.code === 'invalid_type') return [`The setting "${name}" must be given, as a ${issue.expected}.`];
  if (issue.code === 'invalid_value') return [`The setting "${name}" is none of ${issue.values.join(', ')}.`];
  return [`The setting "${name}" ${issue.message}.`];
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
