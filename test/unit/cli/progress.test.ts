import { describe, expect, it } from 'vitest';
import { createOutput } from '#cli/output.ts';
import { showProgress } from '#cli/progress.ts';
import { type Instant, instantFromMs } from '#policy/instant.ts';
import { recordedStream } from '#support/recorded-stream.ts';
import type { SweepEvent } from '#sweep/sweep-deps.ts';

/** Progress with a clock that a test moves by hand. */
function watched({ isTTY, quiet = false }: { readonly isTTY: boolean; readonly quiet?: boolean }) {
  const stderr = recordedStream({ isTTY });
  const stdout = recordedStream({ isTTY });
  let nowMs = 1_000_000;
  const clock = { now: (): Instant => instantFromMs(nowMs) };
  const progress = showProgress(createOutput({ stdout, stderr, json: false, quiet }), clock);
  return {
    written: stderr.written,
    after(ms: number, event: SweepEvent) {
      nowMs += ms;
      progress.observe(event);
    },
    end: () => progress.end(),
  };
}

const scanning = (scanned: number): SweepEvent => ({
  kind: 'scanning',
  scan: 'list',
  scanned,
  candidates: Math.floor(scanned / 10),
  expected: 20_000,
});

const deleting = (deleted: number, failed = 0): SweepEvent => ({
  kind: 'deleting',
  intended: 1000,
  counts: { deleted, not_found: 0, unresolved: 0, failed, kept: 0 },
});

describe('showProgress', () => {
  it('shows nothing of quick work', () => {
    for (const isTTY of [true, false]) {
      const work = watched({ isTTY });
      work.after(0, scanning(150));
      work.after(900, scanning(20_000));
      work.end();
      expect(work.written).toEqual([]);
    }
  });

  it('rewrites one line on a terminal a few times a second, with count, rate and time left, and takes it away at the end', () => {
    const work = watched({ isTTY: true });
    work.after(0, scanning(0));
    work.after(1000, scanning(2000));
    work.after(50, scanning(2100));
    work.after(200, scanning(2500));
    work.end();
    expect(work.written).toEqual([
      '\r\u001B[KReading: 2,000 of 20,000, 200 to delete, 2,000/s, 9 s left',
      '\r\u001B[KReading: 2,500 of 20,000, 250 to delete, 2,000/s, 9 s left',
      '\r\u001B[K',
    ]);
  });

  it('writes a line every ten seconds where there is no terminal', () => {
    const work = watched({ isTTY: false });
    work.after(0, scanning(0));
    for (let second = 1; second <= 25; second += 1) work.after(1000, scanning(second * 100));
    work.end();
    expect(work.written).toEqual([
      'Reading: 1,000 of 20,000, 100 to delete, 100/s, 3 min 10 s left\n',
      'Reading: 2,000 of 20,000, 200 to delete, 100/s, 3 min left\n',
    ]);
  });

  it('counts the rate of each stage from its own beginning, and names failures', () => {
    const work = watched({ isTTY: false });
    work.after(0, scanning(20_000));
    work.after(60_000, deleting(400));
    work.after(10_000, deleting(500, 3));
    expect(work.written.at(-1)).toBe('Deleting: 503 of 1,000, 500 deleted, 3 failed, 10/s, 48 s left\n');
  });

  it('says at once whom it waits for', () => {
    const work = watched({ isTTY: false });
    work.after(0, { kind: 'waiting_for_lease', holder: 'process 12', expiresAt: instantFromMs(0) });
    expect(work.written).toEqual(['Waiting for another sweep (process 12) to end.\n']);
  });

  it('keeps quiet when asked to', () => {
    const work = watched({ isTTY: true, quiet: true });
    work.after(0, scanning(0));
    work.after(60_000, scanning(100));
    work.end();
    expect(work.written).toEqual([]);
  });
});
