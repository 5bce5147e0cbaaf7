import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inclusionProof, rootFromProof, startTreeHash } from '#seal/merkle-tree.ts';
import { referencePath, referenceRoot } from '#support/rfc6962.ts';

const leavesOf = (size: number, seed: number): Buffer[] =>
  Array.from({ length: size }, (_, number) => createHash('sha256').update(`${seed}/${number}`).digest());

const aTree = fc
  .tuple(fc.integer({ min: 0, max: 300 }), fc.nat())
  .map(([size, seed]) => leavesOf(size, seed));
const aLeafOfATree = fc
  .tuple(fc.integer({ min: 1, max: 300 }), fc.nat(), fc.nat())
  .map(([size, seed, index]) => ({ leaves: leavesOf(size, seed), index: index % size }));

describe('startTreeHash', () => {
  it('agrees with the definition of RFC 6962 on every tree', () => {
    fc.assert(
      fc.property(aTree, (leaves) => {
        const tree = startTreeHash();
        for (const leaf of leaves) tree.add(leaf);
        expect(Buffer.from(tree.root())).toEqual(referenceRoot(leaves));
      }),
    );
  });
});

describe('inclusionProof', () => {
  it('agrees with the definition of RFC 6962 on every leaf of every tree', async () => {
    await fc.assert(
      fc.asyncProperty(aLeafOfATree, async ({ leaves, index }) => {
        const { path } = await inclusionProof(leaves, index);
        expect(path.map((hash) => Buffer.from(hash))).toEqual(referencePath(index, leaves));
      }),
    );
  });
});

describe('rootFromProof', () => {
  it('leads from every leaf to the root', async () => {
    await fc.assert(
      fc.asyncProperty(aLeafOfATree, async ({ leaves, index }) => {
        const proof = await inclusionProof(leaves, index);
        expect(Buffer.from(rootFromProof(leaves[index]!, proof)!)).toEqual(referenceRoot(leaves));
      }),
    );
  });

  it('leads elsewhere, or nowhere, with another leaf, another place or another path', async () => {
    const change = fc.oneof(
      fc.record({ kind: fc.constant('leaf' as const), bit: fc.nat(255) }),
      fc.record({ kind: fc.constant('path' as const), at: fc.nat(), bit: fc.nat(255) }),
      fc.record({ kind: fc.constant('index' as const), by: fc.integer({ min: -300, max: 300 }) }),
      fc.record({ kind: fc.constant('shorter' as const) }),
      fc.record({ kind: fc.constant('longer' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(aLeafOfATree, change, async ({ leaves, index }, change) => {
        const proof = await inclusionProof(leaves, index);
        fc.pre(change.kind !== 'index' || change.by !== 0);
        fc.pre((change.kind !== 'path' && change.kind !== 'shorter') || proof.path.length > 0);
        const path = proof.path.map((hash): Buffer => Buffer.from(hash));
        let leaf: Buffer = leaves[index]!;
        let changed = { ...proof, path };
        if (change.kind === 'leaf') leaf = flipped(leaf, change.bit);
        if (change.kind === 'path') {
          const at = change.at % path.length;
          changed = { ...proof, path: path.with(at, flipped(path[at]!, change.bit)) };
        }
        if (change.kind === 'index') changed = { ...changed, index: index + change.by };
        if (change.kind === 'shorter') changed = { ...proof, path: path.slice(1) };
        if (change.kind === 'longer') changed = { ...proof, path: [...path, leaf] };
        const root = rootFromProof(leaf, changed);
        if (change.kind === 'shorter' || change.kind === 'longer') expect(root).toBeUndefined();
        expect(root === undefined || Buffer.compare(root, referenceRoot(leaves)) !== 0).toBe(true);
      }),
    );
  });
});

function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}
