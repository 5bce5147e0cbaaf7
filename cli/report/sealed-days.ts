import type { WorkspaceId } from '#policy/ids.ts';
import { openSeal } from '#seal/check-chain.ts';
import type { SealSource } from '#seal/seal-store.ts';
import { publishedKeys } from '#seal/verify-seals.ts';
import type { SealedDay } from './seal-figures.ts';

/**
 * What a report says of each seal that a published key has signed for its day: what is signed, and by which key. When it was made, no
 * seal says. Whether seals and records fit, this does not check.
 */
export async function* sealedDays(
  source: Pick<SealSource, 'seals' | 'publicKeys'>,
  workspaceId: WorkspaceId,
): AsyncGenerator<SealedDay> {
  const keys = await publishedKeys(source, workspaceId);
  for await (const header of source.seals(workspaceId)) {
    const { seal, signedBy } = openSeal(workspaceId, header, keys);
    if (seal === undefined || signedBy === undefined) continue;
    const { day, size, late, until } = seal;
    yield { day, recordCount: size, lateCount: late, keyId: signedBy.fingerprint, until };
  }
}
