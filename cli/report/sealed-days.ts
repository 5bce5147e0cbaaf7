import type { SealHeader } from '#seal/seal.ts';
import { parseSeal } from '#seal/seal-note.ts';
import { parseSignedNote } from '#seal/signed-note.ts';
import type { SealedDay } from './seal-figures.ts';

/** What a report says of each seal, as it is stored; nothing of it is checked. */
export async function* sealedDays(seals: AsyncIterable<SealHeader>): AsyncGenerator<SealedDay> {
  for await (const { day, sealedAt, recordCount, lateCount, keyId, note } of seals) {
    const signed = parseSignedNote(note);
    const until = signed && parseSeal(signed)?.until;
    yield { day, sealedAt, recordCount, lateCount, keyId, until };
  }
}
