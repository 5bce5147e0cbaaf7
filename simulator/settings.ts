/** What can be set at the start and changed while the simulator runs; `PATCH /_simulator/settings` takes the same words. */
import * as z from 'zod';

const probability = z.number().min(0).max(1);
const milliseconds = z.number().min(0);

const endpointNames = [
  'list', 'search', 'read', 'delete', 'deleted_list', 'me', 'tags', 'teams', 'admins', 'contact', 'contact_search', 'unknown',
] as const; // biome-ignore format: a list of names
const endpointName = z.enum(endpointNames);
export type EndpointName = z.infer<typeof endpointName>;

const faultSchema = z.strictObject({
  /**
   * Without effect: `rate_limited` (429), `server_error` (5xx with Intercom's JSON), `html_error` (5xx with a page), `hang` (no answer),
   * `reset` (connection lost).
   * With effect: `hang_after`, `reset_after`, `error_after` (5xx), `torn_body` (200 with half of the JSON), `torn_connection` (200 that
   * breaks off), `empty_body` (200 with nothing), `slow` (the right answer after `delayMs`).
   */
  kind: z.enum([
    'rate_limited', 'server_error', 'html_error', 'hang', 'reset',
    'hang_after', 'reset_after', 'error_after', 'torn_body', 'torn_connection', 'empty_body', 'slow',
  ]), // biome-ignore format: two lists
  /** The endpoints it strikes; all when absent. */
  on: z.array(endpointName).optional(),
  /** Of each matching call. 1 when neither this nor `calls` is given. */
  probability: probability.optional(),
  /** Strikes these matching calls, counted from 1. */
  calls: z.array(z.number().int().min(1)).optional(),
  /** Strikes at most so often. */
  times: z.number().int().min(0).optional(),
  /** For the 5xx kinds. */
  status: z.union([z.literal(500), z.literal(502), z.literal(503), z.literal(504)]).default(500),
  /** For `slow`. */
  delayMs: milliseconds.default(1000),
});
export type Fault = z.infer<typeof faultSchema>;

const accessSchema = z.strictObject({
  /** The only token that is taken; any when absent. */
  token: z.string().optional(),
  /** `active`, or the code with which every call is refused (401; `api_plan_restricted` with 403). */
  status: z
    .enum([
      'active',
      'unauthorized',
      'token_unauthorized',
      'token_revoked',
      'token_expired',
      'token_blocked',
      'token_not_found',
      'api_plan_restricted',
    ])
    .default('active'),
  /** Scopes the token lacks. */
  missingScopes: z
    .array(
      z.enum([
        'read_conversations',
        'write_conversations',
        'delete_conversations_and_metrics',
        'read_tags',
        'read_admins',
        'read_contacts',
      ]),
    )
    .default([]),
  /** How a call without its scope is refused: Intercom documents neither for deletion. */
  missingScopeAnswer: z.enum(['forbidden', 'token_unauthorized']).default('forbidden'),
});

const rateLimitSchema = z.strictObject({
  /** Calls a minute, spread evenly over windows of ten seconds; 0: no limit and no headers. */
  perMinute: z.number().min(0).default(10_000),
  /** Calls a minute that another app of the workspace makes, evenly. */
  foreignPerMinute: z.number().min(0).default(0),
});

const presentationSchema = z.strictObject({
  totalCount: z.enum(['present', 'missing', 'null']).default('present'),
  /** How the last page of a cursor walk says that it is the last. `repeats_cursor` never ends. */
  lastPage: z
    .enum([
      'next_absent',
      'next_null',
      'pages_null',
      'starting_after_null',
      'starting_after_empty',
      'repeats_cursor',
    ])
    .default('next_absent'),
  /** Under which key list and search serve their items. The description of 2.7 says `data`. */
  listKey: z.enum(['conversations', 'data']).default('conversations'),
  /** The share of conversations that are served with a damaged field. The truth keeps the right value. */
  brokenItems: probability.default(0),
  /** How a damaged field looks; `no_id` takes the id away. */
  damage: z
    .array(z.enum(['missing', 'null', 'wrong_type', 'no_id']))
    .min(1)
    .default(['missing', 'null', 'wrong_type']),
  /** Where damage shows. */
  damagedOn: z.array(z.enum(['list', 'search', 'read'])).default(['list', 'search', 'read']),
});

const indexLagSchema = z.strictObject({
  /** The share of changes and deletions that list and search show late. */
  probability: probability.default(0),
  /** How late. */
  lagMs: milliseconds.default(60_000),
});

const deletedListSchema = z.strictObject({
  /** Until an entry appears. */
  delayMs: milliseconds.default(0),
  /** The share of entries that appear later still. */
  lateShare: probability.default(0),
  lateByMs: milliseconds.default(600_000),
  /** The host that `pages.next` names, whatever the region of the workspace. */
  nextHost: z.string().default('https://api.intercom.io'),
});

const churnSchema = z.strictObject({
  /** Somebody does something to some conversation every so many calls; 0: nobody does. */
  everyCalls: z.number().int().min(0).default(0),
  actions: z
    .array(z.enum(['reply', 'reopen', 'tag', 'untag', 'assign', 'close', 'snooze', 'delete']))
    .min(1)
    .default(['reply', 'tag', 'assign', 'close', 'delete']),
});

export const settingsSchema = z.strictObject({
  faults: z.array(faultSchema).default([]),
  access: accessSchema.prefault({}),
  rateLimit: rateLimitSchema.prefault({}),
  presentation: presentationSchema.prefault({}),
  indexLag: indexLagSchema.prefault({}),
  deletedList: deletedListSchema.prefault({}),
  churn: churnSchema.prefault({}),
  /** Before each answer, plus up to `jitterMs`. */
  latencyMs: milliseconds.default(0),
  jitterMs: milliseconds.default(0),
  /** How `<` and `>` treat equality; `day`: dates are whole days in the workspace's time zone, as documented for contacts. */
  comparison: z.enum(['exclusive', 'inclusive', 'day']).default('exclusive'),
  /** The version of a call that names none. */
  defaultVersion: z.string().default('1.0'),
});

export type Settings = z.output<typeof settingsSchema>;
/** Each part that is given replaces the whole part; what it leaves out goes back to its default. */
export type SettingsInput = z.input<typeof settingsSchema>;
export type Access = Settings['access'];
export type Presentation = Settings['presentation'];

/**
 * The settings with some of them changed.
 * @throws z.ZodError for a setting that is none, and for a value that it cannot have.
 */
export const changedSettings = (current: Settings, changes: Readonly<Record<string, unknown>>): Settings =>
  settingsSchema.parse({ ...current, ...changes });
