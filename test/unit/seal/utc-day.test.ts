import { describe, expect, it } from 'vitest';
import { instantFromIso } from '#policy/instant.ts';
import { dayOf, daysBetween, parseUtcDay, plusDays, startOfDay } from '#seal/utc-day.ts';

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
