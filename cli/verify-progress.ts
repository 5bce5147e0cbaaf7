import type { VerifiedDay } from '#seal/verify-seals.ts';
import type { Clock } from '#sweep/ports.ts';
import { countOf } from './number-text.ts';
import type { Output } from './output.ts';

/** Nothing is shown of a verification that is over before this. */
const lineEveryMs = 10_000;

/** Tells on stderr, every ten seconds, how far a long verification has come. */
export function tellVerifying(
  { quiet, progressStream }: Pick<Output, 'quiet' | 'progressStream'>,
  clock: Pick<Clock, 'now'>,
): (verified: Pick<VerifiedDay, 'day' | 'recordCount'>) => void {
  let toldAt: number = clock.now();
  let days = 0;
  let records = 0;
  return ({ day, recordCount }) => {
    days += 1;
    records += recordCount;
    if (quiet || clock.now() - toldAt < lineEveryMs) return;
    toldAt = clock.now();
    progressStream.write(`Verified to ${day}: ${countOf(days, 'day')}, ${countOf(records, 'record')}.\n`);
  };
}
