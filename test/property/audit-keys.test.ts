import fc from 'fast-check';
import { describe, it } from 'vitest';
import {
  absenceKey,
  actKey,
  budgetKey,
  confirmationKey,
  dayPartition,
  finishedRunKey,
  holdKey,
  intentKey,
  leaseKey,
  outcomeKey,
  outcomeSortBound,
  outcomeSortKey,
  pauseKey,
  planApprovalKey,
  planChunkKey,
  planKey,
  planStateKey,
  policyApprovalKey,
  reconciliationKey,
  ruleMonthPartition,
  runListKey,
  runOutcomesPartition,
  summaryKey,
} from '#audit/keys.ts';
import { brandId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import { noon, workspaceId } from '#support/audit-builders.ts';

const act = { workspaceId, kind: 'paused', at: noon, by: 'ops', subject: 'x', details: {} } as const;

/** Texts that would forge a key if they were not escaped: short, and full of what keys are made of. */
const part = fc.oneof(
  fc.string({ unit: fc.constantFrom('#', '%', '2', '3', '5', 'a', '0'), minLength: 1, maxLength: 6 }),
  fc.constantFrom('CONV', 'WS', 'OUTCOME#1', 'CONFIRMATION', '%23', 'x#CONV#y', 'RUN#1', 'POLICY#a'),
);

type MakeKey = (a: string, b: string, c: string) => { readonly pk: string; readonly sk: string } | string;

/** Each kind of key, with how many of the three texts it is made from. */
const makers: readonly { readonly parts: 1 | 2 | 3; readonly make: MakeKey }[] = [
  { parts: 1, make: (a) => leaseKey(brandId(a)) },
  { parts: 1, make: (a) => leaseKey(brandId(a), 'reconcile') },
  { parts: 1, make: (a) => budgetKey(brandId(a)) },
  { parts: 1, make: (a) => pauseKey(brandId(a)) },
  { parts: 1, make: (a) => dayPartition(brandId(a), noon) },
  { parts: 2, make: (a, b) => confirmationKey(brandId(a), brandId(b)) },
  { parts: 2, make: (a, b) => planKey(brandId(a), brandId(b)) },
  { parts: 2, make: (a, b) => planChunkKey(brandId(a), brandId(b), 1) },
  { parts: 2, make: (a, b) => intentKey(brandId(a), brandId(b), 1) },
  { parts: 2, make: (a, b) => summaryKey(brandId(a), brandId(b)) },
  { parts: 2, make: (a, b) => runListKey(brandId(a), brandId(b)) },
  { parts: 2, make: (a, b) => ruleMonthPartition(brandId(a), brandId(b), noon) },
  { parts: 2, make: (a, b) => runOutcomesPartition(brandId(a), brandId(b)) },
  { parts: 2, make: (a, b) => reconciliationKey(brandId(a), brandId(b)) },
  { parts: 2, make: (a, b) => absenceKey(brandId(a), brandId(b)) },
  { parts: 2, make: (a, b) => finishedRunKey(brandId(a), brandId(b)) },
  { parts: 2, make: (a, b) => planStateKey(brandId(a), brandId(b)) },
  { parts: 2, make: (a, b) => planApprovalKey(brandId(a), brandId(b)) },
  { parts: 2, make: (a, b) => policyApprovalKey(brandId(a), brandId(b)) },
  { parts: 2, make: (a, b) => actKey({ ...act, workspaceId: brandId(a), subject: b }) },
  { parts: 3, make: (a, b, c) => outcomeKey(brandId(a), brandId(b), brandId(c)) },
  { parts: 3, make: (a, b, c) => holdKey(brandId(a), 'tag', b, c) },
  { parts: 3, make: (a, b, c) => holdKey(brandId(a), 'contact', b, c) },
];

/** A key, and what it was made from as far as it counts. */
const madeKey = fc.tuple(fc.nat({ max: makers.length - 1 }), part, part, part).map(([which, ...texts]) => {
  const { parts, make } = makers[which]!;
  return {
    key: JSON.stringify(make(...texts)),
    from: JSON.stringify([which, ...texts.slice(0, parts)]),
  };
});

describe('keys', () => {
  it('never gives the same key to different things', () => {
    fc.assert(
      fc.property(fc.array(madeKey, { minLength: 2, maxLength: 40 }), (made) => {
        const fromOf = new Map(made.map(({ key, from }) => [key, from]));
        return made.every(({ key, from }) => fromOf.get(key) === from);
      }),
      { numRuns: 1_000 },
    );
  });

  it('sorts outcomes by the time of recording, with the bound of an instant before all that come at or after it', () => {
    const instant = fc.integer({ min: 0, max: 253_402_300_799_999 }).map(instantFromMs);
    fc.assert(
      fc.property(instant, instant, part, (one, other, id) => {
        const key = outcomeSortKey(one, brandId(id));
        return one >= other ? key > outcomeSortBound(other) : key < outcomeSortBound(other);
      }),
    );
  });
});
