import { sha256 } from './sha256.ts';

/** The Merkle tree hash of RFC 6962, section 2.1, over leaf hashes (see `leafHash`) that come one by one. */
export interface TreeHash {
  add(leafHash: Uint8Array): void;
  /** Leaves added so far. */
  size(): number;
  /** Of the leaves added so far; the hash of nothing when there are none. */
  root(): Uint8Array;
}

/** Keeps one hash for each bit of the number of leaves. */
export function startTreeHash(): TreeHash {
  const fold = startFold<Uint8Array>(nodeHash);
  return {
    add: (leafHash) => fold.add(leafHash),
    size: () => fold.size(),
    root: () => fold.result() ?? emptyRoot(),
  };
}

/** SHA-256 of nothing. */
const emptyRoot = (): Uint8Array => sha256('');

/** SHA-256 of a one byte and both children. */
function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = Buffer.allocUnsafe(1 + left.length + right.length);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 1 + left.length);
  return sha256(bytes);
}

/** What leads from one leaf to the root: the hashes beside its way, from the leaf upwards (RFC 6962, section 2.1.1). */
export interface InclusionProof {
  /** Of the leaf, from 0. */
  readonly index: number;
  /** Of the tree. */
  readonly size: number;
  readonly path: readonly Uint8Array[];
}

/** Reads all leaf hashes, and keeps as few of them as a `TreeHash`. @throws RangeError when there is no such leaf. */
export async function inclusionProof(
  leafHashes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  index: number,
): Promise<InclusionProof> {
  const path: Uint8Array[] = [];
  const fold = startFold<Subtree>((left, right) => {
    if (left.hasLeaf) path.push(right.hash);
    if (right.hasLeaf) path.push(left.hash);
    return { hash: nodeHash(left.hash, right.hash), hasLeaf: left.hasLeaf || right.hasLeaf };
  });
  for await (const leaf of leafHashes) fold.add({ hash: leaf, hasLeaf: fold.size() === index });
  const size = fold.size();
  if (!Number.isInteger(index) || index < 0 || index >= size) {
    throw new RangeError(`A tree of ${size} leaves has no leaf ${index}.`);
  }
  fold.result();
  return { index, size, path };
}

interface Subtree {
  readonly hash: Uint8Array;
  /** Whether the leaf that is to be proved is in it. */
  readonly hasLeaf: boolean;
}

/** The root that a proof leads to (RFC 9162, section 2.1.3.2); undefined when the path is not as long as the tree demands. */
export function rootFromProof(leafHash: Uint8Array, proof: InclusionProof): Uint8Array | undefined {
  const { index, size, path } = proof;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size)) return undefined;
  if (index < 0 || index >= size) return undefined;
  let root = leafHash;
  let [node, last] = [index, size - 1];
  for (const beside of path) {
    if (last === 0) return undefined;
    if (node % 2 === 0 && node !== last) {
      root = nodeHash(root, beside);
    } else {
      root = nodeHash(beside, root);
      // The last node of a level has no sibling there, and rises until it is a right child.
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 ? root : undefined;
}

const half = (number: number): number => Math.floor(number / 2);

interface Fold<Node> {
  add(leaf: Node): void;
  size(): number;
  /** Undefined without leaves. Nothing can be added to what `join` has been told then. */
  result(): Node | undefined;
}

/** Joins nodes as the tree does: two neighbours of the same height at once, what is left at the end from the right. */
function startFold<Node>(join: (left: Node, right: Node) => Node): Fold<Node> {
  /** Complete subtrees, the largest first: one for each bit of `size`. */
  const subtrees: Node[] = [];
  let size = 0;
  return {
    add(leaf) {
      let node = leaf;
      for (let bits = size; bits % 2 === 1; bits = half(bits)) {
        const left = subtrees.pop();
        if (left !== undefined) node = join(left, node);
      }
      subtrees.push(node);
      size += 1;
    },
    size: () => size,
    result() {
      const [last, ...others] = subtrees.toReversed();
      return last === undefined ? undefined : others.reduce((right, left) => join(left, right), last);
    },
  };
}
