import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { startTestStore } from '#support/dynamodb.ts';
import { writeGolden } from '#support/golden-audit.ts';
import { signerOf } from '#support/key-signer.ts';

/** Makes the golden files of a new layout, once: `node test/golden/make.ts certificates ED25519.pem P256.pem test/golden/layout-N`. */
const [part = '', early = '', late = '', folder = ''] = process.argv.slice(2);
if (part !== 'certificates' && part !== 'exports')
  throw new RangeError('Say which: certificates or exports.');

function readSigner(path: string) {
  const key = createPrivateKey(readFileSync(path));
  return signerOf(key, createPublicKey(key));
}

await using store = await startTestStore();
await writeGolden(store, { early: readSigner(early), late: readSigner(late) }, folder, [part]);
