import { describe, expect, it } from 'vitest';
import { sealingText } from '#cli/seal-text.ts';
import { aSigner } from '#support/key-signer.ts';

describe('sealingText', () => {
  it.each([
    ['none_due', 'No day is due for its seal. Records that came late go into the next seal.'],
    ['no_record', 'The audit has no record yet, so there is nothing to seal.'],
    [
      'today_is_sealed',
      'Today (UTC) is sealed already, as it stood then; what it has brought since goes into the seal of the next day.',
    ],
  ] as const)('says why nothing was sealed: %s', (why, text) => {
    const signer = aSigner();
    const key = { path: 'k.pem', publicPath: 'k.pub.pem', hasOlderKeys: false, signer, isNew: false };
    expect(sealingText([], key, why)).toBe(
      `\n${text}\nKey: SHA-256 ${signer.publicKey.fingerprint}; its public half is in k.pub.pem.`,
    );
  });
});
