import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brandId, type ConversationId } from '#policy/ids.ts';
import { boundedSample } from '#sweep/bounded-sample.ts';

function sampleOf(size: number, ids: readonly string[]): readonly string[] {
  const sample = boundedSample<string>(size);
  for (const id of ids) sample.add(brandId<ConversationId>(id), id);
  return sample.items;
}

const arbitraryIds = fc.uniqueArray(fc.stringMatching(/^\d{1,6}$/), { maxLength: 60 });

describe('boundedSample', () => {
  it('keeps the same items in whatever order they come, and as many as it may', () => {
    fc.assert(
      fc.property(
        arbitraryIds.chain((ids) =>
          fc.tuple(fc.constant(ids), fc.shuffledSubarray(ids, { minLength: ids.length })),
        ),
        fc.nat(20),
        ([ids, shuffled], size) => {
          const sample = sampleOf(size, ids);
          expect(sampleOf(size, shuffled)).toEqual(sample);
          expect(sample).toHaveLength(Math.min(size, ids.length));
          expect(new Set(sample).size).toBe(sample.length);
          expect(ids).toEqual(expect.arrayContaining([...sample]));
        },
      ),
    );
  });

  it('takes from all over, and not the first of ids that follow each other', () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => String(215_470_000_000_000 + index));
    const places = sampleOf(100, ids).map((id) => ids.indexOf(id));
    for (const from of [0, 2500, 5000, 7500]) {
      const inQuarter = places.filter((place) => place >= from && place < from + 2500).length;
      expect(inQuarter).toBeGreaterThan(10);
    }
  });
});
