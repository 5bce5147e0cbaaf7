import type { WorkspaceId } from '#policy/ids.ts';
import type { KeyFingerprint } from '#seal/seal.ts';
import type { SealListName } from '#seal/seal-store.ts';
import { parseUtcDay, type UtcDay } from '#seal/utc-day.ts';
import { inWorkspace, numberPart, part } from './key-parts.ts';
import type { PrimaryKey } from './keys.ts';

/** The keys of seals, which stand in the audit table beside what they seal, and in no index. */

export const sealPartition = (workspaceId: WorkspaceId): string => `${inWorkspace(workspaceId)}#SEALS`;

/** In order of time: days sort by it. */
export const sealKey = (workspaceId: WorkspaceId, day: UtcDay): PrimaryKey => ({
  pk: sealPartition(workspaceId),
  sk: day,
});

export const leafListPartition = ({ workspaceId, day, sealId }: SealListName): string =>
  `${inWorkspace(workspaceId)}#SEAL#${day}#${part('seal id', sealId)}`;

export const leafChunkKey = (list: SealListName, chunk: number): PrimaryKey => ({
  pk: leafListPartition(list),
  sk: `LEAVES#${numberPart('number of a part of a leaf list', chunk)}`,
});

export const sealKeyPartition = (workspaceId: WorkspaceId): string => `${inWorkspace(workspaceId)}#SEAL_KEYS`;

export const publicKeyKey = (workspaceId: WorkspaceId, keyId: KeyFingerprint): PrimaryKey => ({
  pk: sealKeyPartition(workspaceId),
  sk: part('fingerprint of a key', keyId),
});

/**
 * Whether a key is one of the above. Read by these keys, an item is a seal, a part of a list or a public key, and proves itself
 * or nothing, whatever else it holds.
 */
export function isKeyOfSeals(workspaceId: WorkspaceId, { pk, sk }: PrimaryKey): boolean {
  if (pk === sealPartition(workspaceId)) return parseUtcDay(sk) !== undefined;
  if (pk === sealKeyPartition(workspaceId)) return /^[0-9a-f]{64}$/.test(sk);
  const [day = '', sealId = '', ...rest] = pk.startsWith(`${inWorkspace(workspaceId)}#SEAL#`)
    ? pk.split('#').slice(3)
    : [];
  return parseUtcDay(day) !== undefined && sealId !== '' && rest.length === 0 && /^LEAVES#\d{6}$/.test(sk);
}
