import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SearchFilter } from '#intercom/search-filter.ts';
import { compileSearch } from '#intercom/search-query.ts';
import { evaluate } from '#policy/evaluate.ts';
import type { Facts } from '#policy/facts.ts';
import { type Instant, instantFromIso, instantFromMs } from '#policy/instant.ts';
import type { ById, Condition } from '#policy/policy.ts';
import { arbitraryCondition } from '#support/arbitrary-condition.ts';
import { arbitraryFacts } from '#support/arbitrary-facts.ts';
import { factsOf, testNow } from '#support/facts.ts';

/** How Intercom may read `<` and `>`: its documentation leaves both open for conversations. */
interface Reading {
  readonly isInclusive: boolean;
  /** Dates are whole days in this time zone; undefined: exact. */
  readonly days: string | undefined;
}
const readings: readonly Reading[] = [
  { isInclusive: false, days: undefined },
  { isInclusive: true, days: undefined },
  { isInclusive: false, days: 'Europe/Berlin' },
  { isInclusive: true, days: 'America/Los_Angeles' },
  { isInclusive: false, days: 'Pacific/Auckland' },
];

const dayFormats = new Map<string, Intl.DateTimeFormat>();
function dayOf(seconds: number, timeZone: string): string {
  const format =
    dayFormats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  dayFormats.set(timeZone, format);
  return format.format(seconds * 1000);
}

const seconds = (instant: Instant | undefined) => (instant === undefined ? undefined : instant / 1000);
const number = (id: string | undefined) => (id === 'unassigned' || id === undefined ? 0 : Number(id));

/** What each field of a search reads; the names are Intercom's. */
const readers: Readonly<Record<string, (facts: Facts) => unknown>> = {
  state: (facts) => facts.state,
  created_at: (facts) => seconds(facts.createdAt),
  updated_at: (facts) => seconds(facts.updatedAt),
  waiting_since: (facts) => seconds(facts.waitingSinceAt),
  'statistics.last_contact_reply_at': (facts) => seconds(facts.lastContactReplyAt),
  'statistics.last_admin_reply_at': (facts) => seconds(facts.lastAdminReplyAt),
  'statistics.last_close_at': (facts) => seconds(facts.lastClosedAt),
  'statistics.count_conversation_parts': (facts) => facts.parts,
  'conversation_rating.score': (facts) => facts.rating,
  tag_ids: (facts) => facts.tagIds,
  contact_ids: (facts) => facts.contactIds,
  team_assignee_id: (facts) => number(facts.teamId),
  admin_assignee_id: (facts) => number(facts.assigneeId),
  'source.type': (facts) => facts.channel,
  'source.delivered_as': (facts) => facts.initiatedBy,
  'source.author.type': (facts) => facts.authorType,
  read: (facts) => facts.read,
  ai_agent_participated: (facts) => facts.aiParticipated,
  'ai_agent.resolution_state': (facts) => facts.aiResolution,
};

function finds(filter: SearchFilter, facts: Facts, reading: Reading): boolean {
  if (!('field' in filter)) {
    const found = (member: SearchFilter) => finds(member, facts, reading);
    return filter.operator === 'AND' ? filter.value.every(found) : filter.value.some(found);
  }
  const value = readers[filter.field]?.(facts);
  if (filter.operator === '=') return value === filter.value;
  if (filter.operator === 'IN') {
    const held: readonly unknown[] = Array.isArray(value) ? value : [value];
    return filter.value.some((wanted) => held.includes(wanted));
  }
  if (typeof value !== 'number') return false;
  const inDays =
    reading.days !== undefined && /_at$|^waiting_since$/.test(filter.field) ? reading.days : undefined;
  const [left, right] =
    inDays === undefined ? [value, filter.value] : [dayOf(value, inDays), dayOf(filter.value, inDays)];
  if (left === right) return reading.isInclusive;
  return filter.operator === '>' ? left > right : left < right;
}

/** The groups of a filter, with how deep they stand. */
function groupsOf(
  filter: SearchFilter,
  level = 1,
): readonly { level: number; members: readonly SearchFilter[] }[] {
  if ('field' in filter) return [];
  return [{ level, members: filter.value }, ...filter.value.flatMap((member) => groupsOf(member, level + 1))];
}

const window = fc
  .tuple(fc.integer({ min: 0, max: 2000 * 86_400 }), fc.integer({ min: 1, max: 2000 * 86_400 }))
  .map(([ago, length]) => ({
    createdFrom: instantFromMs(testNow - ago * 1000),
    createdUntil: instantFromMs(testNow - ago * 1000 + length * 1000),
  }));
const wholeTime = { createdFrom: instantFromMs(0), createdUntil: instantFromMs(testNow + 1000) };

describe('compileSearch', () => {
  it('finds every conversation of its window for which the condition is true, however dates and bounds are read', () => {
    const conversations = fc.array(arbitraryFacts, { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(
        arbitraryCondition,
        fc.oneof(window, fc.constant(wholeTime)),
        conversations,
        (when, bounds, all) => {
          const filter = compileSearch({ when, asOf: testNow, ...bounds });
          for (const facts of all) {
            const { createdAt } = facts;
            if (createdAt === undefined || createdAt < bounds.createdFrom || createdAt >= bounds.createdUntil)
              continue;
            if (evaluate(when, facts, testNow) !== 'true') continue;
            expect(readings.filter((reading) => !finds(filter, facts, reading))).toEqual([]);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('finds what changed in the first moment of a day of 25 hours', () => {
    const firstMoment = instantFromIso('2025-10-25T22:00:00Z'); // midnight in Berlin, where clocks go back that night
    const before = instantFromMs(firstMoment + 1000);
    const bounds = { olderThan: undefined, newerThan: undefined, before, after: undefined };
    const when: Condition<ById> = { kind: 'time', key: 'last_activity', ...bounds };
    const facts = factsOf({ updatedAt: firstMoment });
    const filter = compileSearch({ when, asOf: testNow, ...wholeTime });
    expect(readings.filter((reading) => !finds(filter, facts, reading))).toEqual([]);
  });

  it('keeps to 15 filters a group and two levels, to whole seconds, and to integers for teams and teammates', () => {
    fc.assert(
      fc.property(arbitraryCondition, window, (when, bounds) => {
        const filter = compileSearch({ when, asOf: testNow, ...bounds });
        for (const { level, members } of groupsOf(filter)) {
          expect(level).toBeLessThanOrEqual(2);
          expect(members.length).toBeGreaterThan(1);
          expect(members.length).toBeLessThanOrEqual(15);
        }
        const singles = groupsOf(filter).flatMap(({ members }) => members);
        for (const single of singles) {
          if (!('field' in single)) continue;
          expect(Object.keys(readers)).toContain(single.field);
          const numbers = typeof single.value === 'object' ? single.value : [single.value];
          for (const value of numbers)
            if (typeof value === 'number') expect(Number.isSafeInteger(value)).toBe(true);
          if (single.field.endsWith('assignee_id'))
            expect(numbers.every((value) => typeof value === 'number')).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
