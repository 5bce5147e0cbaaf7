import { toIso } from '#policy/instant.ts';
import type { SealHeader } from '#seal/seal.ts';
import { countOf } from './number-text.ts';
import type { KeyFile } from './seal-key-file.ts';

// Of seals that this process has just made.

export const sealedDayText = ({ day, unsigned: { recordCount, lateCount } }: SealHeader): string => {
  const late = lateCount === 0 ? '' : `, ${countOf(lateCount, 'late one')} of earlier days among them`;
  return `${day}: ${recordCount === 0 ? 'no records' : countOf(recordCount, 'record')}${late}. Sealed.`;
};

/** Why nothing was sealed. */
export type NothingSealed = keyof typeof nothingSealedTexts;

const nothingSealedTexts = {
  no_record: 'The audit has no record yet, so there is nothing to seal.',
  today_is_sealed:
    'Today (UTC) is sealed already, as it stood then; what it has brought since goes into the seal of the next day.',
  none_due: 'No day is due for its seal. Records that came late go into the next seal.',
} as const;

/** @param why Undefined when something was sealed. */
export function sealingText(
  sealed: readonly SealHeader[],
  key: KeyFile,
  why: NothingSealed | undefined,
): string {
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
  const done = why === undefined ? `${countOf(sealed.length, 'day')} sealed.` : nothingSealedTexts[why];
  return ['', done, ...made, ...older].join('\n');
}

export const toSealedDayDocument = (seal: SealHeader) => ({
  day: seal.day,
  seal_id: seal.sealId,
  key_id: seal.unsigned.keyId,
  sealed_at: toIso(seal.unsigned.sealedAt),
  records: seal.unsigned.recordCount,
  late_records: seal.unsigned.lateCount,
  note: seal.note,
});
