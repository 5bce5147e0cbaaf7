import { createHash } from 'node:crypto';
import type { Leaf } from './seal.ts';

/**
 * SHA-256 of a leaf list, so that a seal answers for the names in its list as well as for the hashes: for each leaf the JSON
 * list of time, `pk`, `sk` and base64 of its hash, without blanks, and a line feed.
 */
export interface LeafListDigest {
  add(leaf: Leaf): void;
  /** 32 bytes. Ends the list. */
  digest(): Uint8Array;
}

export function startLeafListDigest(): LeafListDigest {
  const hash = createHash('sha256');
  return {
    add: (leaf) => hash.update(leafLine(leaf)),
    digest: () => hash.digest(),
  };
}

export const leafLine = ({ key, recordedAt, hash }: Leaf): string =>
  `${JSON.stringify([recordedAt, key.pk, key.sk, Buffer.from(hash).toString('base64')])}\n`;

/** Undefined when the line is none that `leafLine` makes. */
export function parseLeafLine(line: string): Leaf | undefined {
  const [recordedAt, pk, sk, hash] = parts(line);
  if (typeof recordedAt !== 'string' || typeof pk !== 'string') return undefined;
  if (typeof sk !== 'string' || typeof hash !== 'string') return undefined;
  return { key: { pk, sk }, recordedAt, hash: Buffer.from(hash, 'base64') };
}

function parts(line: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(line);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
