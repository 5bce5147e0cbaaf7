import type { WorkspaceId } from '#policy/ids.ts';
import { openSeal } from './check-chain.ts';
import type { SealHeader } from './seal.ts';
import type { SealPublicKey } from './signing-key.ts';

/** Those of the keys that have signed one of the seals for its day, each once, in the order of the seals. */
export const signersOf = (
  workspaceId: WorkspaceId,
  seals: readonly Pick<SealHeader, 'day' | 'note'>[],
  keys: readonly SealPublicKey[],
): readonly SealPublicKey[] => [
  ...new Set(seals.flatMap((seal) => openSeal(workspaceId, seal, keys).signedBy ?? [])),
];
