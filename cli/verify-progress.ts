import type { VerifiedDay } from '#seal/verify-seals.ts';
import type { Clock } from '#sweep/ports.ts';
import { countOf } from './number-text.ts';
import type { Output } from './output.ts';

/** Nothing is shown of a verification that is over before this. */
const lineEveryMs = 10_000;

type ProgressOutput = Pick<Output, 'quiet' | 'progressStream'>;

/** Tells on stderr, every ten seconds, how far a long verification has come. */
export function tellVerifying(
  output: ProgressOutput,
  clock: Pick<Clock, 'now'>,
): (verified: Pick<VerifiedDay, 'day' | 'recordCount'>) => void {
  const tell = nowAndThen(output, clock);
  let days = 0;
  let records = 0;
  return ({ day, recordCount }) => {
    days += 1;
    records += recordCount;
    tell(() => `Verified to ${day}: ${countOf(days, 'day')}, ${countOf(records, 'record')}.`);
  };
}

/** The same of a table that is read item by item. */
export function tellReading(output: ProgressOutput, clock: Pick<Clock, 'now'>): () => void {
  const tell = nowAndThen(output, clock);
  let items = 0;
  return () => {
    items += 1;
    tell(() => `Read of the whole table: ${countOf(items, 'item')}.`);
  };
}

function nowAndThen({ quiet, progressStream }: ProgressOutput, clock: Pick<Clock, 'now'>) {
  let toldAt: number = clock.now();
  return (line: () => string): void => {
    if (quiet || clock.now() - toldAt < lineEveryMs) return;
    toldAt = clock.now();
    progressStream.write(`${line()}\n`);
  };
}
