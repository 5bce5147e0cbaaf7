import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { parsePublicKey, type SealPublicKey, type Signer } from '#seal/signing-key.ts';

/** A signer with a new key of its own. */
export function aSigner(algorithm: SealPublicKey['algorithm'] = 'ed25519'): Signer {
  const { privateKey, publicKey } =
    algorithm === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return signerOf(privateKey, publicKey);
}

export const signerOf = (privateKey: KeyObject, publicKey: KeyObject): Signer => ({
  publicKey: parsePublicKey(publicKey.export({ type: 'spki', format: 'pem' }).toString())!,
  sign: (text) =>
    Promise.resolve(sign(privateKey.asymmetricKeyType === 'ed25519' ? null : 'sha256', text, privateKey)),
});
