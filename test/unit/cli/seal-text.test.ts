import { describe, expect, it } from 'vitest';
import { sealingText } from '#cli/seal-text.ts';
import { aSigner } from '#support/key-signer.ts';

describe('sealingText', () => {
  it('claims of days that it did not seal no more than that none was due, and says what becomes of late records', () => {
    const signer = aSigner();
    const key = { path: 'k.pem', publicPath: 'k.pub.pem', hasOlderKeys: false, signer, isNew: false };
    expect(sealingText([], key)).toBe(
      `\nNo day is due for its seal. Records that came late go into the next seal.\nKey: SHA-256 ${signer.publicKey.fingerprint}; its public half is in k.pub.pem.`,
    );
  });
});
