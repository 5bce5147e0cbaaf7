import fc from 'fast-check';

/** The words that generated policies may use: those of a workspace, so that a good part of the rules match something. */
export interface PolicyWords {
  readonly workspace: string;
  readonly tags: readonly string[];
  readonly teams: readonly string[];
  readonly admins: readonly string[];
  readonly contactIds: readonly string[];
  readonly companyIds: readonly string[];
  /** Names of custom attributes, with values that occur. */
  readonly attributes: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  /** Absolute dates lie in the five years before. Milliseconds. */
  readonly nowMs: number;
}

/** A policy, or a part of one, as YAML holds it. */
export type JsonObject = { readonly [key: string]: unknown };

const dayMs = 86_400_000;
const eventTriggers = [
  'conversation.admin.closed',
  'conversation_part.tag.created',
  'contact.deleted',
  'conversation.deletion.requested',
];

/** Valid policy documents with every key, nested and negated; most have a rule that matches some conversations. */
export function arbitraryPolicyDocument(words: PolicyWords): fc.Arbitrary<JsonObject> {
  const rules = fc.uniqueArray(arbitraryRule(words), {
    minLength: 1,
    maxLength: 5,
    selector: (rule) => rule['id'],
  });
  return withOptional(
    { version: fc.constant(1), workspace: fc.constant(words.workspace), rules },
    {
      mode: fc.constantFrom('observe', 'delete'),
      approval: fc.constantFrom('standing', 'each_run'),
      scan: fc.constantFrom('auto', 'search', 'list'),
      recheck_after: fc.constantFrom('0s', '90s', '15m', '1h'),
      pace: arbitraryShare.filter((share) => !/^0(\.0+)?%$/.test(share)),
      limits: arbitraryLimits,
      protect: arbitraryProtect(words),
    },
  );
}

const arbitraryShare = fc.oneof(
  fc.constantFrom('0%', '2.5%', '5%', '100%', '0.000001%', '99.999999%'),
  fc.integer({ min: 0, max: 100 }).map((percent) => `${percent}%`),
  fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 9999 })).map(([a, b]) => `${a}.${b}%`),
);

const arbitraryLimits = withOptional(
  {},
  {
    per_run: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 100_000 })),
    per_day: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000_000 })),
    share_of_workspace: arbitraryShare,
    failures: arbitraryShare,
    when_exceeded: fc.constantFrom('stop', 'trim'),
  },
);

const arbitraryProtect = (words: PolicyWords): fc.Arbitrary<JsonObject> =>
  withOptional(
    {},
    {
      minimum_age: fc.constantFrom('0d', '12h', '7d', '30d', '3mo', '1y'),
      open: fc.boolean(),
      tickets: fc.boolean(),
      tags: fc.subarray([...words.tags], { maxLength: 2 }),
      teams: fc.subarray([...words.teams], { maxLength: 1 }),
    },
  );

const arbitraryRule = (words: PolicyWords): fc.Arbitrary<JsonObject> =>
  withOptional(
    {
      id: fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,12}$/),
      when: arbitraryCondition(words, 2),
      retain_metrics: fc.boolean(),
    },
    {
      description: fc.constant('What this rule is for.'),
      legal_basis: fc.constant('GDPR Art. 5(1)(e)'),
      on: fc.oneof(
        {
          weight: 6,
          arbitrary: fc.constantFrom<unknown>('schedule', ['schedule', 'conversation.admin.closed']),
        },
        { weight: 1, arbitrary: fc.constantFrom(...eventTriggers) },
        { weight: 1, arbitrary: fc.subarray(['schedule', ...eventTriggers], { minLength: 1 }) },
      ),
      despite: fc.subarray(['minimum_age', 'open', 'tickets']),
    },
  );

/** Mostly one or two clauses; `all`, `any` and `not` down to this many levels. */
export function arbitraryCondition(words: PolicyWords, levels: number): fc.Arbitrary<JsonObject> {
  const clauses = arbitraryClauses(words);
  if (levels === 0) return clauses;
  const inner = fc.memo(() => arbitraryCondition(words, levels - 1))();
  const nested = fc.record(
    {
      all: fc.array(inner, { minLength: 1, maxLength: 2 }),
      any: fc.array(inner, { minLength: 1, maxLength: 3 }),
      not: inner,
    },
    { requiredKeys: [] },
  );
  return fc.oneof(
    { weight: 4, arbitrary: clauses },
    { weight: 3, arbitrary: demanding(nested) },
    { weight: 2, arbitrary: fc.tuple(nested, clauses).map(([a, b]) => ({ ...a, ...b })) },
  );
}

function arbitraryClauses(words: PolicyWords): fc.Arbitrary<JsonObject> {
  const time = arbitraryTime(words.nowMs);
  const keys: Record<string, fc.Arbitrary<unknown>> = {
    state: arbitraryChoice(['closed', 'closed', 'closed', 'open', 'snoozed']),
    created: time,
    last_activity: time,
    last_contact_reply: time,
    last_admin_reply: time,
    last_closed: time,
    waiting_since: time,
    tags: arbitraryTags(words.tags),
    team: arbitraryChoice([...words.teams, 'unassigned']),
    assignee: arbitraryChoice([...words.admins, 'unassigned']),
    channel: arbitraryChoice([
      'conversation',
      'email',
      'whatsapp',
      'facebook',
      'sms',
      'instagram',
      'phone_call',
    ]),
    initiated_by: arbitraryChoice(['customer_initiated', 'admin_initiated', 'automated']),
    author_type: arbitraryChoice(['user', 'lead', 'admin', 'bot']),
    priority: arbitraryChoice([
      'none',
      'none',
      'low',
      'medium',
      'high',
      'urgent',
      'priority',
      'not_priority',
    ]),
    read: fc.boolean(),
    rating: arbitraryRange(1, 5),
    contact: arbitraryChoice(words.contactIds),
    company: arbitraryChoice(words.companyIds),
    attributes: arbitraryAttributes(words.attributes),
    ai: demanding(
      fc.record(
        {
          participated: fc.boolean(),
          resolution: arbitraryChoice([
            'assumed_resolution',
            'confirmed_resolution',
            'escalated',
            'negative_feedback',
          ]),
        },
        { requiredKeys: [] },
      ),
    ),
    parts: arbitraryRange(0, 30),
  };
  const usual = ['state', 'created', 'last_activity', 'tags', 'team', 'channel'];
  const pick = (names: readonly string[], most: number) =>
    fc
      .subarray([...names], { minLength: 1, maxLength: most })
      .chain((chosen) =>
        fc.record(Object.fromEntries(chosen.map((name) => [name, keys[name] ?? fc.boolean()]))),
      );
  return fc.oneof(
    { weight: 3, arbitrary: pick(usual, 2) },
    { weight: 2, arbitrary: pick(Object.keys(keys), 1) },
    { weight: 1, arbitrary: pick(Object.keys(keys), 3) },
  );
}

/** One value, several, or the opposite. */
function arbitraryChoice(values: readonly unknown[]): fc.Arbitrary<unknown> {
  const one = fc.constantFrom(...values);
  const several = fc.uniqueArray(one, { minLength: 1, maxLength: 3 });
  return fc.oneof(
    one,
    several,
    fc.oneof(one, several).map((not) => ({ not })),
  );
}

/** Bounds that leave something between them. */
function arbitraryTime(nowMs: number): fc.Arbitrary<JsonObject> {
  const days = fc.integer({ min: 1, max: 1500 });
  const date = fc
    .tuple(fc.integer({ min: 1, max: 1800 }), fc.boolean())
    .map(([daysAgo, wholeDay]) =>
      new Date(nowMs - daysAgo * dayMs).toISOString().slice(0, wholeDay ? 10 : 19),
    )
    .map((text) => (text.length === 10 ? text : `${text}Z`));
  const pair = fc.tuple(days, days).map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 1] as const);
  return fc.oneof(
    { weight: 5, arbitrary: arbitraryDuration.map((older_than) => ({ older_than })) },
    { weight: 2, arbitrary: arbitraryDuration.map((newer_than) => ({ newer_than })) },
    { weight: 1, arbitrary: date.map((before) => ({ before })) },
    { weight: 1, arbitrary: date.map((after) => ({ after })) },
    {
      weight: 1,
      arbitrary: fc.tuple(arbitraryDuration, date).map(([older_than, after]) => ({ older_than, after })),
    },
    {
      weight: 1,
      arbitrary: pair.map(([older, newer]) => ({ older_than: `${older}d`, newer_than: `${newer}d` })),
    },
    {
      weight: 1,
      arbitrary: pair.map(([late, early]) => ({
        after: new Date(nowMs - early * dayMs).toISOString().slice(0, 10),
        before: new Date(nowMs - late * dayMs + dayMs).toISOString().slice(0, 10),
      })),
    },
  );
}

const arbitraryDuration = fc.oneof(
  fc.constantFrom('12h', '1d', '30d', '6w', '1mo', '3mo', '6mo', '1y', '18mo', '2y', '3y'),
  fc.integer({ min: 0, max: 1500 }).map((amount) => `${amount}d`),
  fc.integer({ min: 0, max: 48 }).map((amount) => `${amount}mo`),
  fc.integer({ min: 0, max: 5 }).map((amount) => `${amount}y`),
);

/** No tag is demanded and forbidden at once. */
function arbitraryTags(tags: readonly string[]): fc.Arbitrary<JsonObject> {
  const few = fc.shuffledSubarray([...tags], { minLength: 3, maxLength: Math.min(6, tags.length) });
  return fc.oneof(
    few.map((list) => ({ any: list })),
    few.map((list) => ({ none: list })),
    few.map(([first]) => ({ all: [first] })),
    few.map(([first, ...rest]) => ({ any: rest, none: [first] })),
    few.map(([first, second]) => ({ all: [first], none: [second] })),
    few.map(([first, ...rest]) => ({ any: [first, ...rest], all: [first] })),
  );
}

function arbitraryRange(min: number, max: number): fc.Arbitrary<JsonObject> {
  const bound = fc.integer({ min, max });
  return fc.oneof(
    bound.map((at_least) => ({ at_least })),
    bound.map((at_most) => ({ at_most })),
    fc.tuple(bound, bound).map(([a, b]) => ({ at_least: Math.min(a, b), at_most: Math.max(a, b) })),
  );
}

function arbitraryAttributes(attributes: PolicyWords['attributes']): fc.Arbitrary<JsonObject> {
  return fc
    .subarray(Object.keys(attributes), { minLength: 1, maxLength: 2 })
    .chain((names) =>
      fc.record(Object.fromEntries(names.map((name) => [name, arbitraryChoice(attributes[name] ?? [])]))),
    );
}

const demanding = (record: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> =>
  record.filter((value) => Object.keys(value).length > 0);

/** Each optional key is there half of the time, and keys come in any order. */
function withOptional(
  required: Record<string, fc.Arbitrary<unknown>>,
  optional: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<JsonObject> {
  return fc
    .record({ ...required, ...optional }, { requiredKeys: Object.keys(required) })
    .chain((value) => fc.shuffledSubarray(Object.entries(value), { minLength: Object.keys(value).length }))
    .map((entries) => Object.fromEntries(entries));
}
