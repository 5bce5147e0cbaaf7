import { dayOfLeaf } from './late-leaves.ts';
import { startLeafListDigest } from './leaf-list.ts';
import { startTreeHash } from './merkle-tree.ts';
import type { Leaf, Seal } from './seal.ts';
import type { UtcDay } from './utc-day.ts';

/**
 * Whether a list is the one that was sealed, and whether the records that are there make the tree that was sealed, whatever the
 * list says.
 */
export interface ListCheck {
  /** The list as it goes by, late records of earlier days first. Those are taken as listed: their own days look at them. */
  watch(leaves: AsyncIterable<Leaf>): AsyncIterable<Leaf>;
  /** A record that is there, in its order. */
  addRecord(leafHash: Uint8Array): void;
  /** Once, at the end. */
  listFits(seal: Seal): boolean;
  recordsFit(seal: Seal): boolean;
}

/** @param late How many leaves of the list are records of earlier days, by the note. */
export function startListCheck(day: UtcDay, late: number): ListCheck {
  const digest = startLeafListDigest();
  const tree = startTreeHash();
  return {
    async *watch(leaves) {
      let left = late;
      for await (const leaf of leaves) {
        digest.add(leaf);
        // More are of another day's list, which was put in this one's place.
        if (dayOfLeaf(leaf, day) < day && left > 0) {
          left -= 1;
          tree.add(leaf.hash);
        }
        yield leaf;
      }
    },
    addRecord: (leafHash) => tree.add(leafHash),
    listFits: (seal) => isSame(digest.digest(), seal.leafList),
    recordsFit: (seal) => tree.size() === seal.size && isSame(tree.root(), seal.root),
  };
}

export const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0;
