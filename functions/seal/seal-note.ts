import { createHash } from 'node:crypto';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { instantFromMs, toIso } from '#policy/instant.ts';
import { ConfigurationError } from '#sweep/errors.ts';
import { formatCheckpoint, parseCheckpoint, parseHash } from './checkpoint.ts';
import type { Seal } from './seal.ts';
import { canNameKey, parseSignedNote, type SignedNote, signNote } from './signed-note.ts';
import type { Signer } from './signing-key.ts';
import { parseUtcDay } from './utc-day.ts';

const project = 'intercom-retention';

/** The name under which a workspace's keys sign. */
export const keyNameOf = ({ workspaceId }: Pick<Seal, 'workspaceId'>): string => `${project}/${workspaceId}`;

/** @throws ConfigurationError for a workspace whose id cannot be part of the name of a key. */
export async function signSeal(seal: Seal, signer: Signer): Promise<string> {
  const name = keyNameOf(seal);
  if (!canNameKey(name)) {
    throw new ConfigurationError(
      `The workspace id "${seal.workspaceId}" cannot stand in a seal: give one without blanks and plus signs.`,
    );
  }
  return signNote(formatSeal(seal), name, signer);
}

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The signed text of a seal: a checkpoint, with what it adds in lines of its own. */
export const formatSeal = (seal: Seal): string =>
  formatCheckpoint({
    origin: `${keyNameOf(seal)}/${seal.day}`,
    size: seal.size,
    root: seal.root,
    extensions: [
      `day ${seal.day}`,
      `previous ${seal.previous === undefined ? 'none' : toBase64(seal.previous)}`,
      `leaves ${toBase64(seal.leafList)}`,
      `late ${seal.late}`,
      ...(seal.until === undefined ? [] : [`until ${toIso(seal.until)}`]),
    ],
  });

/**
 * Undefined when the note is not, to the last sign, one that `signSeal` can have written. Other readers of signed notes pass over
 * signatures that they do not know; here such a line would be shown, printed and followed as if it were proven.
 */
export function parseSeal({ text, signatures }: SignedNote): Seal | undefined {
  const checkpoint = parseCheckpoint(text);
  if (checkpoint === undefined) return undefined;
  const { origin, size, root, extensions } = checkpoint;
  const [dayLine = '', previousLine = '', leavesLine = '', lateLine = '', untilLine = ''] = extensions;
  const day = parseUtcDay(dayLine.slice('day '.length));
  const leafList = parseHash(leavesLine.slice('leaves '.length));
  if (day === undefined || leafList === undefined) return undefined;
  const previous = parseHash(previousLine.slice('previous '.length));
  const late = Number(lateLine.slice('late '.length));
  const untilMs = Date.parse(untilLine.slice('until '.length));
  const until = Number.isNaN(untilMs) ? {} : { until: instantFromMs(untilMs) };
  const workspaceId = brandId<WorkspaceId>(origin.split('/').slice(1, -1).join('/'));
  const seal: Seal = { workspaceId, day, size, late, root, leafList, previous, ...until };
  const isAsSigned = signatures.length === 1 && signatures[0]?.name === keyNameOf(seal);
  return isAsSigned && formatSeal(seal) === text ? seal : undefined;
}

/** What a note says, whoever signed it; undefined when it is no seal. */
export function sealIn(note: string): Seal | undefined {
  const signed = parseSignedNote(note);
  return signed && parseSeal(signed);
}

/** What the next seal says of this one. */
export const noteDigest = (note: string): Uint8Array => createHash('sha256').update(note).digest();
