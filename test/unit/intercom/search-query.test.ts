import { describe, expect, it } from 'vitest';
import { compileSearch } from '#intercom/search-query.ts';
import { brandId, type ContactId, type TagId, type TeamId } from '#policy/ids.ts';
import { instantFromIso, instantFromMs } from '#policy/instant.ts';
import type { ById, Clause, Condition } from '#policy/policy.ts';

const asOf = instantFromIso('2026-06-15T12:00:00Z');
const dayAndAHour = 25 * 3600;
/** The end of the window, as every search says it. */
const untilNow = { field: 'created_at', operator: '<', value: asOf / 1000 + dayAndAHour + 1 };

const compile = (when: Condition<ById>) =>
  compileSearch({ when, asOf, createdFrom: instantFromMs(0), createdUntil: asOf });

const state = (...values: readonly ('open' | 'closed' | 'snoozed')[]): Clause<ById> => ({
  kind: 'state',
  choice: { negated: false, values },
});
const contact = (id: string): Clause<ById> => ({
  kind: 'contact',
  choice: { negated: false, values: [brandId<ContactId>(id)] },
});
const time = (changes: Partial<Extract<Clause<ById>, { kind: 'time' }>>): Clause<ById> => ({
  kind: 'time',
  key: 'last_activity',
  olderThan: undefined,
  newerThan: undefined,
  before: undefined,
  after: undefined,
  ...changes,
});

describe('compileSearch', () => {
  it('asks for closed conversations that were silent for two years, and a day and an hour more', () => {
    const silent = time({ olderThan: { amount: 2, unit: 'y' } });
    expect(compile({ kind: 'all', of: [state('closed'), silent] })).toEqual({
      operator: 'AND',
      value: [
        untilNow,
        { field: 'state', operator: 'IN', value: ['closed'] },
        { field: 'updated_at', operator: '<', value: Date.UTC(2024, 5, 15, 12) / 1000 + dayAndAHour + 1 },
      ],
    });
  });

  it('widens the window at both ends', () => {
    const createdFrom = instantFromIso('2026-01-01T00:00:00Z');
    const query = { when: { kind: 'all', of: [] }, asOf, createdFrom, createdUntil: asOf } as const;
    expect(compileSearch(query)).toEqual({
      operator: 'AND',
      value: [untilNow, { field: 'created_at', operator: '>', value: createdFrom / 1000 - dayAndAHour - 1 }],
    });
  });

  it('says either of two conditions as what both of them demand', () => {
    const either: Condition<ById> = {
      kind: 'any',
      of: [{ kind: 'all', of: [state('closed'), contact('c-1')] }, contact('c-2')],
    };
    const [closed, first, second] = [
      { field: 'state', operator: 'IN', value: ['closed'] },
      { field: 'contact_ids', operator: 'IN', value: ['c-1'] },
      { field: 'contact_ids', operator: 'IN', value: ['c-2'] },
    ];
    expect(compile(either)).toEqual({
      operator: 'AND',
      value: [
        untilNow,
        { operator: 'OR', value: [closed, second] },
        { operator: 'OR', value: [first, second] },
      ],
    });
  });

  it('says nothing of either when one of them cannot be said', () => {
    const unsayable: Clause<ById> = { kind: 'read', value: true };
    const priority: Clause<ById> = { kind: 'priority', choice: { negated: false, values: ['high'] } };
    expect(compile({ kind: 'any', of: [unsayable, priority] })).toEqual(untilNow);
  });

  it('turns the opposite of older into newer, and of both bounds into either side', () => {
    const older = time({ olderThan: { amount: 1, unit: 'd' } });
    expect(compile({ kind: 'not', of: older })).toEqual({
      operator: 'AND',
      value: [
        untilNow,
        { field: 'updated_at', operator: '>', value: asOf / 1000 - 86_400 - dayAndAHour - 1 },
      ],
    });
    const between: Clause<ById> = { kind: 'rating', atLeast: 2, atMost: 4 };
    expect(compile({ kind: 'not', of: between })).toEqual({
      operator: 'AND',
      value: [
        untilNow,
        {
          operator: 'OR',
          value: [
            { field: 'conversation_rating.score', operator: '<', value: 2 },
            { field: 'conversation_rating.score', operator: '>', value: 4 },
          ],
        },
      ],
    });
  });

  it('asks for one tag of those that all must be there, for each that may be, and for none that must not', () => {
    const [a, b] = [brandId<TagId>('1'), brandId<TagId>('2')];
    const tags = (
      any: TagId[] | undefined,
      all: TagId[] | undefined,
      none: TagId[] | undefined,
    ): Clause<ById> => ({ kind: 'tags', any, all, none });
    const has = (...value: string[]) => ({
      operator: 'AND',
      value: [untilNow, { field: 'tag_ids', operator: 'IN', value }],
    });
    expect(compile(tags([a, b], undefined, undefined))).toEqual(has('1', '2'));
    expect(compile(tags(undefined, [a, b], undefined))).toEqual(has('1'));
    expect(compile(tags(undefined, undefined, [a, b]))).toEqual(untilNow);
    expect(compile({ kind: 'not', of: tags(undefined, undefined, [a, b]) })).toEqual(has('1', '2'));
    expect(compile({ kind: 'not', of: tags([a], undefined, [b]) })).toEqual(untilNow);
  });

  it('leaves the unassigned, and ids that are no numbers, to be judged on the object', () => {
    const team = (...values: (TeamId | 'unassigned')[]): Clause<ById> => ({
      kind: 'team',
      choice: { negated: false, values },
    });
    expect(compile(team(brandId<TeamId>('501')))).toMatchObject({
      value: [untilNow, { field: 'team_assignee_id', value: [501] }],
    });
    expect(compile(team(brandId<TeamId>('501'), 'unassigned'))).toEqual(untilNow);
    expect(compile(team(brandId<TeamId>('legal')))).toEqual(untilNow);
  });

  it('keeps the first demands of more than it can say', () => {
    const many = Array.from({ length: 40 }, (_, index) => contact(`c-${index}`));
    expect(compile({ kind: 'all', of: many })).toMatchObject({
      operator: 'AND',
      value: { length: 15, 0: untilNow },
    });
    expect(compile({ kind: 'any', of: many })).toEqual(untilNow);
  });
});
