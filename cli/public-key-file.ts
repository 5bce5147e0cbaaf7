import { readFileSync } from 'node:fs';
import { parsePublicKeys, type SealPublicKey } from '#seal/signing-key.ts';
import { CliError } from './cli-error.ts';

/** The keys that somebody trusts: one or several in PEM. @throws CliError for a file that holds none, or another kind of key */
export function readPublicKeys(path: string): readonly SealPublicKey[] {
  const keys = parsePublicKeys(readText(path));
  const usable = keys.filter((key) => key !== undefined);
  if (keys.length > 0 && usable.length === keys.length) return usable;
  throw new CliError(
    'public_key_unreadable',
    `${path} must hold public keys for Ed25519 or ECDSA P-256 in PEM ("BEGIN PUBLIC KEY"), and nothing else can verify a seal; ask whoever seals for the public key.`,
  );
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new CliError('public_key_unreadable', `${path} cannot be read; check its name after --public-key.`);
  }
}
