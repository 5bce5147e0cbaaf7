import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { KeyFingerprint } from './seal.ts';

/** A key that seals can be signed with. */
export interface SealPublicKey {
  readonly algorithm: 'ed25519' | 'ecdsa_p256';
  readonly fingerprint: KeyFingerprint;
  /** DER, SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly pem: string;
}

/** Who signs: a key file, or a key management service that never gives its key away. */
export interface Signer {
  readonly publicKey: SealPublicKey;
  /** Ed25519: the 64 bytes of RFC 8032. ECDSA: ASN.1 DER over the SHA-256 of `text`. */
  sign(text: Uint8Array): Promise<Uint8Array>;
}

/** Undefined when the key is neither Ed25519 nor ECDSA on P-256, or when the PEM (or DER) holds no key. */
export function parsePublicKey(encoded: string | Uint8Array): SealPublicKey | undefined {
  const key = readKey(encoded);
  const algorithm = key === undefined ? undefined : algorithmOf(key);
  if (key === undefined || algorithm === undefined) return undefined;
  const spki = key.export({ type: 'spki', format: 'der' });
  return {
    algorithm,
    fingerprint: createHash('sha256').update(spki).digest('hex') as KeyFingerprint, // made here and nowhere else
    spki,
    pem: key.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

const pemBlock = /-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g;

/** Every key in a text of one or several PEM blocks; undefined for those that cannot sign seals. */
export const parsePublicKeys = (text: string): readonly (SealPublicKey | undefined)[] =>
  [...text.matchAll(pemBlock)].map(([pem]) => parsePublicKey(pem));

/** Whether this key made this signature of this text. */
export function isSignedBy(key: SealPublicKey, text: Uint8Array, signature: Uint8Array): boolean {
  const keyObject = createPublicKey({ key: Buffer.from(key.spki), format: 'der', type: 'spki' });
  return key.algorithm === 'ed25519'
    ? verify(null, text, keyObject, signature)
    : verify('sha256', text, { key: keyObject, dsaEncoding: 'der' }, signature);
}

function readKey(encoded: string | Uint8Array): KeyObject | undefined {
  try {
    if (typeof encoded === 'string') return createPublicKey(encoded);
    return createPublicKey({ key: Buffer.from(encoded), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

function algorithmOf(key: KeyObject): SealPublicKey['algorithm'] | undefined {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519';
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1'
    ? 'ecdsa_p256'
    : undefined;
}
