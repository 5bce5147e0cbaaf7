import { toIso } from '#policy/instant.ts';
import type { SealHeader } from '#seal/seal.ts';
import { countOf } from './number-text.ts';
import type { KeyFile } from './seal-key-file.ts';

export const sealedDayText = ({ day, recordCount, lateCount }: SealHeader): string => {
  const late = lateCount === 0 ? '' : `, ${countOf(lateCount, 'late one')} of earlier days among them`;
  return `${day}: ${recordCount === 0 ? 'no records' : countOf(recordCount, 'record')}${late}. Sealed.`;
};

export function sealingText(sealed: readonly SealHeader[], key: KeyFile): string {
  const { fingerprint } = key.signer.publicKey;
  const made = key.isNew
    ? [
        `A new key was made: ${key.path}. Keep it as you keep a signature stamp: whoever has it can seal in your name.`,
        `Give the public key to whoever verifies: ${key.publicPath}, SHA-256 ${fingerprint}.`,
      ]
    : [`Key: SHA-256 ${fingerprint}; its public half is in ${key.publicPath}.`];
  const older = key.hasOlderKeys
    ? [
        `${key.publicPath} holds other keys as well: leave them there, since older seals are verified by them.`,
      ]
    : [];
  const done =
    sealed.length === 0
      ? 'No day is due for its seal. Records that came late go into the next seal.'
      : `${countOf(sealed.length, 'day')} sealed.`;
  return ['', done, ...made, ...older].join('\n');
}

export const toSealedDayDocument = (seal: SealHeader) => ({
  day: seal.day,
  seal_id: seal.sealId,
  key_id: seal.keyId,
  sealed_at: toIso(seal.sealedAt),
  records: seal.recordCount,
  late_records: seal.lateCount,
  note: seal.note,
});
