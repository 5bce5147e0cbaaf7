import { describe, expect, it } from 'vitest';
import { nearestName } from '#policy/nearest-name.ts';

describe('nearestName', () => {
  it.each([
    ['legal-hld', 'legal-hold'],
    ['LEGAL-HOLD', 'legal-hold'],
    ['fianance', 'Finance'],
    ['', 'vip'],
  ])('of %j is %j', (name, nearest) => {
    expect(nearestName(name, ['legal-hold', 'Finance', 'vip'])).toBe(nearest);
  });

  it('is undefined when no name is known', () => {
    expect(nearestName('vip', [])).toBeUndefined();
  });
});
