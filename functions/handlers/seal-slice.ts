import { subtractDuration } from '#policy/duration.ts';
import type { WorkspaceId } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import type { Duration } from '#policy/policy.ts';
import type { Invocation } from '#runtime/lambda-handler.ts';
import { checkNewestSeal } from '#seal/check-newest-seal.ts';
import { lastCompleteDay, usualLookBackDays } from '#seal/complete-days.ts';
import type { SealHeader } from '#seal/seal.ts';
import type { SealDeps } from '#seal/seal-day.ts';
import { sealDays } from '#seal/seal-days.ts';
import type { SealArchive } from './seal-archive.ts';
import { sliceEnd } from './slice-end.ts';
import type { SliceEvent } from './slice-event.ts';

export interface SealSliceDeps extends SealDeps {
  readonly workspaceId: WorkspaceId;
  readonly settlingDelay: Duration;
  readonly archive: SealArchive;
}

/** What a slice came to; the event of the next one. */
export interface SealAnswer {
  readonly execution: string;
  /** Whether every day that is over is sealed, and its copy kept. */
  readonly done: boolean;
  /** Of this slice. */
  readonly sealed_days: number;
  readonly late_records: number;
  /** Null before the first. */
  readonly newest_sealed_day: string | null;
}

/**
 * Keeps copies of what an earlier slice sealed and did not come to copy; then seals day by day for as long as the invocation lasts.
 * @throws ConfigurationError when the newest seal is none to follow, or a list of leaves is not the one that its seal signed.
 */
export async function sealSlice(
  deps: SealSliceDeps,
  { execution = deps.newId() }: SliceEvent,
  { log, metrics, remainingMs }: Invocation,
): Promise<SealAnswer> {
  const { store, signer, clock, workspaceId, settlingDelay, archive } = deps;
  const stopAt = sliceEnd(clock.now(), remainingMs());
  const settlingDelayMs = clock.now() - subtractDuration(clock.now(), settlingDelay);
  const seals = await Array.fromAsync(store.seals(workspaceId));
  let newest = seals.at(-1);
  // Before copies are made: what is in the bucket stays.
  const lastKey = newest && (await checkNewestSeal(deps, workspaceId, newest));
  if (lastKey !== undefined && lastKey.fingerprint !== signer.publicKey.fingerprint) {
    metrics.count('SealKeyChanged');
    log.warn('seal_new_key', {
      day: newest?.day,
      key_id: lastKey.fingerprint,
      new_key_id: signer.publicKey.fingerprint,
    });
  }
  let done = await archiveMissing(archive, seals, { now: () => clock.now(), stopAt });
  let days = 0;
  let late = 0;
  const request = {
    workspaceId,
    settlingDelayMs,
    lookBackDays: usualLookBackDays,
    otherKey: 'accept',
  } as const;
  for await (const seal of done ? sealDays(deps, request) : []) {
    await archive.put(seal);
    newest = seal;
    days += 1;
    late += seal.unsigned.lateCount;
    if (clock.now() < stopAt) continue;
    done = seal.day >= lastCompleteDay(clock.now(), settlingDelayMs);
    break;
  }
  metrics.count('SealDays', days);
  metrics.count('SealLate', late);
  if (done) metrics.count('SealFinished');
  const answer = {
    execution,
    done,
    sealed_days: days,
    late_records: late,
    newest_sealed_day: newest?.day ?? null,
  };
  log.info('seal_slice', { ...answer, newest_sealed_day: newest?.day });
  return answer;
}

interface Deadline {
  readonly now: () => Instant;
  readonly stopAt: Instant;
}

/** So many copies in a row are proof enough that all before them are there, too. */
const enoughCopies = 10;

/** Copies are made in order, but for days that another slice seals meanwhile. False when the time did not suffice. */
async function archiveMissing(
  archive: SealArchive,
  seals: readonly SealHeader[],
  { now, stopAt }: Deadline,
): Promise<boolean> {
  const missing: SealHeader[] = [];
  let copies = 0;
  for (const seal of seals.toReversed()) {
    if (copies >= enoughCopies) break;
    if (await archive.has(seal)) copies += 1;
    else missing.unshift(seal);
  }
  for (const seal of missing) {
    if (now() >= stopAt) return false;
    await archive.put(seal);
  }
  return true;
}
