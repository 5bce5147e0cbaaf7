import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createOutput } from '#cli/output.ts';
import { readPublicKeys } from '#cli/public-key-file.ts';
import { tellCertificate, tellExport } from '#cli/tell-verified.ts';
import { aSigner } from '#support/key-signer.ts';
import { recordedStream } from '#support/recorded-stream.ts';

const golden = (name: string): string =>
  fileURLToPath(new URL(`../golden/layout-1/${name}`, import.meta.url));
const trusted = readPublicKeys(golden('seal-keys.pub.pem'));
const stranger = aSigner().publicKey;

async function keysTold(tell: typeof tellExport, path: string): Promise<{ text: string; keyIds: unknown }> {
  const [stdout, stderr, json] = [0, 1, 2].map(() => recordedStream({ isTTY: false }));
  const keys = [stranger, ...trusted];
  await tell(createOutput({ stdout: stdout!, stderr: stderr!, json: false, quiet: true }), path, keys);
  await tell(createOutput({ stdout: json!, stderr: stderr!, json: true, quiet: true }), path, keys);
  return { text: stderr!.written.join(''), keyIds: JSON.parse(json!.written.join('')).key_ids };
}

describe('what is told of a verification', () => {
  it.each([
    ['an export', tellExport, 'ndjson'],
    ['a certificate', tellCertificate, 'whole.json'],
    ['the page of a certificate', tellCertificate, 'whole.html'],
  ] as const)('names of several keys that were given those that signed %s', async (_, tell, name) => {
    const { text, keyIds } = await keysTold(tell, golden(name));
    const signers = trusted.map(({ fingerprint }) => fingerprint).filter((each) => text.includes(each));
    expect(signers.length).toBeGreaterThan(0);
    expect(text).toContain(`Signed by the key that you gave (SHA-256 ${signers.join(', ')}).`);
    expect(text).not.toContain(stranger.fingerprint);
    expect(keyIds).toEqual(signers);
  });
});
