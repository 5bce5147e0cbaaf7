import type { WorkspaceId } from '#policy/ids.ts';
import type { SealedSpan, TableCheck } from '#seal/check-table.ts';
import type { Finding } from '#seal/finding.ts';
import type { SealPublicKey } from '#seal/signing-key.ts';
import { daysBetween, plusDays, type UtcDay } from '#seal/utc-day.ts';
import type { VerifiedDay } from '#seal/verify-seals.ts';
import type { VerifySource } from './verify-source.ts';

/** A verification that has come to its end. */
export interface Verification {
  readonly workspaceId: WorkspaceId;
  /** Oldest first; one at least. */
  readonly days: readonly VerifiedDay[];
  /** Whether everything is as it was sealed. */
  readonly fits: boolean;
  /** Records that stand in the journals of these days. */
  readonly recordCount: number;
  /** Of these, records that came when their day had been sealed as it stood; the next seal takes them in. */
  readonly unsealedCount: number;
  readonly findingCounts: Readonly<Record<Finding['kind'], number>>;
  /** Undefined when nobody who is trusted has sealed a day. */
  readonly sealed: SealedSpan | undefined;
  /** Undefined when the table was not read as a whole. */
  readonly table: TableCheck | undefined;
  /** Whether the keys were given by whoever verifies, and not taken from what is verified. */
  readonly keysAreTrusted: boolean;
  /** The keys that signed, each with the first day that it signed. */
  readonly signers: readonly Signing[];
  /** Days after the newest seal that are over: somebody who cuts seals off the end leaves just this behind. */
  readonly unsealedDays: readonly UtcDay[];
}

export interface Signing {
  readonly key: SealPublicKey;
  readonly firstDay: UtcDay;
}

export interface VerificationFacts extends Pick<VerifySource, 'workspaceId' | 'isLive'> {
  /** The last day that is over. */
  readonly lastDue: UtcDay;
  readonly trustedKeys: readonly SealPublicKey[] | undefined;
  /** In whatever range was verified. */
  readonly sealed: SealedSpan | undefined;
  readonly table: TableCheck | undefined;
}

export function verificationOf(days: readonly VerifiedDay[], facts: VerificationFacts): Verification {
  const { workspaceId, isLive, lastDue, trustedKeys, sealed, table } = facts;
  const findingCounts = countFindings(days);
  return {
    workspaceId,
    days,
    fits: Object.values(findingCounts).every((count) => count === 0) && misfitsIn(table) === 0,
    recordCount: days.reduce((sum, { recordCount }) => sum + recordCount, 0),
    unsealedCount: days.reduce((sum, { unsealedCount }) => sum + unsealedCount, 0),
    findingCounts,
    table,
    sealed,
    keysAreTrusted: trustedKeys !== undefined,
    signers: signersOf(days),
    unsealedDays: isLive && sealed !== undefined ? [...daysBetween(plusDays(sealed.last, 1), lastDue)] : [],
  };
}

const misfitsIn = (table: TableCheck | undefined): number =>
  table === undefined ? 0 : table.unlisted.length + table.misplaced.length;

const none: Readonly<Record<Finding['kind'], number>> = {
  removed: 0,
  added: 0,
  altered: 0,
  reordered: 0,
  seal_missing: 0,
  chain_broken: 0,
  signature_wrong: 0,
  header_altered: 0,
  leaf_list_altered: 0,
};

function countFindings(days: readonly VerifiedDay[]): Readonly<Record<Finding['kind'], number>> {
  const counts = { ...none };
  for (const { findings } of days) for (const { kind } of findings) counts[kind] += 1;
  return counts;
}

function signersOf(days: readonly VerifiedDay[]): readonly Signing[] {
  const byKey = new Map<string, Signing>();
  for (const { day, signedBy } of days) {
    if (signedBy === undefined || byKey.has(signedBy.fingerprint)) continue;
    byKey.set(signedBy.fingerprint, { key: signedBy, firstDay: day });
  }
  return [...byKey.values()];
}
