import { describe, expect, it } from 'vitest';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { instantFromIso } from '#policy/instant.ts';
import { keyText, leafHash } from '#seal/audit-record.ts';
import type { KeyFingerprint, Leaf, Seal, SealHeader } from '#seal/seal.ts';
import { formatSeal, keyNameOf, parseSeal, signSeal } from '#seal/seal-note.ts';
import { parseSignedNote, signNote } from '#seal/signed-note.ts';
import { parseUtcDay, plusDays, type UtcDay } from '#seal/utc-day.ts';
import { verifySeals } from '#seal/verify-seals.ts';
import { collect } from '#support/collect.ts';
import { aSigner } from '#support/key-signer.ts';
import { listName, type MemorySealStore, memorySealStore, swapLists } from '#support/memory-seal-store.ts';
import {
  afterDays,
  aRecord,
  findingsOf,
  seal,
  sealedWorkspace,
  theSigner,
  timeOf,
} from '#support/seal-world.ts';

type Leaves = readonly Leaf[];

const day = (text: string): UtcDay => parseUtcDay(text)!;
const [d10, d11, d12, d13] = ['2026-11-10', '2026-11-11', '2026-11-12', '2026-11-13'].map(day) as [
  UtcDay,
  UtcDay,
  UtcDay,
  UtcDay,
];

/** Ten records on each of four days, sealed. */
async function aSealedStore(): Promise<MemorySealStore> {
  const store = memorySealStore(
    Array.from({ length: 40 }, (_, number) => aRecord(number, timeOf(number % 4, number))),
  );
  await seal(store, afterDays(4));
  return store;
}

const change = ({ headers }: MemorySealStore, of: UtcDay, changes: Partial<SealHeader>): void => {
  headers.set(of, { ...headers.get(of)!, ...changes });
};

const sealOf = ({ headers }: MemorySealStore, of: UtcDay): Seal =>
  parseSeal(parseSignedNote(headers.get(of)!.note)!)!;

describe('verifySeals', () => {
  it('tells of each day what is there, and who signed', async () => {
    const store = await aSealedStore();
    const days = await collect(verifySeals(store, { workspaceId: sealedWorkspace }));
    expect(days.map(({ day, recordCount, findings }) => [day, recordCount, findings])).toEqual(
      [d10, d11, d12, d13].map((day) => [day, 10, []]),
    );
    expect(days.every(({ signedBy }) => signedBy?.fingerprint === theSigner.publicKey.fingerprint)).toBe(
      true,
    );
  });

  it('yields nothing where nothing is sealed', async () => {
    expect(await collect(verifySeals(memorySealStore(), { workspaceId: sealedWorkspace }))).toEqual([]);
  });

  describe('finds a missing seal', () => {
    it.each([d11, d12])('between others: %s', async (gone) => {
      const store = await aSealedStore();
      store.headers.delete(gone);
      expect(await findingsOf(store)).toEqual([`seal_missing ${gone}`]);
    });

    it('between others, before the days that are looked at', async () => {
      const store = await aSealedStore();
      store.headers.delete(d11);
      store.records.delete(keyText(aRecord(0, timeOf(0, 0)).key));
      expect(await findingsOf(store, { from: d13 })).toEqual([`seal_missing ${d11}`]);
    });

    it('before the first, by what the first says', async () => {
      const store = await aSealedStore();
      store.headers.delete(d10);
      expect(await findingsOf(store)).toEqual([`chain_broken ${d11}`]);
    });

    it('after the last, when told how far seals must go', async () => {
      const store = await aSealedStore();
      store.headers.delete(d12);
      store.headers.delete(d13);
      expect(await findingsOf(store)).toEqual([]);
      expect(await findingsOf(store, { sealedUntil: d13 })).toEqual([
        `seal_missing ${d12}`,
        `seal_missing ${d13}`,
      ]);
      store.headers.clear();
      expect(await findingsOf(store, { sealedUntil: d11 })).toEqual([`seal_missing ${d11}`]);
      expect(await findingsOf(store, { from: d10, sealedUntil: d11 })).toEqual([
        `seal_missing ${d10}`,
        `seal_missing ${d11}`,
      ]);
    });
  });

  describe('finds a wrong signature', () => {
    it('when a word of the seal is another', async () => {
      const store = await aSealedStore();
      const note = store.headers.get(d11)!.note.replace('\n10\n', '\n11\n');
      change(store, d11, { note });
      // The seal after it names the note that was.
      expect(await findingsOf(store)).toEqual([`signature_wrong ${d11}`, `chain_broken ${d12}`]);
    });

    it.each([d10, d11, d12])('before the days that are looked at: %s', async (of) => {
      const store = await aSealedStore();
      change(store, of, { note: 'x' });
      store.records.delete(keyText(aRecord(0, timeOf(0, 0)).key));
      const [wrong, ...others] = await findingsOf(store, { from: d13 });
      expect(wrong).toBe(`signature_wrong ${of}`);
      expect(others).toEqual([`chain_broken ${plusDays(of, 1)}`]);
    });

    it.each(['', 'x', '\n\n— a b\n'])('when the note is "%s"', async (note) => {
      const store = await aSealedStore();
      change(store, d13, { note });
      expect(await findingsOf(store)).toEqual([`signature_wrong ${d13}`]);
    });

    it('when its note was given another signature, which nobody can check', async () => {
      const store = await aSealedStore();
      const note = `${store.headers.get(d11)!.note}— The-Data-Protection-Commission-of-Ireland AAAAAAA=\n`;
      change(store, d11, { note });
      expect(await findingsOf(store)).toEqual([`signature_wrong ${d11}`, `chain_broken ${d12}`]);
    });

    it('when a well signed text is no seal, or the seal of another day or workspace', async () => {
      const store = await aSealedStore();
      const right = sealOf(store, d13);
      for (const wrong of [
        { ...right, day: d12 },
        { ...right, workspaceId: `${sealedWorkspace}x` as typeof sealedWorkspace },
      ]) {
        change(store, d13, { note: await signSeal(wrong, theSigner) });
        expect(await findingsOf(store)).toEqual([`signature_wrong ${d13}`]);
      }
    });

    it('when the text of another workspace is signed under the name of this one', async () => {
      const store = await aSealedStore();
      const other = { ...sealOf(store, d13), workspaceId: brandId<WorkspaceId>('other') };
      const note = await signNote(formatSeal(other), keyNameOf(sealOf(store, d13)), theSigner);
      change(store, d13, { note });
      expect(await findingsOf(store)).toEqual([`signature_wrong ${d13}`]);
    });

    it('when a forged key has signed everything anew, and the right key is known', async () => {
      const store = await aSealedStore();
      const records = [...store.records.values()].slice(1);
      const forged = memorySealStore(records);
      const forger = aSigner();
      await seal(forged, afterDays(4), { signer: forger });
      expect(await findingsOf(forged)).toEqual([]);
      expect(await findingsOf(forged, { trustedKeys: [forger.publicKey] })).toEqual([]);
      expect(await findingsOf(forged, { trustedKeys: [theSigner.publicKey] })).toEqual(
        [d10, d11, d12, d13].map((day) => `signature_wrong ${day}`),
      );
    });

    it('when no key is published any more', async () => {
      const store = await aSealedStore();
      store.keys.length = 0;
      expect(await findingsOf(store)).toEqual([d10, d11, d12, d13].map((day) => `signature_wrong ${day}`));
      expect(await findingsOf(store, { trustedKeys: [theSigner.publicKey] })).toEqual([]);
    });
  });

  it('finds a broken chain when a seal was made anew with the right key', async () => {
    const store = await aSealedStore();
    const again = { ...sealOf(store, d11), previous: Buffer.alloc(32) };
    change(store, d11, { note: await signSeal(again, theSigner) });
    expect(formatSeal(sealOf(store, d11))).toContain('previous AAAA');
    expect(await findingsOf(store)).toEqual([`chain_broken ${d11}`, `chain_broken ${d12}`]);
    change(store, d11, { note: await signSeal({ ...again, previous: undefined }, theSigner) });
    expect(await findingsOf(store)).toEqual([`chain_broken ${d11}`, `chain_broken ${d12}`]);
  });

  describe('finds an altered leaf list, and clears the records that it accuses', () => {
    it.each([
      ['without a leaf', (leaves: Leaves) => leaves.toSpliced(3, 1)],
      ['with a leaf more', (leaves: Leaves) => [...leaves, leaves[0]!]],
      ['with another name', (leaves: Leaves) => leaves.with(2, { ...leaves[2]!, key: { pk: 'x', sk: 'y' } })],
      ['with another time', (leaves: Leaves) => leaves.with(2, { ...leaves[2]!, recordedAt: timeOf(1, 0) })],
      ['with another hash', (leaves: Leaves) => leaves.with(2, { ...leaves[2]!, hash: Buffer.alloc(32) })],
      ['in another order', (leaves: Leaves) => leaves.toReversed()],
      ['with nothing in it', () => []],
    ])('%s', async (_, alter) => {
      const store = await aSealedStore();
      const name = listName(store.headers.get(d11)!);
      store.lists.set(name, [...alter(store.lists.get(name)!)]);
      expect(await findingsOf(store)).toEqual([`leaf_list_altered ${d11}`]);
    });

    it('and those of which the seal names another list', async () => {
      const store = await aSealedStore();
      change(store, d11, { sealId: store.headers.get(d12)!.sealId });
      expect(await findingsOf(store)).toEqual([`leaf_list_altered ${d11}`]);
    });

    it('and those that were swapped', async () => {
      const store = await aSealedStore();
      swapLists(store, d11, d12);
      expect(await findingsOf(store)).toEqual([`leaf_list_altered ${d11}`, `leaf_list_altered ${d12}`]);
    });

    it('but none that was added to another day, though the list names it', async () => {
      const store = await aSealedStore();
      const forged = aRecord(77, timeOf(2, 5));
      store.records.set(keyText(forged.key), forged);
      const name = listName(store.headers.get(d11)!);
      const leaf = { key: forged.key, recordedAt: forged.recordedAt, hash: leafHash(forged) };
      store.lists.set(name, [...store.lists.get(name)!, leaf]);
      expect(await findingsOf(store)).toEqual([
        `leaf_list_altered ${d11}`,
        `added ${d12} ${keyText(forged.key)}`,
      ]);
    });

    it('but not when a record of the day is gone, too', async () => {
      const store = await aSealedStore();
      const name = listName(store.headers.get(d11)!);
      const leaves = store.lists.get(name)!;
      store.lists.set(name, leaves.toSpliced(3, 1));
      store.records.delete(keyText(leaves[5]!.key));
      expect(await findingsOf(store)).toEqual([
        `leaf_list_altered ${d11}`,
        `removed ${d11} ${keyText(leaves[5]!.key)}`,
        `added ${d11} ${keyText(leaves[3]!.key)}`,
      ]);
    });

    it('and a seal that does not fit its own list', async () => {
      const store = await aSealedStore();
      change(store, d13, {
        note: await signSeal({ ...sealOf(store, d13), root: Buffer.alloc(32) }, theSigner),
      });
      expect(await findingsOf(store)).toEqual([`leaf_list_altered ${d13}`]);
    });
  });

  it('tells of records that came late, with the seal that they went into, unless nobody signed it', async () => {
    const store = await aSealedStore();
    const late = [aRecord(98, timeOf(1, 1)), aRecord(99, timeOf(2, 1))];
    for (const record of late) store.records.set(keyText(record.key), record);
    const [later] = await seal(store, afterDays(5));
    const told = async (request = {}) => {
      const days = await collect(verifySeals(store, { workspaceId: sealedWorkspace, ...request }));
      return days.flatMap(({ day, cameLate }) =>
        cameLate.map(({ key, sealedWith }) => `${day} ${keyText(key)} ${sealedWith}`),
      );
    };
    const expected = late.map(({ key }, at) => `${[d11, d12][at]} ${keyText(key)} ${later!.day}`);
    expect(await told()).toEqual(expected);
    expect(await told({ to: d11 })).toEqual(expected.slice(0, 1));
    change(store, later!.day, { note: await signSeal(sealOf(store, later!.day), aSigner()) });
    expect(await told()).toEqual([]);
  });

  it('calls a record added that was only added, whatever stands in its place in the journal', async () => {
    const store = await aSealedStore();
    const own = aRecord(77, timeOf(1, 5));
    // As a store gives one whose place is no time of the day.
    for (const recordedAt of [`${d11}T00:00:00.000Z`, `${d11}T23:59:59.999Z`]) {
      store.records.set(keyText(own.key), { ...own, recordedAt });
      expect(await findingsOf(store)).toEqual([`added ${d11} ${keyText(own.key)}`]);
    }
    const odd = { ...own, recordedAt: timeOf(1, 5), document: { ...own.document, recorded_at: 'zzz' } };
    store.records.set(keyText(own.key), odd);
    expect(await findingsOf(store)).toEqual([`added ${d11} ${keyText(own.key)}`]);
  });

  it('does not believe what stands beside a seal unsigned', async () => {
    const store = await aSealedStore();
    store.records.set('late', aRecord(99, timeOf(2, 1)));
    await seal(store, afterDays(5));
    const { unsigned } = store.headers.get(day('2026-11-14'))!;
    const others: readonly Partial<SealHeader['unsigned']>[] = [
      { lateCount: 0 },
      { recordCount: 9_999_999 },
      { keyId: 'trusted-by-KPMG' as KeyFingerprint },
    ];
    for (const other of others) {
      change(store, day('2026-11-14'), { unsigned: { ...unsigned, ...other } });
      for (const request of [{}, { to: d12 }]) {
        expect(await findingsOf(store, request)).toEqual(['header_altered 2026-11-14']);
      }
    }
    change(store, day('2026-11-14'), { unsigned: { ...unsigned, sealedAt: afterDays(0) } });
    expect(await findingsOf(store)).toEqual([]);
  });

  it('names a record that was moved out of the days that are looked at', async () => {
    const store = await aSealedStore();
    const record = aRecord(4, timeOf(0, 4));
    store.records.set(keyText(record.key), { ...record, recordedAt: timeOf(30, 0) });
    expect(await findingsOf(store)).toEqual([`reordered ${d10} ${keyText(record.key)}`]);
  });

  it('names a record that was altered and moved once', async () => {
    const store = await aSealedStore();
    const record = aRecord(4, timeOf(0, 4));
    store.records.set(keyText(record.key), {
      ...record,
      recordedAt: timeOf(1, 0),
      document: { ...record.document, outcome: 'kept' },
    });
    expect(await findingsOf(store)).toEqual([`altered ${d10} ${keyText(record.key)}`]);
  });

  it('looks at the records of the days asked for, and at late ones of theirs in later seals', async () => {
    const store = await aSealedStore();
    store.records.set('late', aRecord(99, timeOf(2, 1)));
    await seal(store, afterDays(5));
    store.records.delete(keyText(aRecord(0, timeOf(0, 0)).key));
    const days = await collect(verifySeals(store, { workspaceId: sealedWorkspace, from: d11, to: d12 }));
    expect(days.map(({ day, recordCount, findings }) => [day, recordCount, findings])).toEqual([
      [d11, 10, []],
      [d12, 11, []],
    ]);
    expect(await findingsOf(store, { to: d10 })).toHaveLength(1);
  });

  it('does not believe a later seal about late records of the days asked for, unless its list and signature fit', async () => {
    const store = await aSealedStore();
    store.records.set('late', aRecord(99, timeOf(2, 1)));
    const [later] = await seal(store, afterDays(5));
    const forged = aRecord(77, timeOf(0, 1));
    store.records.set(keyText(forged.key), forged);
    const leaves = store.lists.get(listName(later!))!;
    const leaf = { key: forged.key, recordedAt: forged.recordedAt, hash: leafHash(forged) };
    store.lists.set(listName(later!), [leaf, ...leaves]);
    expect(await findingsOf(store, { to: d10 })).toEqual(['leaf_list_altered 2026-11-14']);
    store.lists.set(listName(later!), leaves);
    expect(await findingsOf(store, { to: d12 })).toEqual([`added ${d10} ${keyText(forged.key)}`]);
    store.records.delete(keyText(forged.key));
    expect(await findingsOf(store, { to: d12 })).toEqual([]);
    const note = await signSeal(sealOf(store, later!.day), aSigner());
    change(store, later!.day, { note });
    expect(await findingsOf(store, { to: d12 })).toEqual(['signature_wrong 2026-11-14']);
  });

  it('is not stopped by a leaf whose time is none, be it among late ones or among those of the day', async () => {
    const store = await aSealedStore();
    const late = aRecord(99, timeOf(2, 1));
    store.records.set(keyText(late.key), late);
    const [later] = await seal(store, afterDays(5));
    const name = listName(later!);
    const leaves = store.lists.get(name)!;
    for (const recordedAt of ['!!!', '', '2026-02-30T00:00:00.000Z', 'zzz']) {
      const odd = { ...leaves[0]!, key: { pk: 'WS#a86dr8yl#ACTS', sk: 'odd' }, recordedAt };
      store.lists.set(name, [odd, ...leaves]);
      expect(await findingsOf(store)).toEqual(['leaf_list_altered 2026-11-14']);
    }
  });

  describe('finds a header that nobody signed, and believes nothing that it says', () => {
    const forge = (store: MemorySealStore, of: string): void => {
      store.headers.set(day(of), { ...store.headers.get(d13)!, day: day(of) });
    };

    it.each(['2999-01-01', '9999-12-31', '0001-01-01', '2026-12-01'])('under %s', async (of) => {
      const store = await aSealedStore();
      forge(store, of);
      expect(await findingsOf(store)).toEqual([`signature_wrong ${of}`]);
    });

    it('nor that the days before it are sealed', async () => {
      const store = await aSealedStore();
      forge(store, '9999-12-31');
      expect((await findingsOf(store, { sealedUntil: day('2026-11-15') })).sort()).toEqual([
        'seal_missing 2026-11-14',
        'seal_missing 2026-11-15',
        'signature_wrong 9999-12-31',
      ]);
    });

    it('and still misses seals around one in a gap', async () => {
      const store = await aSealedStore();
      await seal(store, afterDays(9));
      for (const gone of ['2026-11-14', '2026-11-15', '2026-11-16']) store.headers.delete(day(gone));
      forge(store, '2026-11-15');
      expect(await findingsOf(store)).toEqual([
        'seal_missing 2026-11-14',
        'signature_wrong 2026-11-15',
        'seal_missing 2026-11-16',
      ]);
    });

    it('and still misses the first seals when it stands in for them', async () => {
      const store = await aSealedStore();
      store.headers.delete(d10);
      forge(store, '0001-01-01');
      expect(await findingsOf(store)).toEqual(['signature_wrong 0001-01-01', `chain_broken ${d11}`]);
    });
  });

  it('names no more than ten years of days without a seal, however far ahead a seal is signed', async () => {
    const store = await aSealedStore();
    const far = day('2999-01-01');
    const note = await signSeal({ ...sealOf(store, d13), day: far }, theSigner);
    store.headers.set(far, { ...store.headers.get(d13)!, day: far, note });
    const missing = (await findingsOf(store)).filter((finding) => finding.startsWith('seal_missing'));
    expect(missing).toHaveLength(3_660);
  });

  it('waits for what a running day still brings, whatever unsigned header stands after it', async () => {
    const store = memorySealStore([aRecord(1, timeOf(0, 0))]);
    await seal(store, instantFromIso(timeOf(0, 5)), { runningDay: 'seal' });
    store.headers.set(d13, { ...store.headers.get(d10)!, day: d13 });
    store.records.set('next', aRecord(2, timeOf(0, 9)));
    expect(await findingsOf(store)).toEqual([`signature_wrong ${d13}`]);
  });
});
