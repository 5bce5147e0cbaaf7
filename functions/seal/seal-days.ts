import type { WorkspaceId } from '#policy/ids.ts';
import { ConfigurationError } from '#sweep/errors.ts';
import { checkNewestSeal } from './check-newest-seal.ts';
import { lastCompleteDay } from './complete-days.ts';
import { lateRecords } from './late-records.ts';
import type { SealHeader } from './seal.ts';
import { type SealDeps, sealDay } from './seal-day.ts';
import { dayOf, daysBetween, plusDays } from './utc-day.ts';

export interface SealRequest {
  readonly workspaceId: WorkspaceId;
  /** See `usualSettlingDelayMs`. */
  readonly settlingDelayMs: number;
  /** See `usualLookBackDays`. */
  readonly lookBackDays: number;
  /** What to do when the newest seal was signed with another key. */
  readonly otherKey: 'refuse' | 'accept';
  /** `seal`: today as well, as it stands, and no matter how long the days before have been over. `leave` where undefined. */
  readonly runningDay?: 'leave' | 'seal' | undefined;
}

/**
 * Seals every complete day that has no seal yet, in order, empty days too, and gives each seal once it is stored. Can be stopped
 * between any two, and by death anywhere: whoever comes next goes on. Days that another process seals meanwhile stay as it
 * sealed them.
 * @throws ConfigurationError when the newest seal was signed with another key and that is refused, or is none to follow, or the list of a
 * day that is looked through for late records is not the one that was signed.
 */
export async function* sealDays(deps: SealDeps, request: SealRequest): AsyncGenerator<SealHeader> {
  const { store, clock } = deps;
  const { workspaceId, lookBackDays } = request;
  const seals = await Array.fromAsync(store.seals(workspaceId));
  let newest = seals.at(-1);
  if (newest !== undefined) await assertCanFollow(deps, request, newest);
  const first = newest === undefined ? await store.firstRecordDay(workspaceId) : plusDays(newest.day, 1);
  if (first === undefined) return;

  let late =
    newest === undefined
      ? undefined
      : lateRecords(store, { workspaceId, seals, newestDay: newest.day, lookBackDays });
  const now = clock.now();
  const today = dayOf(now);
  const last = request.runningDay === 'seal' ? today : lastCompleteDay(now, request.settlingDelayMs);
  for (const day of daysBetween(first, last)) {
    const until = day < today ? undefined : now;
    const { seal, isOurs } = await sealDay(deps, { workspaceId, day, previous: newest, late, until });
    if (isOurs) yield seal;
    else await assertCanFollow(deps, request, seal);
    newest = seal;
    late = undefined;
  }
}

async function assertCanFollow(
  deps: SealDeps,
  { workspaceId, otherKey }: SealRequest,
  newest: SealHeader,
): Promise<void> {
  const { fingerprint: theirs } = await checkNewestSeal(deps, workspaceId, newest);
  const { fingerprint: ours } = deps.signer.publicKey;
  if (otherKey === 'accept' || theirs === ours) return;
  throw new ConfigurationError(
    `The seal of ${newest.day} was signed with the key ${theirs}, and this key is ${ours}; ` +
      'seal with the key that signed it, or say with --new-key that a new one begins.',
  );
}
