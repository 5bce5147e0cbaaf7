import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
  recordsPartition,
  ruleMonthPartition,
  runListKey,
  runOutcomesPartition,
  summaryKey,
} from '#audit/keys.ts';
import { recordKindOf } from '#audit/record-kind.ts';
import { leafChunkKey, publicKeyKey, sealKey } from '#audit/seal-keys.ts';
import { brandId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import type { RecordKind } from '#seal/audit-record.ts';
import type { KeyFingerprint, SealId } from '#seal/seal.ts';
import type { SealListName } from '#seal/seal-store.ts';
import { dayOf } from '#seal/utc-day.ts';
import { noon, workspaceId } from '#support/audit-builders.ts';

const act = { workspaceId, kind: 'paused', at: noon, by: 'ops', subject: 'x', details: {} } as const;

/** Texts that would forge a key if they were not escaped: short, and full of what keys are made of. */
const part = fc.oneof(
  fc.string({ unit: fc.constantFrom('#', '%', '2', '3', '5', 'a', '0'), minLength: 1, maxLength: 6 }),
  fc.constantFrom('CONV', 'WS', 'OUTCOME#1', 'CONFIRMATION', '%23', 'x#CONV#y', 'RUN#1', 'POLICY#a'),
);

type MakeKey = (a: string, b: string, c: string) => { readonly pk: string; readonly sk: string } | string;

const listOf = (workspaceId: string, sealId: string): SealListName => ({
  workspaceId: brandId(workspaceId),
  day: dayOf(noon),
  sealId: sealId as SealId,
});

/** Each kind of key, with how many of the three texts it is made from. */
const makers: readonly { readonly parts: 1 | 2 | 3; readonly make: MakeKey }[] = [
  { parts: 1, make: (a) => leaseKey(brandId(a)) },
  { parts: 1, make: (a) => leaseKey(brandId(a), 'reconcile') },
  { parts: 1, make: (a) => budgetKey(brandId(a)) },
  { parts: 1, make: (a) => pauseKey(brandId(a)) },
  { parts: 1, make: (a) => dayPartition(brandId(a), noon) },
  { parts: 1, make: (a) => recordsPartition(brandId(a), noon) },
  { parts: 1, make: (a) => sealKey(brandId(a), dayOf(noon)) },
  { parts: 2, make: (a, b) => publicKeyKey(brandId(a), b as KeyFingerprint) },
  { parts: 2, make: (a, b) => leafChunkKey(listOf(a, b), 1) },
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

type MakeItemKey = (a: string, b: string, c: string) => { readonly pk: string; readonly sk: string };

const kindMakers: Readonly<Record<Exclude<RecordKind, 'unknown'>, MakeItemKey>> = {
  plan: (a, b) => planKey(brandId(a), brandId(b)),
  plan_chunk: (a, b) => planChunkKey(brandId(a), brandId(b), 1),
  run_started: (a, b) => runListKey(brandId(a), brandId(b)),
  intent: (a, b) => intentKey(brandId(a), brandId(b), 1),
  outcome: (a, b, c) => outcomeKey(brandId(a), brandId(b), brandId(c)),
  confirmation: (a, b) => confirmationKey(brandId(a), brandId(b)),
  reconciliation: (a, b) => reconciliationKey(brandId(a), brandId(b)),
  summary: (a, b) => summaryKey(brandId(a), brandId(b)),
  act: (a, b) => actKey({ ...act, workspaceId: brandId(a), subject: b }),
};

describe('recordKindOf', () => {
  it('knows every kind of record by its key, whatever texts it is made from', () => {
    fc.assert(
      fc.property(part, part, part, (a, b, c) => {
        for (const [kind, make] of Object.entries(kindMakers)) expect(recordKindOf(make(a, b, c))).toBe(kind);
      }),
    );
  });

  it('knows nothing else: no seal, no state, no key that is only like one', () => {
    fc.assert(
      fc.property(part, part, part, (a, b, c) => {
        const outcome = outcomeKey(brandId(a), brandId(b), brandId(c));
        const others = [
          sealKey(brandId(a), dayOf(noon)),
          leafChunkKey(listOf(a, b), 1),
          publicKeyKey(brandId(a), b as KeyFingerprint),
          leaseKey(brandId(a)),
          holdKey(brandId(a), 'tag', b, c),
          { ...outcome, pk: `${outcome.pk}#x` },
          { ...outcome, pk: `X${outcome.pk}` },
          { ...outcome, sk: `${outcome.sk}#x` },
          { ...outcome, sk: 'OUTCOME#' },
          { pk: '', sk: '' },
        ];
        for (const key of others) expect(recordKindOf(key)).toBe('unknown');
      }),
    );
  });
});
