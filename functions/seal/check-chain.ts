import type { WorkspaceId } from '#policy/ids.ts';
import type { Finding } from './finding.ts';
import type { Seal, SealHeader } from './seal.ts';
import { keyNameOf, noteDigest, parseSeal } from './seal-note.ts';
import { isNoteSignedBy, parseSignedNote } from './signed-note.ts';
import type { SealPublicKey } from './signing-key.ts';
import { daysBetween, plusDays, type UtcDay } from './utc-day.ts';

/** A day as its seal and the one before have it. */
export interface CheckedSeal {
  readonly day: UtcDay;
  /** Undefined when there is none. */
  readonly header: SealHeader | undefined;
  /** What is signed; undefined when nobody who is trusted signed it for this day. */
  readonly seal: Seal | undefined;
  /** The key that signed. */
  readonly signedBy: SealPublicKey | undefined;
  readonly findings: readonly Finding[];
}

/** Days without a seal are named one by one; nobody has a gap of more than ten years, unless a forged seal makes it. */
const longestGapDays = 3_660;

/**
 * Every day from the first seal to the last, in order: signature, place in the chain, what stands beside the note, and days between
 * that have no seal. Only seals that are signed say how far there must be seals: a header alone is quickly put under any day of the
 * calendar.
 * @param seals Oldest first.
 * @param sealedUntil Every day up to this one must have a seal, too, as far as there is a seal after it.
 */
export function* checkChain(
  workspaceId: WorkspaceId,
  seals: readonly SealHeader[],
  keys: readonly SealPublicKey[],
  sealedUntil?: UtcDay,
): Generator<CheckedSeal> {
  const opened = seals.map((header) => ({ header, ...openSeal(workspaceId, header, keys) }));
  const signed = opened.filter(({ seal }) => seal !== undefined).map(({ header }) => header.day);
  const [firstSigned, lastSigned] = [signed.at(0), signed.at(-1)];
  let previous: SealHeader | undefined;
  for (const { header, seal, signedBy } of opened) {
    const bounds = { firstSigned, until: later(lastSigned, sealedUntil) };
    const gap = previous === undefined ? [] : gapBetween(previous.day, header.day, bounds);
    for (const day of gap) yield missingSeal(day);
    const before = previous !== undefined && plusDays(previous.day, 1) === header.day ? previous : undefined;
    const findings: Finding[] = [];
    if (seal === undefined) findings.push({ kind: 'signature_wrong', day: header.day });
    // After a gap it cannot follow, and the gap has been found.
    else if (gap.length === 0 && !follows(seal, before))
      findings.push({ kind: 'chain_broken', day: header.day });
    if (seal !== undefined && !isHeaderOf(header, seal, signedBy))
      findings.push({ kind: 'header_altered', day: header.day });
    yield { day: header.day, header, seal, signedBy, findings };
    previous = header;
  }
}

interface GapBounds {
  readonly firstSigned: UtcDay | undefined;
  readonly until: UtcDay | undefined;
}

function gapBetween(previous: UtcDay, next: UtcDay, { firstSigned, until }: GapBounds): readonly UtcDay[] {
  const first = plusDays(previous, 1);
  if (firstSigned === undefined || until === undefined || previous < firstSigned) return [];
  const ends = [plusDays(next, -1), until, plusDays(first, longestGapDays - 1)];
  return [
    ...daysBetween(
      first,
      ends.reduce((one, other) => (one < other ? one : other)),
    ),
  ];
}

const later = (one: UtcDay | undefined, other: UtcDay | undefined): UtcDay | undefined =>
  one === undefined || (other !== undefined && other > one) ? other : one;

export const missingSeal = (day: UtcDay): CheckedSeal => ({
  day,
  header: undefined,
  seal: undefined,
  signedBy: undefined,
  findings: [{ kind: 'seal_missing', day }],
});

interface OpenedSeal {
  readonly seal: Seal | undefined;
  readonly signedBy: SealPublicKey | undefined;
}

/** A note of another day or workspace is no seal of this one, however well it is signed. */
export function openSeal(
  workspaceId: WorkspaceId,
  { day, note }: Pick<SealHeader, 'day' | 'note'>,
  keys: readonly SealPublicKey[],
): OpenedSeal {
  const signed = parseSignedNote(note);
  const signedBy =
    signed === undefined
      ? undefined
      : keys.find((key) => isNoteSignedBy(signed, keyNameOf({ workspaceId }), key));
  const seal = signed === undefined || signedBy === undefined ? undefined : parseSeal(signed);
  const isOfDay = seal?.day === day && seal.workspaceId === workspaceId;
  return isOfDay ? { seal, signedBy } : { seal: undefined, signedBy: undefined };
}

/** Whether the header says beside the note what the note says. When it was sealed, no note says. */
const isHeaderOf = (
  { unsigned: { recordCount, lateCount, keyId } }: SealHeader,
  { size, late }: Seal,
  signedBy: SealPublicKey | undefined,
): boolean => recordCount === size && lateCount === late && keyId === signedBy?.fingerprint;

/** The first seal follows nothing: if it says that it does, those before it are gone. */
function follows({ previous }: Seal, header: SealHeader | undefined): boolean {
  if (previous === undefined || header === undefined) return previous === undefined && header === undefined;
  return Buffer.compare(previous, noteDigest(header.note)) === 0;
}
