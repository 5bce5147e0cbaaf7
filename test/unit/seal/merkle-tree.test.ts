import { describe, expect, it } from 'vitest';
import { inclusionProof, rootFromProof, startTreeHash } from '#seal/merkle-tree.ts';
import { referenceLeafHash, referenceRoot } from '#support/rfc6962.ts';

/** The entries and roots with which implementations of Certificate Transparency are tested. */
const entries = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'));

const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const leaves = entries.map(referenceLeafHash);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('startTreeHash', () => {
  it.each(roots.map((root, size) => ({ size, root })))(
    'has the published root of $size leaves',
    ({ size, root }) => {
      const tree = startTreeHash();
      for (const leaf of leaves.slice(0, size)) tree.add(leaf);
      expect(tree.size()).toBe(size);
      expect(hex(tree.root())).toBe(root);
      expect(hex(referenceRoot(leaves.slice(0, size)))).toBe(root);
    },
  );

  it('tells the root of what was added so far as often as it is asked', () => {
    const tree = startTreeHash();
    const told = [hex(tree.root())];
    for (const leaf of leaves) {
      tree.add(leaf);
      tree.root();
      told.push(hex(tree.root()));
    }
    expect(told).toEqual(roots);
  });
});

describe('inclusionProof', () => {
  it('gives the published path of the first leaf of eight', async () => {
    expect((await inclusionProof(leaves, 0)).path.map(hex)).toEqual([
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ]);
  });

  it('gives the published path of the sixth leaf of eight', async () => {
    expect((await inclusionProof(leaves, 5)).path.map(hex)).toEqual([
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ]);
  });

  it('gives an empty path for the only leaf', async () => {
    const proof = await inclusionProof(leaves.slice(0, 1), 0);
    expect(proof).toEqual({ index: 0, size: 1, path: [] });
    expect(hex(rootFromProof(leaves[0]!, proof)!)).toBe(roots[1]);
  });

  it.each([-1, 8, 0.5])('says that there is no leaf %d of eight', async (index) => {
    await expect(inclusionProof(leaves, index)).rejects.toThrow(`A tree of 8 leaves has no leaf ${index}.`);
  });
});
