import type { WorkspaceId } from '#policy/ids.ts';
import { ConfigurationError } from '#sweep/errors.ts';
import { openSeal } from './check-chain.ts';
import type { SealHeader } from './seal.ts';
import type { SealDeps } from './seal-day.ts';
import type { SealPublicKey } from './signing-key.ts';
import { dayOf } from './utc-day.ts';
import { publishedKeys } from './verify-seals.ts';

/**
 * The key that signed the newest seal: ours, or one that is published beside the seals. Sealing goes on after the newest seal, so
 * one that somebody else put there would end it without a sound, or have everything after it follow a forgery.
 * @throws ConfigurationError when it is of a day after today, or is not signed for the day under which it stands.
 */
export async function checkNewestSeal(
  { store, signer, clock }: Pick<SealDeps, 'store' | 'signer' | 'clock'>,
  workspaceId: WorkspaceId,
  newest: SealHeader,
): Promise<SealPublicKey> {
  const { day } = newest;
  if (day > dayOf(clock.now())) throw notToBeFollowed(`is of a day that has not begun`, newest);
  const keys = [signer.publicKey, ...(await publishedKeys(store, workspaceId))];
  const { signedBy } = openSeal(workspaceId, newest, keys);
  if (signedBy === undefined) {
    throw notToBeFollowed(
      `is not signed for this day, and once, by the key that seals or a published one`,
      newest,
    );
  }
  return signedBy;
}

const notToBeFollowed = (what: string, { day, workspaceId }: SealHeader): ConfigurationError =>
  new ConfigurationError(
    `The seal that stands under ${day} ${what}, so nothing is sealed after it: "retention audit verify" names what is wrong; ` +
      `see who wrote it, and take it out of the audit (WS#${workspaceId}#SEALS / ${day}), then sealing goes on.`,
  );
