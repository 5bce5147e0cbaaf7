import { describe, expect, it } from 'vitest';
import { instantFromIso } from '#policy/instant.ts';
import { dayOf, daysBetween, parseUtcDay, plusDays, startOfDay, timeWithin } from '#seal/utc-day.ts';

describe('dayOf', () => {
  it('is the day in UTC, from its first to its last millisecond', () => {
    expect(dayOf(instantFromIso('2026-11-21T00:00:00.000Z'))).toBe('2026-11-21');
    expect(dayOf(instantFromIso('2026-11-21T23:59:59.999Z'))).toBe('2026-11-21');
    expect(startOfDay(dayOf(instantFromIso('2026-11-21T23:59:59.999Z')))).toBe(
      instantFromIso('2026-11-21T00:00:00.000Z'),
    );
  });
});

describe('parseUtcDay', () => {
  it.each(['2026-11-21', '2024-02-29'])('takes %s', (text) => {
    expect(parseUtcDay(text)).toBe(text);
  });

  it.each(['', '2026-11', '2026-02-30', '2026-13-01', '2026-11-21T00:00:00Z', '21.11.2026', '2026-11-2'])(
    'takes no day in "%s"',
    (text) => {
      expect(parseUtcDay(text)).toBeUndefined();
    },
  );
});

describe('daysBetween', () => {
  it('goes over the ends of months, both ends included', () => {
    const first = parseUtcDay('2024-02-28')!;
    expect([...daysBetween(first, plusDays(first, 2))]).toEqual(['2024-02-28', '2024-02-29', '2024-03-01']);
    expect([...daysBetween(first, first)]).toEqual(['2024-02-28']);
    expect([...daysBetween(first, plusDays(first, -1))]).toEqual([]);
  });
});

describe('daysBetween at the end of the calendar', () => {
  it('ends, and has nothing between the last day and an earlier one', () => {
    const last = parseUtcDay('9999-12-31')!;
    expect([...daysBetween(plusDays(last, -1), last)]).toEqual(['9999-12-30', last]);
    expect([...daysBetween(plusDays(last, 1), parseUtcDay('2026-11-21')!)]).toEqual([]);
  });
});

describe('timeWithin', () => {
  it.each([
    ['2026-11-21T12:00:00.000Z', '2026-11-21T12:00:00.000Z'],
    ['2026-11-20T23:59:59.999Z', '2026-11-21T00:00:00.000Z'],
    ['2026-11-22T00:00:00.000Z', '2026-11-21T23:59:59.999Z'],
    ['', '2026-11-21T00:00:00.000Z'],
    ['!!!', '2026-11-21T00:00:00.000Z'],
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['zzz', '2026-11-21T23:59:59.999Z'],
  ])('makes of "%s" %s', (time, within) => {
    expect(timeWithin(parseUtcDay('2026-11-21')!, time)).toBe(within);
  });
});
