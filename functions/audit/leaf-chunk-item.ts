import { gunzipSync, gzipSync } from 'node:zlib';
import type { Leaf } from '#seal/seal.ts';
import type { SealListName } from '#seal/seal-store.ts';
import type { Item } from './item.ts';
import { leafChunkKey } from './keys.ts';

/** A part of a leaf list, packed: about 80 bytes a leaf, of which 32 are its hash. */
export const toLeafChunkItem = (list: SealListName, chunkNumber: number, leaves: readonly Leaf[]): Item => ({
  ...leafChunkKey(list, chunkNumber),
  count: leaves.length,
  leaves_ndjson_gz: gzipSync(leaves.map(toLine).join('\n')),
});

/** Without what cannot be read. */
export function fromLeafChunkItem(item: Item): readonly Leaf[] {
  const packed = item['leaves_ndjson_gz'];
  if (!(packed instanceof Uint8Array)) return [];
  return unpack(packed)
    .split('\n')
    .map(fromLine)
    .filter((leaf) => leaf !== undefined);
}

/** More than `maxLeavesPerChunk` leaves take. */
const maxOutputLength = 4 * 1024 * 1024;

function unpack(bytes: Uint8Array): string {
  try {
    return gunzipSync(bytes, { maxOutputLength }).toString();
  } catch {
    return '';
  }
}

const toLine = ({ key, recordedAt, hash }: Leaf): string =>
  JSON.stringify([recordedAt, key.pk, key.sk, Buffer.from(hash).toString('base64')]);

function fromLine(line: string): Leaf | undefined {
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
