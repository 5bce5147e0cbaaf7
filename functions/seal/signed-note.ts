import { createHash } from 'node:crypto';
import { isSignedBy, type SealPublicKey, type Signer } from './signing-key.ts';

/** A text and who signed it: https://c2sp.org/signed-note. */
export interface SignedNote {
  /** Ends with a line feed. What is signed are its UTF-8 bytes. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

interface NoteSignature {
  /** Of the key. */
  readonly name: string;
  /** 4 bytes: which of the keys of this name. */
  readonly keyId: Uint8Array;
  readonly bytes: Uint8Array;
}

/** @param name Of the key: not empty, without blanks and `+`. @param text Ends with a line feed. */
export async function signNote(text: string, name: string, signer: Signer): Promise<string> {
  const signature = await signer.sign(Buffer.from(text));
  const keyId = noteKeyId(name, signer.publicKey);
  return `${text}\n— ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;
}

export const canNameKey = (name: string): boolean => /^[^\s+]+$/u.test(name);

/** More than this project writes, and as many as the format asks of readers. */
const mostSignatures = 16;

const signatureLine = /^— (?<name>[^\s+]+) (?<base64>[A-Za-z0-9+/]+={0,2})$/u;

/** Undefined when `note` is no signed note. */
export function parseSignedNote(note: string): SignedNote | undefined {
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n') || hasControlCharacter(note)) return undefined;
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > mostSignatures) return undefined;
  const signatures = lines.map(parseSignature);
  if (signatures.includes(undefined)) return undefined;
  return { text: note.slice(0, end + 1), signatures: signatures.filter((each) => each !== undefined) };
}

/** Whether this key, under this name, signed the note, and nobody's signature under its name and id is wrong. */
export function isNoteSignedBy({ text, signatures }: SignedNote, name: string, key: SealPublicKey): boolean {
  const keyId = noteKeyId(name, key);
  const ofKey = signatures.filter((each) => each.name === name && Buffer.compare(each.keyId, keyId) === 0);
  return ofKey.length > 0 && ofKey.every(({ bytes }) => isSignedBy(key, Buffer.from(text), bytes));
}

/**
 * For Ed25519 (type 1): the first four bytes of SHA-256 of name, line feed, type and the 32 bytes of the key. For ECDSA
 * (type 2), as that type has it: of the DER of the key alone.
 */
export function noteKeyId(name: string, { algorithm, spki }: SealPublicKey): Uint8Array {
  const hash = createHash('sha256');
  if (algorithm === 'ed25519') hash.update(`${name}\n\x01`).update(spki.subarray(-32));
  else hash.update(spki);
  return hash.digest().subarray(0, 4);
}

function parseSignature(line: string): NoteSignature | undefined {
  const { name, base64 } = signatureLine.exec(line)?.groups ?? {};
  if (name === undefined || base64 === undefined) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length <= 4 || bytes.toString('base64') !== base64) return undefined;
  return { name, keyId: bytes.subarray(0, 4), bytes: bytes.subarray(4) };
}

const hasControlCharacter = (text: string): boolean =>
  !text.isWellFormed() || /[^\n\u{20}-\u{10ffff}]/u.test(text);
