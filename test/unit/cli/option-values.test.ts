import { InvalidArgumentError } from 'commander';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFlag, parseFrom, parseUntil, wholeNumber } from '#cli/option-values.ts';
import { instantFromIso, toIso } from '#policy/instant.ts';

describe('parseFrom', () => {
  it("takes a day for its first instant in UTC, and a time as it stands, with any zone's offset", () => {
    expect(toIso(parseFrom('2026-01-31'))).toBe('2026-01-31T00:00:00.000Z');
    expect(toIso(parseFrom('2026-01-31T01:30:00+02:00'))).toBe('2026-01-30T23:30:00.000Z');
    expect(toIso(parseFrom('2026-01-31T01:30Z'))).toBe('2026-01-31T01:30:00.000Z');
  });

  it.each([
    ['a day that does not exist', '2026-02-30'],
    ['a month that does not exist', '2026-13-01'],
    ['a time without a zone', '2026-01-31T12:00:00'],
    ['an hour that does not exist', '2026-01-31T25:00:00Z'],
    ['words', 'yesterday'],
    ['another order', '31.01.2026'],
    ['nothing', ''],
  ])('refuses %s and says what it takes', (_what, text) => {
    expect(() => parseFrom(text)).toThrow(InvalidArgumentError);
    expect(() => parseFrom(text)).toThrow('Give a day such as 2026-01-31');
  });

  it('takes every day that there is', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
        (date) => {
          const day = date.toISOString().slice(0, 10);
          expect(toIso(parseFrom(day)).slice(0, 10)).toBe(day);
        },
      ),
    );
  });
});

describe('parseUntil', () => {
  it('takes the whole of a day in, and ends right at a time', () => {
    expect(parseUntil('2026-02-28')).toBe(instantFromIso('2026-03-01T00:00:00Z'));
    expect(parseUntil('2026-02-28T12:00:00Z')).toBe(instantFromIso('2026-02-28T12:00:00Z'));
  });
});

describe('parseFlag', () => {
  it('takes true and false and nothing else', () => {
    expect([parseFlag('true'), parseFlag('false')]).toEqual([true, false]);
    for (const text of ['yes', '1', 'TRUE', '']) expect(() => parseFlag(text)).toThrow(InvalidArgumentError);
  });
});

describe('wholeNumber', () => {
  it('takes whole numbers between its bounds, both included, and nothing else', () => {
    const parse = wholeNumber(1, 10);
    expect([parse('1'), parse('10')]).toEqual([1, 10]);
    for (const text of ['0', '11', '1.5', '-1', '1e1', '0x2', ' 2', 'two', '']) {
      expect(() => parse(text)).toThrow('Give a whole number from 1 to 10.');
    }
  });
});
