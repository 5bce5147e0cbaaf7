import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HandlerName, writeBundle } from '#infra/bundle.ts';

export interface Bundle extends Disposable {
  /** Holds `index.mjs` and `policy.yaml`, as the function's working directory on Lambda does. */
  readonly folder: string;
  readonly bytes: number;
}

/** Bundles a handler as it is deployed, with a policy beside it. */
export function bundle(handler: HandlerName, policyText: string): Bundle {
  const folder = mkdtempSync(join(tmpdir(), `retention-bundle-${handler}-`));
  const policyPath = join(folder, 'given.yaml');
  writeFileSync(policyPath, policyText);
  writeBundle(handler, folder, policyPath);
  return {
    folder,
    bytes: statSync(join(folder, 'index.mjs')).size,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
