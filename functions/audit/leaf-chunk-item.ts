import { gunzipSync, gzipSync } from 'node:zlib';
import { leafLine, parseLeafLine } from '#seal/leaf-list.ts';
import type { Leaf } from '#seal/seal.ts';
import type { SealListName } from '#seal/seal-store.ts';
import type { Item } from './item.ts';
import { leafChunkKey } from './seal-keys.ts';

/** A part of a leaf list, packed: about 50 bytes a leaf, of which 32 are its hash. */
export const toLeafChunkItem = (list: SealListName, chunkNumber: number, leaves: readonly Leaf[]): Item => ({
  ...leafChunkKey(list, chunkNumber),
  count: leaves.length,
  leaves_ndjson_gz: gzipSync(leaves.map(leafLine).join('')),
});

/** Without what cannot be read. */
export function fromLeafChunkItem(item: Item): readonly Leaf[] {
  const packed = item['leaves_ndjson_gz'];
  if (!(packed instanceof Uint8Array)) return [];
  return unpack(packed)
    .split('\n')
    .map(parseLeafLine)
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
