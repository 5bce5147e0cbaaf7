import { describe, expect, it } from 'vitest';
import { tellReading, tellVerifying } from '#cli/verify-progress.ts';
import { type Instant, instantFromMs } from '#policy/instant.ts';
import { parseUtcDay } from '#seal/utc-day.ts';
import { recordedStream } from '#support/recorded-stream.ts';

const verified = (day: string, recordCount: number) => ({ day: parseUtcDay(day)!, recordCount });

function watched(quiet: boolean) {
  const progressStream = recordedStream({ isTTY: false });
  let nowMs = 1_000_000;
  const tell = tellVerifying({ quiet, progressStream }, { now: (): Instant => instantFromMs(nowMs) });
  return {
    written: progressStream.written,
    after(ms: number, day: string, records: number) {
      nowMs += ms;
      tell(verified(day, records));
    },
  };
}

describe('tellVerifying', () => {
  it('says nothing of what is over in ten seconds, and then a line every ten seconds', () => {
    const work = watched(false);
    work.after(9_999, '2026-11-10', 1_000);
    expect(work.written).toEqual([]);
    work.after(1, '2026-11-11', 234);
    work.after(9_999, '2026-11-12', 1);
    work.after(1, '2026-11-13', 0);
    expect(work.written).toEqual([
      'Verified to 2026-11-11: 2 days, 1,234 records.\n',
      'Verified to 2026-11-13: 4 days, 1,235 records.\n',
    ]);
  });

  it('says nothing when it is to be quiet', () => {
    const work = watched(true);
    work.after(60_000, '2026-11-10', 1);
    expect(work.written).toEqual([]);
  });
});

describe('tellReading', () => {
  it.each([
    [false, ['Read of the whole table: 2 items.\n', 'Read of the whole table: 4 items.\n']],
    [true, []],
  ])('says every ten seconds how much was read, and nothing when quiet is %s', (quiet, lines) => {
    const progressStream = recordedStream({ isTTY: false });
    let nowMs = 1_000_000;
    const tell = tellReading({ quiet, progressStream }, { now: (): Instant => instantFromMs(nowMs) });
    for (let item = 0; item < 4; item += 1) {
      nowMs += 5_000;
      tell();
    }
    expect(progressStream.written).toEqual(lines);
  });
});
