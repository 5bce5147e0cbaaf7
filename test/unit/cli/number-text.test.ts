import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOf, countText, dayText, lengthText, timeText } from '#cli/number-text.ts';
import { instantFromIso } from '#policy/instant.ts';

describe('countText', () => {
  it('sets a comma before every three digits', () => {
    expect([0, 999, 1000, 12_345, 1_234_567].map(countText)).toEqual([
      '0',
      '999',
      '1,000',
      '12,345',
      '1,234,567',
    ]);
  });
});

describe('countOf', () => {
  it('says one in the singular and any other number in the plural', () => {
    expect([0, 1, 2].map((count) => countOf(count, 'hold'))).toEqual(['0 holds', '1 hold', '2 holds']);
  });
});

describe('lengthText', () => {
  it.each([
    [0, '0 s'],
    [59_499, '59 s'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
    [3_599_000, '59 min 59 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [90_000_000, '25 h'],
  ])('says %i ms as %s', (lengthMs, text) => {
    expect(lengthText(lengthMs)).toBe(text);
  });

  it('never shows a unit that is full', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (lengthMs) => {
        expect(lengthText(lengthMs)).not.toMatch(/\b([6-9]\d|\d{3,}) (s|min)\b/);
      }),
    );
  });
});

describe('timeText', () => {
  it('says a time in UTC to the second', () => {
    expect(timeText(instantFromIso('2026-01-31T13:00:00.999+01:00'))).toBe('2026-01-31T12:00:00Z');
  });
});

describe('dayText', () => {
  it('says the day in UTC', () => {
    expect(dayText(instantFromIso('2026-01-31T23:30:00-01:00'))).toBe('2026-02-01');
  });
});
