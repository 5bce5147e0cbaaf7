import { describe, expect, it } from 'vitest';
import { policyHash, toCanonicalJson } from '#policy/policy-hash.ts';

describe('toCanonicalJson', () => {
  it('writes the example of RFC 8785 as the RFC does', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(toCanonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('refuses what is no JSON value', () => {
    expect(() => toCanonicalJson(undefined)).toThrow(TypeError);
  });
});

describe('policyHash', () => {
  it('is the SHA-256 of the text in UTF-8, in lower-case hex', () => {
    expect(policyHash('€')).toBe('c4cc90ed3d26f12d4b08a75140970a7904035c31cbb4515a83f19b9003c00d1d');
  });
});
