import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signingWorkspaces } from '#intercom/webhook-signature.ts';
import { brandId, type WorkspaceId } from '#policy/ids.ts';

const secrets = (byWorkspace: Readonly<Record<string, string>>) =>
  new Map(Object.entries(byWorkspace).map(([id, secret]) => [brandId<WorkspaceId>(id), secret]));

const clientSecrets = fc
  .dictionary(fc.constantFrom('w1', 'w2', 'w3', 'w4'), fc.constantFrom('s1', 's2', 's3'))
  .map(secrets);
const bodies = fc.uint8Array({ maxLength: 200 });

const signatureBy = (secret: string, body: Uint8Array) =>
  `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`;

describe('signingWorkspaces', () => {
  it('agrees with a published test vector of HMAC-SHA1 (RFC 2202, case 2)', () => {
    const body = Buffer.from('what do ya want for nothing?');
    const signature = 'sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79';
    expect([...signingWorkspaces(secrets({ jefe: 'Jefe', other: 'other' }), body, signature)]).toEqual([
      'jefe',
    ]);
  });

  it('finds exactly the workspaces whose secret signed the bytes', () => {
    fc.assert(
      fc.property(
        clientSecrets,
        bodies,
        fc.constantFrom('s1', 's2', 's3', 's4'),
        (configured, body, secret) => {
          const found = signingWorkspaces(configured, body, signatureBy(secret, body));
          const expected = [...configured].filter(([, own]) => own === secret).map(([id]) => id);
          expect([...found]).toEqual(expected);
        },
      ),
    );
  });

  it('finds none for any other text, of any length, and never throws', () => {
    fc.assert(
      fc.property(clientSecrets, bodies, fc.string({ unit: 'binary' }), (configured, body, signature) => {
        expect(signingWorkspaces(configured, body, signature).size).toBe(0);
        for (const secret of configured.values()) {
          const changed = signatureBy(secret, body) + signature;
          if (signature !== '') expect(signingWorkspaces(configured, body, changed).size).toBe(0);
        }
      }),
    );
  });
});
