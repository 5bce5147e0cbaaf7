import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSignedBy, parsePublicKey, parsePublicKeys } from '#seal/signing-key.ts';
import { aSigner } from '#support/key-signer.ts';

describe('parsePublicKey', () => {
  it.each(['ed25519', 'ecdsa_p256'] as const)('reads an %s key from PEM and from DER alike', (algorithm) => {
    const { publicKey } = aSigner(algorithm);
    expect(publicKey.algorithm).toBe(algorithm);
    expect(publicKey.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(parsePublicKey(publicKey.pem)).toEqual(publicKey);
    expect(parsePublicKey(publicKey.spki)).toEqual(publicKey);
  });

  it.each([
    ['nothing', ''],
    ['no PEM', 'ssh-ed25519 AAAA'],
    ['a PEM that holds nothing', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'],
    ['another curve', pemOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)],
    ['RSA', pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)],
  ])('reads no key from %s', (_, text) => {
    expect(parsePublicKey(text)).toBeUndefined();
  });
});

describe('parsePublicKeys', () => {
  it('reads every block, and shows those that cannot sign seals', () => {
    const [one, other] = [aSigner().publicKey, aSigner('ecdsa_p256').publicKey];
    const rsa = pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey);
    expect(parsePublicKeys(`# ours\n${one.pem}${rsa}\n${other.pem}`)).toEqual([one, undefined, other]);
    expect(parsePublicKeys('nothing')).toEqual([]);
  });
});

describe('isSignedBy', () => {
  it.each(['ed25519', 'ecdsa_p256'] as const)(
    'takes no bytes that are no signature for one of %s',
    (algorithm) => {
      const { publicKey } = aSigner(algorithm);
      expect(isSignedBy(publicKey, Buffer.from('text'), Buffer.alloc(0))).toBe(false);
      expect(isSignedBy(publicKey, Buffer.from('text'), Buffer.alloc(64, 1))).toBe(false);
    },
  );
});

function pemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}
