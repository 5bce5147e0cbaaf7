import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { instantFromMs, toIso } from '#policy/instant.ts';
import { checkTable } from '#seal/check-table.ts';
import type { StandingItem } from '#seal/standing-item.ts';
import { dayOf, type UtcDay } from '#seal/utc-day.ts';

const workspaceId = brandId<WorkspaceId>('a86dr8yl');
const midnight = Date.UTC(2026, 10, 22);
const minuteMs = 60_000;

/** A record in the list of its own day. */
const recordAt = (ms: number): StandingItem => {
  const recordedAt = instantFromMs(ms);
  const key = { pk: 'WS#a86dr8yl#CONV#1', sk: `OUTCOME#${ms}` };
  return {
    key,
    kind: 'outcome',
    recordedAt: toIso(recordedAt),
    place: { kind: 'journal', day: dayOf(recordedAt) },
  };
};

/** What is misplaced of one record that is met at a time of ours, when the reading began so long before. */
async function misplacedOf(recordedMs: number, metMs: number, readingMs: number): Promise<number> {
  let now = metMs - readingMs;
  const table = {
    async *items() {
      now = metMs;
      yield recordAt(recordedMs);
    },
  };
  const { misplaced } = await checkTable(table, {
    workspaceId,
    sealed: { first: '2026-11-10' as UtcDay, last: '2026-11-20' as UtcDay },
    named: new Set(),
    clock: { now: () => instantFromMs(now) },
    observe: () => undefined,
  });
  return misplaced.length;
}

describe('checkTable', () => {
  it('accuses no record that was put while the table was read, by a clock that is five minutes ahead at most', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: -60 * minuteMs, max: 60 * minuteMs }),
        fc.integer({ min: -60 * minuteMs, max: 5 * minuteMs }),
        fc.integer({ min: 0, max: 24 * 60 * minuteMs }),
        async (met, ahead, reading) => {
          expect(await misplacedOf(midnight + met + ahead, midnight + met, reading)).toBe(0);
        },
      ),
    );
  });

  it('names a record of a day that does not begin within five minutes', async () => {
    expect(await misplacedOf(midnight, midnight - 5 * minuteMs, 0)).toBe(0);
    expect(await misplacedOf(midnight, midnight - 5 * minuteMs - 1, 0)).toBe(1);
  });
});
