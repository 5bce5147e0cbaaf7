import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, isNeverShorter, parseDuration, subtractDuration } from '#policy/duration.ts';
import { instantFromIso, instantFromMs, toIso } from '#policy/instant.ts';
import type { Duration } from '#policy/policy.ts';

const duration = (text: string): Duration => {
  const parsed = parseDuration(text);
  if (parsed === undefined) throw new Error(`${text} is no duration`);
  return parsed;
};
const arbitraryDuration: fc.Arbitrary<Duration> = fc.record({
  amount: fc.nat(100),
  unit: fc.constantFrom('s', 'm', 'h', 'd', 'w', 'mo', 'y'),
});
const arbitraryInstant = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => instantFromMs(date.getTime()));

describe('parseDuration', () => {
  it.each(['0s', '90s', '15m', '12h', '30d', '6w', '18mo', '2y', '100y', '36500d'])(
    'reads %s and prints it the same',
    (text) => {
      expect(formatDuration(duration(text))).toBe(text);
    },
  );

  it.each([
    '',
    '30',
    'd',
    '-1d',
    '1.5y',
    '1 y',
    '30D',
    '1month',
    '2y6mo',
    '030d',
    '+1d',
    '1e3d',
    '٣d',
    '30d\n',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it.each(['101y', '1201mo', '5201w', '36501d', '876001h', '52560001m', '3153600001s', '9999999999s'])(
    'refuses %s, which is longer than a century',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});

describe('subtractDuration', () => {
  it.each([
    ['2026-03-31T09:00:00.000Z', '1mo', '2026-02-28T09:00:00.000Z'],
    ['2024-03-31T09:00:00.000Z', '1mo', '2024-02-29T09:00:00.000Z'],
    ['2024-02-29T00:00:00.000Z', '1y', '2023-02-28T00:00:00.000Z'],
    ['2024-02-29T23:59:59.999Z', '4y', '2020-02-29T23:59:59.999Z'],
    ['2026-01-15T00:00:00.000Z', '1mo', '2025-12-15T00:00:00.000Z'],
    ['2026-12-31T00:00:00.000Z', '18mo', '2025-06-30T00:00:00.000Z'],
    ['2026-03-29T12:00:00.000Z', '1d', '2026-03-28T12:00:00.000Z'],
    ['2026-01-01T00:00:00.000Z', '100y', '1926-01-01T00:00:00.000Z'],
    ['2026-01-01T00:00:00.000Z', '1s', '2025-12-31T23:59:59.000Z'],
  ])('counts back from %s by %s to %s', (from, text, result) => {
    expect(toIso(subtractDuration(instantFromIso(from), duration(text)))).toBe(result);
  });

  it('is earlier or equal, and the longer the duration the earlier', () => {
    fc.assert(
      fc.property(arbitraryInstant, arbitraryDuration, fc.nat(50), (from, { amount, unit }, more) => {
        const once = subtractDuration(from, { amount, unit });
        expect(once).toBeLessThanOrEqual(from);
        expect(subtractDuration(from, { amount: amount + more, unit })).toBeLessThanOrEqual(once);
      }),
    );
  });

  it('takes twelve months for a year', () => {
    fc.assert(
      fc.property(arbitraryInstant, fc.nat(100), (from, amount) => {
        const years = subtractDuration(from, { amount, unit: 'y' });
        expect(subtractDuration(from, { amount: amount * 12, unit: 'mo' })).toBe(years);
      }),
    );
  });
});

describe('isNeverShorter', () => {
  it.each([
    ['2y', '1y', true],
    ['1y', '1y', true],
    ['12mo', '1y', true],
    ['11mo', '1y', false],
    ['31d', '1mo', true],
    ['30d', '1mo', false],
    ['1mo', '28d', true],
    ['1mo', '29d', false],
    ['24h', '1d', true],
    ['86399s', '1d', false],
  ])('of %s against %s is %s', (a, b, expected) => {
    expect(isNeverShorter(duration(a), duration(b))).toBe(expected);
  });

  it('is only said when it holds from any day', () => {
    fc.assert(
      fc.property(arbitraryDuration, arbitraryDuration, arbitraryInstant, (a, b, from) => {
        fc.pre(isNeverShorter(a, b));
        expect(subtractDuration(from, a)).toBeLessThanOrEqual(subtractDuration(from, b));
      }),
    );
  });
});
