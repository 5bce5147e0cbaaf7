import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantFromIso } from '#policy/instant.ts';
import { keyText, leafHash } from '#seal/audit-record.ts';
import { lastCompleteDay } from '#seal/complete-days.ts';
import { leafLine } from '#seal/leaf-list.ts';
import type { KeyFingerprint, Leaf, SealHeader } from '#seal/seal.ts';
import { noteDigest, parseSeal, signSeal } from '#seal/seal-note.ts';
import type { SealStore } from '#seal/seal-store.ts';
import { parseSignedNote } from '#seal/signed-note.ts';
import { parseUtcDay } from '#seal/utc-day.ts';
import { verifySeals } from '#seal/verify-seals.ts';
import { collect } from '#support/collect.ts';
import { aSigner } from '#support/key-signer.ts';
import { listName, type MemorySealStore, memorySealStore } from '#support/memory-seal-store.ts';
import { referenceLeafHash, referenceRoot } from '#support/rfc6962.ts';
import {
  afterDays,
  aRecord,
  findingsOf,
  seal,
  sealedWorkspace,
  theSigner,
  timeOf,
} from '#support/seal-world.ts';
import { ConfigurationError, StoreError } from '#sweep/errors.ts';

const put = ({ records }: MemorySealStore, ...given: readonly ReturnType<typeof aRecord>[]) => {
  for (const record of given) records.set(keyText(record.key), record);
};

const verified = (store: MemorySealStore) => collect(verifySeals(store, { workspaceId: sealedWorkspace }));

const sealed = ({ note }: { readonly note: string }) => parseSeal(parseSignedNote(note)!)!;

describe('lastCompleteDay', () => {
  it.each([
    ['2026-11-21T00:59:59.999Z', '2026-11-19'],
    ['2026-11-21T01:00:00.000Z', '2026-11-20'],
    ['2026-11-21T23:00:00.000Z', '2026-11-20'],
  ])('at %s with an hour of settling is %s', (now, day) => {
    expect(lastCompleteDay(instantFromIso(now), 3_600_000)).toBe(day);
  });
});

describe('sealDays', () => {
  it('seals every complete day from the first record on, empty days too, each following the one before', async () => {
    const records = [aRecord(1, timeOf(0, 5)), aRecord(2, timeOf(0, 3)), aRecord(3, timeOf(2, 0))];
    const store = memorySealStore(records);
    const seals = await seal(store, afterDays(3));
    expect(seals.map(({ day, unsigned }) => [day, unsigned.recordCount])).toEqual([
      ['2026-11-10', 2],
      ['2026-11-11', 0],
      ['2026-11-12', 1],
    ]);
    const [first, second, third] = seals.map(sealed);
    expect(first!.previous).toBeUndefined();
    expect(second!.previous).toEqual(noteDigest(seals[0]!.note));
    expect(third!.previous).toEqual(noteDigest(seals[1]!.note));
    expect(first!.root).toEqual(referenceRoot([records[1]!, records[0]!].map(leafHash)));
    expect(second!.root).toEqual(referenceRoot([]));
    expect(await findingsOf(store)).toEqual([]);
  });

  it('leaves a day alone until it has been over for the settling delay', async () => {
    const store = memorySealStore([aRecord(1, timeOf(0, 0))]);
    expect(await seal(store, instantFromIso(timeOf(1, 3_599_999)))).toEqual([]);
    expect(await seal(store, instantFromIso(timeOf(1, 3_600_000)))).toHaveLength(1);
    expect(await seal(store, instantFromIso(timeOf(2, 0)))).toEqual([]);
  });

  it('has nothing to seal before the first record', async () => {
    expect(await seal(memorySealStore(), afterDays(3))).toEqual([]);
  });

  it('goes on where it stopped', async () => {
    const store = memorySealStore([aRecord(1, timeOf(0, 0)), aRecord(2, timeOf(1, 0))]);
    await seal(store, afterDays(1));
    expect((await seal(store, afterDays(3))).map(({ day }) => day)).toEqual(['2026-11-11', '2026-11-12']);
    expect(await findingsOf(store)).toEqual([]);
  });

  it('seals today as it stands when asked to, and what it still brings with the next day', async () => {
    const early = [aRecord(1, timeOf(0, 0)), aRecord(2, timeOf(1, 5))];
    const store = memorySealStore(early);
    const noon = 12 * 3_600_000;
    const seals = await seal(store, instantFromIso(timeOf(1, noon)), { runningDay: 'seal' });
    expect(seals.map(sealed)).toMatchObject([
      { day: '2026-11-10', size: 1 },
      { day: '2026-11-11', size: 1, until: instantFromIso(timeOf(1, noon)) },
    ]);
    expect(sealed(seals[0]!).until).toBeUndefined();

    put(store, aRecord(4, timeOf(1, noon)), aRecord(5, timeOf(1, noon + 1)));
    const today = (await verified(store)).at(-1);
    expect(today).toMatchObject({ findings: [], recordCount: 3, unsealedCount: 2 });
    put(store, aRecord(6, timeOf(1, noon - 1)));
    expect(await findingsOf(store)).toEqual([expect.stringMatching(/^added 2026-11-11 .*0006 /)]);
    store.records.delete(keyText(aRecord(6, '').key));

    const [next] = await seal(store, afterDays(3));
    expect(next).toMatchObject({ day: '2026-11-12', unsigned: { recordCount: 2, lateCount: 2 } });
    expect((await verified(store)).map(({ findings, unsealedCount }) => [findings, unsealedCount])).toEqual(
      Array.from({ length: 3 }, () => [[], 0]),
    );
    store.records.delete(keyText(aRecord(5, '').key));
    expect(await findingsOf(store)).toEqual([expect.stringMatching(/^removed 2026-11-11 .*0005 /)]);
    // What the next seal did not find waits for no seal any more.
    put(store, aRecord(7, timeOf(1, noon + 2)));
    expect(await findingsOf(store)).toEqual([
      expect.stringMatching(/^removed 2026-11-11 .*0005 /),
      expect.stringMatching(/^added 2026-11-11 .*0007 /),
    ]);
  });

  it('puts no more of a list into one item than fits, however long the names are', async () => {
    const store = memorySealStore(
      Array.from({ length: 700 }, (_, number) => {
        const record = aRecord(number, timeOf(0, number));
        return { ...record, key: { ...record.key, pk: `${record.key.pk}#${'x'.repeat(2_000)}` } };
      }),
    );
    const sizes: number[] = [];
    const putLeaves: SealStore['putLeaves'] = (list, chunk, leaves) => {
      sizes.push(Buffer.byteLength(leaves.map(leafLine).join('')));
      return store.putLeaves(list, chunk, leaves);
    };
    await seal({ ...store, putLeaves }, afterDays(1));
    expect(sizes.length).toBeGreaterThan(2);
    expect(Math.max(...sizes)).toBeLessThan(310_000);
    expect(await findingsOf(store)).toEqual([]);
  });

  it('takes a late record into the next seal, under its own day, and once', async () => {
    const store = memorySealStore([aRecord(1, timeOf(0, 5))]);
    await seal(store, afterDays(2));
    put(store, aRecord(2, timeOf(0, 3)), aRecord(3, timeOf(1, 0)), aRecord(4, timeOf(2, 0)));
    expect(await findingsOf(store)).toEqual([
      expect.stringMatching(/^added 2026-11-10/),
      expect.stringMatching(/^added 2026-11-11/),
    ]);
    const [next] = await seal(store, afterDays(3));
    expect(next).toMatchObject({ day: '2026-11-12', unsigned: { recordCount: 3, lateCount: 2 } });
    expect(sealed(next!)).toMatchObject({ size: 3, late: 2 });
    expect(store.lists.get(listName(next!))!.map(({ recordedAt }) => recordedAt)).toEqual([
      timeOf(0, 3),
      timeOf(1, 0),
      timeOf(2, 0),
    ]);
    expect(await findingsOf(store)).toEqual([]);
    const [afterThat] = await seal(store, afterDays(4));
    expect(afterThat).toMatchObject({ unsigned: { recordCount: 0, lateCount: 0 } });
    expect(await findingsOf(store)).toEqual([]);
  });

  it('keeps late records of one day in several seals apart', async () => {
    const store = memorySealStore([aRecord(1, timeOf(0, 5))]);
    await seal(store, afterDays(1));
    put(store, aRecord(2, timeOf(0, 7)));
    await seal(store, afterDays(2));
    put(store, aRecord(3, timeOf(0, 1)), aRecord(4, timeOf(1, 1)));
    await seal(store, afterDays(3));
    expect([...store.headers.values()].map(({ unsigned }) => unsigned.lateCount)).toEqual([0, 1, 2]);
    expect(await findingsOf(store)).toEqual([]);
    store.records.delete(keyText(aRecord(2, timeOf(0, 7)).key));
    expect(await findingsOf(store)).toEqual([expect.stringContaining('removed 2026-11-10')]);
  });

  it('looks back three days before the newest seal, and further when told to', async () => {
    const store = memorySealStore([aRecord(1, timeOf(0, 5))]);
    await seal(store, afterDays(6));
    put(store, aRecord(2, timeOf(1, 0)), aRecord(3, timeOf(2, 0)));
    expect((await seal(store, afterDays(7)))[0]).toMatchObject({ unsigned: { lateCount: 1 } });
    expect(await findingsOf(store)).toEqual([expect.stringContaining('added 2026-11-11')]);
    expect((await seal(store, afterDays(8), { lookBackDays: 30 }))[0]).toMatchObject({
      unsigned: { lateCount: 1 },
    });
    expect(await findingsOf(store)).toEqual([]);
  });

  it('takes in what is older than the first seal', async () => {
    const store = memorySealStore([aRecord(1, timeOf(3, 0))]);
    await seal(store, afterDays(4));
    put(store, aRecord(2, timeOf(1, 0)));
    expect((await seal(store, afterDays(5)))[0]).toMatchObject({ unsigned: { lateCount: 1 } });
    expect(await findingsOf(store)).toEqual([]);
    store.records.delete(keyText(aRecord(2, timeOf(1, 0)).key));
    expect(await findingsOf(store)).toEqual([expect.stringContaining('removed 2026-11-11')]);
  });

  it('lets the first of two win, and follows it', async () => {
    const store = memorySealStore([aRecord(1, timeOf(0, 0)), aRecord(2, timeOf(2, 0))]);
    const both = await Promise.all([seal(store, afterDays(4)), seal(store, afterDays(4))]);
    expect(
      both
        .flat()
        .map(({ day }) => day)
        .sort(),
    ).toEqual(['2026-11-10', '2026-11-11', '2026-11-12', '2026-11-13']);
    expect(await findingsOf(store)).toEqual([]);
  });

  it('refuses another key than that of the newest seal, unless a new one may begin', async () => {
    const store = memorySealStore([aRecord(1, timeOf(0, 0))]);
    await seal(store, afterDays(1));
    const signer = aSigner('ecdsa_p256');
    const refused = seal(store, afterDays(2), { signer });
    await expect(refused).rejects.toThrow(ConfigurationError);
    await expect(refused).rejects.toThrow(
      /^The seal of 2026-11-10 was signed with the key [0-9a-f]{64}, and this key is [0-9a-f]{64};/,
    );
    expect(store.headers.size).toBe(1);
    expect(await seal(store, afterDays(2), { signer, otherKey: 'accept' })).toHaveLength(1);
    expect(store.keys).toHaveLength(2);
    expect(await findingsOf(store)).toEqual([]);
  });

  describe('seals nothing after a seal that is none to follow', () => {
    const forgeries: readonly [
      string,
      string,
      RegExp,
      (newest: SealHeader) => Promise<Partial<SealHeader>>,
    ][] = [
      ['of a far day', '2999-01-01', /has not begun/, async () => ({})],
      ['of tomorrow', '2026-11-15', /has not begun/, async () => ({})],
      [
        'of tomorrow, well signed',
        '2026-11-15',
        /has not begun/,
        async (newest) => ({
          note: await signSeal({ ...sealed(newest), day: parseUtcDay('2026-11-15')! }, theSigner),
        }),
      ],
      ['of another day', '2026-11-13', /is not signed for this day/, async () => ({})],
      [
        'that was given another signature, which nobody can check',
        '2026-11-13',
        /is not signed for this day, and once,/,
        async (newest) => {
          const note = await signSeal({ ...sealed(newest), day: parseUtcDay('2026-11-13')! }, theSigner);
          return { note: `${note}— The-Data-Protection-Commission-of-Ireland AAAAAAA=\n` };
        },
      ],
      ['that is no note', '2026-11-13', /is not signed for this day/, async () => ({ note: 'x' })],
      [
        'of a key that nobody published',
        '2026-11-13',
        /is not signed for this day/,
        async (newest) => ({
          note: await signSeal({ ...sealed(newest), day: parseUtcDay('2026-11-13')! }, aSigner()),
        }),
      ],
    ];

    it.each(forgeries)('%s', async (_, under, what, forge) => {
      for (const otherKey of ['refuse', 'accept'] as const) {
        const store = memorySealStore([aRecord(1, timeOf(0, 0))]);
        const [newest] = await seal(store, afterDays(1));
        const day = parseUtcDay(under)!;
        store.headers.set(day, { ...newest!, day, ...(await forge(newest!)) });
        const refused = seal(store, afterDays(4), { otherKey });
        await expect(refused).rejects.toThrow(ConfigurationError);
        await expect(refused).rejects.toThrow(what);
        await expect(refused).rejects.toThrow(
          new RegExp(`^The seal that stands under ${under} .*"retention audit verify" names what is wrong;`),
        );
        expect(store.headers.size).toBe(2);
        store.headers.delete(day);
        expect(await seal(store, afterDays(4), { otherKey })).toHaveLength(3);
      }
    });

    it('also when it comes first while we seal', async () => {
      const store = memorySealStore([aRecord(1, timeOf(0, 0))]);
      const raced: SealStore = {
        ...store,
        putSeal(header) {
          store.headers.set(header.day, { ...header, sealId: 'theirs' as SealHeader['sealId'], note: 'x' });
          return Promise.resolve('already_there');
        },
      };
      await expect(seal(raced, afterDays(3))).rejects.toThrow(/^The seal that stands under 2026-11-10 /);
      expect(store.headers.size).toBe(1);
    });
  });

  it.each<[string, number, (list: readonly Leaf[]) => readonly Leaf[]]>([
    ['lacks a record of the newest day', 2, (list) => list.slice(0, -1)],
    ['lacks a record that came late', 2, (list) => list.slice(1)],
    ['lacks a record of an earlier day', 1, (list) => list.slice(1)],
    ['is gone', 1, () => []],
    ['names one more', 1, (list) => [...list, { ...list[0]!, recordedAt: timeOf(1, 9) }]],
  ])('seals nothing by a list that %s, until it is put back', async (_, dayNumber, change) => {
    const store = memorySealStore(
      [0, 1, 2].flatMap((day) => [2, 3].map((ms) => aRecord(day * 7 + ms, timeOf(day, ms)))),
    );
    await seal(store, afterDays(2));
    put(store, aRecord(100, timeOf(0, 5)));
    await seal(store, afterDays(3));
    const header = store.headers.get(parseUtcDay(timeOf(dayNumber, 0).slice(0, 10))!)!;
    const list = store.lists.get(listName(header))!;
    store.lists.set(listName(header), [...change(list)]);
    const refused = seal(store, afterDays(4));
    await expect(refused).rejects.toThrow(ConfigurationError);
    await expect(refused).rejects.toThrow(
      `The list of what the seal of ${header.day} seals is not the one that was signed,`,
    );
    expect(store.headers.size).toBe(3);
    store.lists.set(listName(header), list);
    expect(await seal(store, afterDays(4))).toMatchObject([{ unsigned: { recordCount: 0, lateCount: 0 } }]);
    expect(await findingsOf(store)).toEqual([]);
  });

  it('seals nothing by a list of which no note says what it must be', async () => {
    const store = memorySealStore([1, 2].map((number) => aRecord(number, timeOf(number - 1, 0))));
    const [first] = await seal(store, afterDays(2));
    store.headers.set(first!.day, { ...first!, note: 'x' });
    await expect(seal(store, afterDays(3))).rejects.toThrow('The list of what the seal of 2026-11-10 seals');
    expect(store.headers.size).toBe(2);
  });

  it('passes over the list of a day that it is told not to look back to', async () => {
    const store = memorySealStore([1, 2, 3].map((number) => aRecord(number, timeOf(number - 1, 0))));
    const [first] = await seal(store, afterDays(3));
    store.lists.set(listName(first!), []);
    await expect(seal(store, afterDays(4))).rejects.toThrow('The list of what the seal of 2026-11-10 seals');
    expect(await seal(store, afterDays(4), { lookBackDays: 1 })).toHaveLength(1);
  });

  it('goes on after a seal of a published key, whatever the header says of its key', async () => {
    const store = memorySealStore([aRecord(1, timeOf(0, 0))]);
    const [newest] = await seal(store, afterDays(1));
    const unsigned = { ...newest!.unsigned, keyId: 'ab'.repeat(32) as KeyFingerprint };
    store.headers.set(newest!.day, { ...newest!, unsigned });
    expect(await seal(store, afterDays(2))).toHaveLength(1);
    const signer = aSigner();
    expect(await seal(store, afterDays(3), { signer, otherKey: 'accept' })).toHaveLength(1);
  });

  it('says so when a seal vanishes under its hands', async () => {
    const store = memorySealStore([aRecord(1, timeOf(0, 0))]);
    const lost: SealStore = { ...store, putSeal: () => Promise.resolve('already_there') };
    await expect(seal(lost, afterDays(1))).rejects.toThrow(StoreError);
  });

  it('counts a seal as its own whose put was answered twice', async () => {
    const store = memorySealStore([aRecord(1, timeOf(0, 0))]);
    const twice: SealStore = {
      ...store,
      async putSeal(header) {
        await store.putSeal(header);
        return store.putSeal(header);
      },
    };
    expect(await seal(twice, afterDays(1))).toHaveLength(1);
  });

  it('leaves nothing wrong behind wherever it dies, and is gone on with', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1_200 }),
        fc.integer({ min: 0, max: 30 }),
        fc.constantFrom('before' as const, 'after' as const),
        async (size, survived, when) => {
          const store = memorySealStore(
            Array.from({ length: size }, (_, number) => aRecord(number, timeOf(number % 3, number))),
          );
          await seal(dyingStore(store, survived, when), afterDays(4)).catch(() => undefined);
          await seal(store, afterDays(4));
          expect(store.headers.size).toBe(4);
          expect(await findingsOf(store)).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** Dies before or after one of its writes; then nothing can be written any more. */
function dyingStore(store: MemorySealStore, survived: number, when: 'before' | 'after'): SealStore {
  let left = survived;
  const write = async <Answer>(put: () => Promise<Answer>): Promise<Answer> => {
    const dies = left-- <= 0;
    if (dies && (when === 'before' || left < -1)) throw new Error('dead');
    const answer = await put();
    if (dies) throw new Error('dead');
    return answer;
  };
  return {
    ...store,
    putLeaves: (...args) => write(() => store.putLeaves(...args)),
    putSeal: (...args) => write(() => store.putSeal(...args)),
    putPublicKey: (...args) => write(() => store.putPublicKey(...args)),
  };
}

describe('leafHash', () => {
  it('is the hash of the canonical text behind a zero byte, whatever the order of the names', () => {
    const one = leafHash({ document: { b: 1, a: { d: 'é', c: [1.0, null] } } });
    const other = leafHash({ document: { a: { c: [1, null], d: 'é' }, b: 1 } });
    expect(one).toEqual(other);
    expect(one).toEqual(referenceLeafHash(Buffer.from('{"a":{"c":[1,null],"d":"é"},"b":1}')));
  });
});
