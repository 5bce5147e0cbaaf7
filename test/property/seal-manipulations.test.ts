import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditRecord, keyText } from '#seal/audit-record.ts';
import { dayOfRecord, type MemorySealStore, memorySealStore, swapLists } from '#support/memory-seal-store.ts';
import { afterDays, aRecord, findingsOf, seal, timeOf } from '#support/seal-world.ts';

const days = 4;
const most = 2_000;

/** How many records, and how dense: with few milliseconds, many records share one. */
const anAudit = fc
  .record({
    size: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 1, max: 60 }) },
      { weight: 2, arbitrary: fc.integer({ min: 1, max: most }) },
      { weight: 1, arbitrary: fc.constantFrom(1, 499, 500, 501, most) },
    ),
    milliseconds: fc.constantFrom(1, 7, 1_000, 86_400_000),
    seed: fc.nat(1_000_000),
  })
  .map(({ size, milliseconds, seed }) =>
    Array.from({ length: size }, (_, number) => {
      const place = (number * 7_919 + seed) % (days * milliseconds);
      return aRecord(number, timeOf(place % days, Math.floor(place / days)));
    }),
  );

const oneOf = fc.nat(most - 1);

const aManipulation = fc.oneof(
  fc.record({ kind: fc.constant('removed' as const), at: oneOf }),
  fc.record({
    kind: fc.constant('altered' as const),
    at: oneOf,
    change: fc.constantFrom<Record<string, unknown>>(
      { outcome: 'kept' },
      { number: -1 },
      { recorded_at: timeOf(1, 77) },
      { more: null },
      { outcome: undefined },
      { kind: 'summary' },
    ),
  }),
  fc.record({ kind: fc.constant('added' as const), day: fc.nat(days - 1), ms: fc.nat(86_399_999) }),
  fc.record({
    kind: fc.constant('moved' as const),
    at: oneOf,
    day: fc.nat(days - 1),
    ms: fc.nat(86_399_999),
  }),
  fc.record({ kind: fc.constant('swapped' as const), at: oneOf, other: oneOf }),
);
type Manipulation = typeof aManipulation extends fc.Arbitrary<infer Value> ? Value : never;

describe('verifySeals', () => {
  it('finds and names any single removal, addition, alteration or reordering, and finds nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(anAudit, aManipulation, async (records, manipulation) => {
        const store = memorySealStore(records);
        await seal(store, afterDays(days));
        expect(await findingsOf(store)).toEqual([]);
        const expected = manipulate(store, records, manipulation);
        if (expected === undefined) return;
        expect((await findingsOf(store)).sort()).toEqual(expected.sort());
      }),
      { numRuns: 150 },
    );
  });
});

describe('verifySeals, of lists that were swapped', () => {
  it('names the two lists, and accuses none of their records', async () => {
    await fc.assert(
      fc.asyncProperty(anAudit, fc.nat(days - 1), fc.nat(days - 1), async (records, one, other) => {
        const store = memorySealStore(records);
        const sealed = (await seal(store, afterDays(days))).map(({ day }) => day);
        const [first, second] = [sealed[one % sealed.length]!, sealed[other % sealed.length]!].sort();
        const isEmpty = [first, second].every(
          (day) => !records.some((record) => dayOfRecord(record) === day),
        );
        swapLists(store, first!, second!);
        const expected = first === second || isEmpty ? [] : [first, second];
        expect(await findingsOf(store)).toEqual(expected.map((day) => `leaf_list_altered ${day}`));
      }),
      { numRuns: 60 },
    );
  });
});

/** What has to be found; undefined when the manipulation changes nothing. */
function manipulate(
  { records: stored }: MemorySealStore,
  records: readonly AuditRecord[],
  manipulation: Manipulation,
): string[] | undefined {
  if (manipulation.kind === 'added') {
    const record = aRecord(most + 1, timeOf(manipulation.day, manipulation.ms));
    // Before the first sealed day nothing says what should be there.
    if (dayOfRecord(record) < records.map(dayOfRecord).sort()[0]!) return undefined;
    stored.set(keyText(record.key), record);
    return [`added ${dayOfRecord(record)} ${keyText(record.key)}`];
  }
  const record = records[manipulation.at % records.length]!;
  const found = `${dayOfRecord(record)} ${keyText(record.key)}`;
  switch (manipulation.kind) {
    case 'removed':
      stored.delete(keyText(record.key));
      return [`removed ${found}`];
    case 'altered': {
      const document = { ...record.document, ...manipulation.change };
      if (JSON.stringify(document) === JSON.stringify(record.document)) return undefined;
      stored.set(keyText(record.key), { ...record, document });
      return [`altered ${found}`];
    }
    case 'moved': {
      const moved = { ...record, recordedAt: timeOf(manipulation.day, manipulation.ms) };
      if (moved.recordedAt === record.recordedAt) return undefined;
      stored.set(keyText(record.key), moved);
      return movedFindings(record, moved, records);
    }
    case 'swapped': {
      const other = records[manipulation.other % records.length]!;
      if (other.recordedAt === record.recordedAt) return undefined;
      const swapped = [
        { ...record, recordedAt: other.recordedAt },
        { ...other, recordedAt: record.recordedAt },
      ] as const;
      for (const each of swapped) stored.set(keyText(each.key), each);
      return [...movedFindings(record, swapped[0], records), ...movedFindings(other, swapped[1], records)];
    }
  }
}

/** Named with the day on which it is met first: its own, or an earlier one where it stands now. */
function movedFindings(record: AuditRecord, moved: AuditRecord, records: readonly AuditRecord[]): string[] {
  const [from, to] = [dayOfRecord(record), dayOfRecord(moved)];
  const firstSealed = records.map(dayOfRecord).sort()[0]!;
  const day = to < from && to >= firstSealed ? to : from;
  return [`reordered ${day} ${keyText(record.key)}`];
}
