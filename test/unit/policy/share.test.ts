import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatShare, isWithinShare, largestWithinShare, parseShare } from '#policy/share.ts';

const millionths = fc.integer({ min: 0, max: 100_000_000 });
const share = (text: string) => parseShare(text)!;
const total = fc.oneof(
  fc.nat(),
  fc.integer({ min: Number.MAX_SAFE_INTEGER - 100, max: Number.MAX_SAFE_INTEGER }),
);

describe('parseShare', () => {
  it.each([
    ['5%', 5n, 100n],
    ['2.5%', 25n, 1000n],
    ['0%', 0n, 100n],
    ['100%', 100n, 100n],
    ['0.000001%', 1n, 100_000_000n],
    ['100.0%', 1000n, 1000n],
  ])('reads %s exactly', (text, numerator, denominator) => {
    expect(parseShare(text)).toEqual({ numerator, denominator });
  });

  it.each([
    '',
    '5',
    '%',
    '-1%',
    '101%',
    '100.000001%',
    '05%',
    '.5%',
    '5.%',
    '5 %',
    '1e1%',
    '0.0000001%',
    '5%\n',
    '5%%',
  ])('refuses %j', (text) => {
    expect(parseShare(text)).toBeUndefined();
  });
});

describe('formatShare', () => {
  it('writes what reads as the same share, without idle zeros', () => {
    fc.assert(
      fc.property(millionths, (count) => {
        const text = formatShare({ numerator: BigInt(count), denominator: 100_000_000n });
        const { numerator, denominator } = share(text);
        expect(numerator * 100_000_000n).toBe(BigInt(count) * denominator);
        expect(text).not.toMatch(/\.\d*0%|\.%/);
      }),
    );
  });
});

describe('isWithinShare', () => {
  it.each([
    [1, '5%', 20, true],
    [1, '5%', 19, false],
    [0, '0%', 0, true],
    [1, '0%', 1_000_000, false],
    [1, '100%', 0, false],
    [3, '100%', 3, true],
    [9_007_199_254_740_990, '99.999999%', 9_007_199_254_740_991, false],
  ])('of %i in %s of %i is %s', (count, text, whole, expected) => {
    expect(isWithinShare(count, share(text), whole)).toBe(expected);
  });
});

describe('largestWithinShare', () => {
  it('is within the share, and one more is not', () => {
    fc.assert(
      fc.property(millionths, total, (count, whole) => {
        const part = { numerator: BigInt(count), denominator: 100_000_000n };
        const largest = largestWithinShare(part, whole);
        expect(isWithinShare(largest, part, whole)).toBe(true);
        fc.pre(largest < Number.MAX_SAFE_INTEGER);
        expect(isWithinShare(largest + 1, part, whole)).toBe(false);
      }),
    );
  });
});
