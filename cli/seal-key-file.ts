import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parsePublicKey, parsePublicKeys, type SealPublicKey, type Signer } from '#seal/signing-key.ts';
import { CliError } from './cli-error.ts';

/** A key of this machine with which it signs seals. */
export interface KeyFile {
  readonly path: string;
  /** Its public half, for whoever verifies; with the keys that were in use before, which older seals need. */
  readonly publicPath: string;
  readonly hasOlderKeys: boolean;
  readonly signer: Signer;
  readonly isNew: boolean;
}

/**
 * The private key in a PEM file that nobody else can read, made where there is none. Beside it lies the public key, behind those
 * that are there already.
 * @throws CliError for a file that others can read, or that holds no such key, and for a public file that holds something else
 */
export function openKeyFile(path: string): KeyFile {
  const isNew = !isThere(path) && makeKeyFile(path);
  const privateKey = readPrivateKey(path);
  const publicKey = parsePublicKey(createPublicKey(privateKey).export({ type: 'spki', format: 'der' }));
  if (publicKey === undefined) throw noSealKey(path);
  if (!isNew) assertPrivate(path);
  const publicPath = publicPathOf(path);
  const published = publishKey(publicPath, publicKey);
  return {
    path,
    publicPath,
    hasOlderKeys: published.some(({ fingerprint }) => fingerprint !== publicKey.fingerprint),
    signer: signerOf(privateKey, publicKey),
    isNew,
  };
}

export const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

const publicPathOf = (path: string): string => `${path.replace(/[.]pem$/, '')}.pub.pem`;

/** False when another process has just made it. */
function makeKeyFile(path: string): boolean {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  mkdirSync(dirname(path), { recursive: true });
  return writeFile(path, pem, 0o600);
}

/** The keys that the file holds then. */
function publishKey(path: string, key: SealPublicKey): readonly SealPublicKey[] {
  if (writeFile(path, key.pem, 0o644)) return [key];
  const text = readText(path);
  const there = parsePublicKeys(text).filter((each) => each !== undefined);
  if (there.some(({ fingerprint }) => fingerprint === key.fingerprint)) return there;
  if (there.length === 0 && text.trim() !== '') throw noPublicKeys(path);
  appendText(path, text === '' || text.endsWith('\n') ? key.pem : `\n${key.pem}`);
  return [...there, key];
}

/** False when the file is there already. */
function writeFile(path: string, text: string, mode: number): boolean {
  try {
    writeFileSync(path, text, { mode, flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw unwritable(path);
  }
}

function appendText(path: string, text: string): void {
  try {
    appendFileSync(path, text);
  } catch {
    throw unwritable(path);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw noPublicKeys(path);
  }
}

const unwritable = (path: string): CliError =>
  new CliError(
    'seal_key_unwritable',
    `${path} cannot be written; check that it and its folder are ones that you may write to, or name another file with --key.`,
  );

const noPublicKeys = (path: string): CliError =>
  new CliError(
    'seal_key_unwritable',
    `${path}, where the public key belongs, holds no public keys that this user can read; move it away, or name another file with --key.`,
  );

const ofOthers = 0o077;

function assertPrivate(path: string): void {
  if (process.platform === 'win32' || (statSync(path).mode & ofOthers) === 0) return;
  throw new CliError(
    'seal_key_exposed',
    `Others than you can read or change the key file ${path}, so its signature would prove nothing; run "chmod 600 ${path}", and begin a new key with --new-key if anybody may have copied it.`,
  );
}

function readPrivateKey(path: string): KeyObject {
  try {
    return createPrivateKey(readFileSync(path));
  } catch {
    throw noSealKey(path);
  }
}

const noSealKey = (path: string): CliError =>
  new CliError(
    'seal_key_unreadable',
    `${path} holds no private key for Ed25519 or ECDSA P-256 in PEM that this user can read; name another file with --key.`,
  );

const signerOf = (privateKey: KeyObject, publicKey: SealPublicKey): Signer => ({
  publicKey,
  sign: (text) =>
    Promise.resolve(sign(publicKey.algorithm === 'ed25519' ? null : 'sha256', text, privateKey)),
});
