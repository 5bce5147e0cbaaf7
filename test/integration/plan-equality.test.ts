import { describe, expect, it } from 'vitest';
import { comparePlans } from '#support/plan-equality.ts';

/** A sample; `npm run soak` compares two hundred policies. */
const sample = { conversations: 20_000, policies: 6, seed: 20_260_615 };

describe('makePlan', () => {
  it(`promise 7 and 10: plans by list and by search exactly what brute force finds, and sends no write call (seed ${sample.seed})`, {
    timeout: 240_000,
  }, async () => {
    const equality = await comparePlans(sample);
    expect(equality.different).toEqual([]);
    expect(equality.writeCalls).toBe(0);
    // Policies that match nothing would prove nothing.
    expect(equality.matching).toBeGreaterThan(sample.policies / 3);
  });
});
