import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRecords, type RecordPosition } from '#seal/audit-record.ts';
import { mergeRecords } from '#seal/merge-records.ts';
import { collect } from '#support/collect.ts';

/** Few times and keys, so that many records share them. */
const aPosition: fc.Arbitrary<RecordPosition> = fc.record({
  recordedAt: fc.integer({ min: 0, max: 9 }).map((ms) => `2026-11-21T12:00:00.00${ms}Z`),
  key: fc.record({ pk: fc.constantFrom('a', 'b', 'c'), sk: fc.string({ maxLength: 2 }) }),
});

async function* streamOf<Item>(items: readonly Item[], onClose = () => {}): AsyncGenerator<Item> {
  try {
    yield* items;
  } finally {
    onClose();
  }
}

const byTimeOnly = (positions: readonly RecordPosition[]) =>
  positions.toSorted((one, other) =>
    one.recordedAt < other.recordedAt ? -1 : Number(one.recordedAt > other.recordedAt),
  );

describe('mergeRecords', () => {
  it('gives all of several streams, each in order of time, in the one order of a day', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(aPosition), { maxLength: 3 }), async (streams) => {
        const merged = await collect(mergeRecords(streams.map((stream) => streamOf(byTimeOnly(stream)))));
        expect(merged).toHaveLength(streams.flat().length);
        expect(merged).toEqual(streams.flatMap(byTimeOnly).toSorted(compareRecords));
      }),
    );
  });

  it('closes its streams when the reader stops', async () => {
    let closed = 0;
    const position = { recordedAt: '2026-11-21T12:00:00.000Z', key: { pk: 'a', sk: 'b' } };
    const streams = [0, 1].map(() => streamOf([position, position, position], () => closed++));
    for await (const _ of mergeRecords(streams)) break;
    expect(closed).toBe(2);
  });
});

describe('compareRecords', () => {
  it('says of two records the same from both sides, and nothing only of the same place', () => {
    fc.assert(
      fc.property(aPosition, aPosition, (one, other) => {
        expect(Math.sign(compareRecords(one, other)) + Math.sign(compareRecords(other, one))).toBe(0);
        const same =
          one.recordedAt === other.recordedAt && one.key.pk === other.key.pk && one.key.sk === other.key.sk;
        expect(compareRecords(one, other) === 0).toBe(same);
      }),
    );
  });
});
