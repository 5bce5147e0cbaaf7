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

/**
 * Every day from the first seal to the last, in order: signature, place in the chain, and days between that have no seal.
 * @param seals Oldest first.
 */
export function* checkChain(
  workspaceId: WorkspaceId,
  seals: readonly SealHeader[],
  keys: readonly SealPublicKey[],
): Generator<CheckedSeal> {
  let previous: SealHeader | undefined;
  for (const header of seals) {
    const gap =
      previous === undefined ? [] : daysBetween(plusDays(previous.day, 1), plusDays(header.day, -1));
    for (const day of gap) yield missingSeal(day);
    const followsGap = previous !== undefined && plusDays(previous.day, 1) !== header.day;
    const { seal, signedBy } = openSeal(workspaceId, header, keys);
    const findings: Finding[] = [];
    if (seal === undefined) findings.push({ kind: 'signature_wrong', day: header.day });
    // After a gap it cannot follow, and the gap has been found.
    else if (!followsGap && !follows(seal, previous))
      findings.push({ kind: 'chain_broken', day: header.day });
    yield { day: header.day, header, seal, signedBy, findings };
    previous = header;
  }
}

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
function openSeal(
  workspaceId: WorkspaceId,
  { day, note }: SealHeader,
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

/** The first seal follows nothing: if it says that it does, those before it are gone. */
function follows({ previous }: Seal, header: SealHeader | undefined): boolean {
  if (previous === undefined || header === undefined) return previous === undefined && header === undefined;
  return Buffer.compare(previous, noteDigest(header.note)) === 0;
}
