import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulator } from '#simulator/running-simulator.ts';
import { caller } from '#support/api-caller.ts';
import { type NaiveComparison, naivelyMatches, type Query, valuesOf } from '#support/naive-search.ts';
import { simulatedNowMs, workspace } from '#support/simulated-workspace.ts';

const texts = [
  'id', 'state', 'priority', 'channel_initiated', 'source.type', 'source.id', 'source.delivered_as', 'source.subject', 'source.url',
  'source.author.id', 'source.author.type', 'source.author.name', 'source.author.email', 'statistics.last_closed_by_id',
  'conversation_rating.remark', 'conversation_rating.contact_id', 'conversation_rating.admin_d', 'ai_agent.resolution_state',
  'ai_agent.last_answer_type', 'ai_agent.rating_remark', 'ai_agent.source_type', 'ai_agent.source_title', 'source.body',
  'contact_ids', 'teammate_ids', 'tag_ids',
]; // biome-ignore format: a table of names
const numbers = [
  'admin_assignee_id', 'team_assignee_id', 'conversation_rating.score', 'ai_agent.rating', 'created_at', 'updated_at', 'waiting_since',
  'snoozed_until', 'conversation_rating.requested_at', 'conversation_rating.replied_at', 'statistics.time_to_assignment',
  'statistics.time_to_admin_reply', 'statistics.time_to_first_close', 'statistics.time_to_last_close', 'statistics.median_time_to_reply',
  'statistics.count_reopens', 'statistics.count_assignments', 'statistics.count_conversation_parts', 'statistics.first_contact_reply_at',
  'statistics.first_assignment_at', 'statistics.first_admin_reply_at', 'statistics.first_close_at', 'statistics.last_assignment_at',
  'statistics.last_assignment_admin_reply_at', 'statistics.last_contact_reply_at', 'statistics.last_admin_reply_at',
  'statistics.last_close_at',
]; // biome-ignore format: a table of names
const flags = ['open', 'read', 'ai_agent_participated'];

const timeZone = 'America/Los_Angeles';

describe('POST /conversations/search', () => {
  let simulator: Simulator;
  let call: ReturnType<typeof caller>;
  let everything: readonly Readonly<Record<string, unknown>>[];

  beforeAll(async () => {
    simulator = await workspace({ generate: 140, timeZone, seed: 4 });
    call = caller(simulator.url, '2.16');
    everything = [...simulator.conversations()].map(({ json }) => json);
  });
  afterAll(() => simulator.close());

  const search = (query: unknown) =>
    call('POST', '/conversations/search', { query, pagination: { per_page: 150 } });

  /** Values that some conversation holds, so that filters hit, and their neighbours. */
  const heldValue = (field: string, otherwise: fc.Arbitrary<unknown>) => {
    const held = everything.flatMap((json) => valuesOf(json, field));
    return held.length === 0
      ? otherwise
      : fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...held) }, otherwise);
  };
  const listOf = (value: fc.Arbitrary<unknown>) => fc.array(value, { minLength: 1, maxLength: 3 });
  const filtersOf = (field: string, value: fc.Arbitrary<unknown>, operators: readonly string[]) =>
    fc.oneof(
      fc.record({ field: fc.constant(field), operator: fc.constantFrom(...operators), value }),
      fc.record({
        field: fc.constant(field),
        operator: fc.constantFrom('=', '!='),
        value: fc.constant(null),
      }),
      fc.record({ field: fc.constant(field), operator: fc.constantFrom('IN', 'NIN'), value: listOf(value) }),
    );
  const filter = (): fc.Arbitrary<Query> =>
    fc.oneof(
      fc.constantFrom(...texts).chain((field) => {
        const part = fc.tuple(heldValue(field, fc.constant('none')), fc.nat(6), fc.nat(9));
        const pieces = part.map(([text, from, length]) => String(text).slice(from, from + length + 1) || 'e');
        const whole = heldValue(field, fc.constant('none')).map(String);
        return fc.oneof(
          filtersOf(field, whole, ['=', '!=']),
          fc.record({
            field: fc.constant(field),
            operator: fc.constantFrom('~', '!~', '^', '$'),
            value: pieces,
          }),
        );
      }),
      fc.constantFrom(...numbers).chain((field) => {
        const near = fc.tuple(
          heldValue(field, fc.constant(0)),
          fc.constantFrom(-90_000, -1, 0, 0, 1, 90_000),
        );
        const value = near.map(([held, offset]) => Number(held) + offset);
        return filtersOf(field, fc.oneof(value, value.map(String)), ['=', '!=', '>', '<', '>=', '<=']);
      }),
      fc.record({
        field: fc.constantFrom(...flags),
        operator: fc.constantFrom('=', '!='),
        value: fc.constantFrom(true, false, 'true'),
      }),
    );
  const group = (members: fc.Arbitrary<Query>): fc.Arbitrary<Query> =>
    fc.record({
      operator: fc.constantFrom('AND', 'OR'),
      value: fc.array(members, { minLength: 1, maxLength: 4 }),
    });
  /** Bounds on the time of creation, of which the simulator makes use to find candidates. */
  const windowed = (): fc.Arbitrary<Query> =>
    fc
      .record({
        operator: fc.constantFrom('AND', 'OR'),
        from: fc.record({
          field: fc.constant('created_at'),
          operator: fc.constantFrom('>', '>='),
          value: heldValue('created_at', fc.constant(0)),
        }),
        until: fc.record({
          field: fc.constant('created_at'),
          operator: fc.constantFrom('<', '<='),
          value: heldValue('created_at', fc.constant(0)),
        }),
        rest: filter(),
      })
      .map(({ operator, from, until, rest }) => ({ operator, value: [from, rest, until] }));
  const query = () =>
    fc.oneof(filter(), group(filter()), group(fc.oneof(filter(), group(filter()))), windowed());

  it.each(['exclusive', 'inclusive', 'day'] as const)(
    'finds exactly what a plain evaluator finds, when comparison is %s',
    async (kind) => {
      simulator.set({ comparison: kind });
      const comparison: NaiveComparison = { kind, timeZone };
      await fc.assert(
        fc.asyncProperty(query(), async (asked) => {
          const { status, items, json } = await search(asked);
          const wanted = everything
            .filter((one) => naivelyMatches(one, asked, comparison))
            .map(({ id }) => id);
          expect(status).toBe(200);
          expect(items).toHaveLength(wanted.length);
          expect(new Set(items.map(({ id }) => id))).toEqual(new Set(wanted));
          expect(json).toMatchObject({ total_count: wanted.length });
        }),
        { numRuns: 120 },
      );
    },
  );

  it('finds the same after changes and deletions, page by page or anew', async () => {
    const day = 86_400;
    const now = simulatedNowMs / 1000;
    const queries: Query[] = [
      { field: 'state', operator: '=', value: 'open' },
      {
        operator: 'AND',
        value: [
          { field: 'created_at', operator: '<', value: now - 400 * day },
          { field: 'state', operator: '=', value: 'closed' },
          { field: 'updated_at', operator: '<', value: now - 100 * day },
        ],
      },
      { operator: 'AND', value: [{ field: 'created_at', operator: '>', value: now - 400 * day }] },
    ];
    const action = fc.constantFrom('reply', 'close', 'delete', 'assign');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(59), action), { maxLength: 25 }),
        fc.nat(999),
        async (steps, seed) => {
          await using changing = await workspace({ generate: 60, seed });
          const ask = caller(changing.url, '2.16');
          const ids = [...changing.conversations()].map(({ id }) => id);
          for (const [index, step] of [undefined, ...steps].entries()) {
            if (step !== undefined) changing.happen(ids[step[0]]!, { action: step[1] });
            const query = queries[index % queries.length]!;
            const truth = [...changing.conversations()].filter(({ deleted }) => deleted === null);
            const wanted = truth.filter(({ json }) =>
              naivelyMatches(json, query, { kind: 'exclusive', timeZone: 'UTC' }),
            );
            const found = await ask('POST', '/conversations/search', {
              query,
              pagination: { per_page: 150 },
            });
            expect(new Set(found.items.map(({ id }) => id))).toEqual(new Set(wanted.map(({ id }) => id)));
            expect(found.json).toMatchObject({ total_count: wanted.length });
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('serves what it finds with the newest change first', async () => {
    const { items } = await search({ field: 'state', operator: '=', value: 'closed' });
    const times = items.map((item) => Number(item['updated_at']));
    expect(times).toEqual(times.toSorted((left, right) => right - left));
    expect(times.length).toBeGreaterThan(50);
  });

  const closed = { field: 'state', operator: '=', value: 'closed' };
  it.each<[string, unknown]>([
    ['a field that is not searchable', { field: 'custom_attributes.plan', operator: '=', value: 'pro' }],
    ['an operator that the type does not take', { field: 'created_at', operator: '~', value: '1' }],
    ['a date that is none', { field: 'created_at', operator: '>', value: '2024-01-01' }],
    ['a list where one value belongs', { field: 'state', operator: '=', value: ['open'] }],
    ['one value where a list belongs', { field: 'state', operator: 'IN', value: 'open' }],
    ['an empty list', { field: 'state', operator: 'IN', value: [] }],
    ['an empty group', { operator: 'AND', value: [] }],
    [
      'three levels of groups',
      { operator: 'AND', value: [{ operator: 'OR', value: [{ operator: 'AND', value: [closed] }] }] },
    ],
    ['sixteen filters in a group', { operator: 'OR', value: Array.from({ length: 16 }, () => closed) }],
    ['no query', undefined],
  ])('refuses %s with 400 and names the field', async (_, asked) => {
    const { status, json } = await search(asked);
    expect(status).toBe(400);
    expect(json).toMatchObject({
      type: 'error.list',
      errors: [{ code: 'parameter_invalid', field: expect.any(String) as string }],
    });
  });

  it('takes fifteen filters in a group and two levels of groups', async () => {
    const fifteen = { operator: 'OR', value: Array.from({ length: 15 }, () => closed) };
    expect((await search({ operator: 'AND', value: [fifteen, fifteen] })).status).toBe(200);
  });

  it('finds nothing later than a date in milliseconds, which is far in the future', async () => {
    const { items } = await search({
      field: 'updated_at',
      operator: '>',
      value: simulatedNowMs - 86_400_000_000,
    });
    expect(items).toEqual([]);
  });
});
