import { createECDH, type KeyObject, randomBytes } from 'node:crypto';

/** The order of the curve P-256. */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/**
 * ECDSA on P-256 over a digest, in ASN.1 DER, as KMS makes it of a message of the type DIGEST. `node:crypto` signs messages only, so the
 * few lines of arithmetic are here; the curve itself is OpenSSL's.
 */
export function signDigest(digest: Uint8Array, privateKey: KeyObject): Buffer {
  const d = toNumber(Buffer.from(String(privateKey.export({ format: 'jwk' }).d), 'base64url'));
  for (;;) {
    const once = randomBytes(32);
    const k = toNumber(once);
    if (k === 0n || k >= order) continue;
    const curve = createECDH('prime256v1');
    curve.setPrivateKey(once);
    const r = toNumber(curve.getPublicKey().subarray(1, 33)) % order;
    const s = (inverse(k) * (toNumber(digest) + r * d)) % order;
    if (r !== 0n && s !== 0n) return toDer(r, s);
  }
}

const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);

/** By Fermat: the order is a prime. */
function inverse(number: bigint): bigint {
  let [result, base, exponent] = [1n, number % order, order - 2n];
  for (; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % order;
    base = (base * base) % order;
  }
  return result;
}

function toDer(...numbers: readonly bigint[]): Buffer {
  const parts = numbers.map((number) => {
    const hex = number.toString(16);
    const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
    const positive = bytes[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
    return Buffer.concat([Buffer.of(0x02, positive.length), positive]);
  });
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(0x30, content.length), content]);
}
