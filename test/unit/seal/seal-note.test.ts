import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { instantFromIso } from '#policy/instant.ts';
import { formatCheckpoint, parseCheckpoint } from '#seal/checkpoint.ts';
import type { Seal } from '#seal/seal.ts';
import { formatSeal, keyNameOf, parseSeal, signSeal } from '#seal/seal-note.ts';
import { isNoteSignedBy, parseSignedNote, type SignedNote } from '#seal/signed-note.ts';
import { parseUtcDay } from '#seal/utc-day.ts';
import { aSigner } from '#support/key-signer.ts';
import { ConfigurationError } from '#sweep/errors.ts';

const aSeal = (changes: Partial<Seal> = {}): Seal => ({
  workspaceId: brandId<WorkspaceId>('a86dr8yl'),
  day: parseUtcDay('2026-11-20')!,
  size: 1_234,
  late: 2,
  root: Buffer.alloc(32, 1),
  leafList: Buffer.alloc(32, 2),
  previous: Buffer.alloc(32, 3),
  ...changes,
});

/** A note of this text, with one signature under the name that signs such seals. */
const signed = (seal: Seal, text: string): SignedNote => ({
  text,
  signatures: [{ name: keyNameOf(seal), keyId: Buffer.alloc(4), bytes: Buffer.alloc(64) }],
});

describe('formatSeal', () => {
  it('is a checkpoint with the day, the seal before and the list in lines of their own', () => {
    expect(formatSeal(aSeal())).toBe(
      [
        'intercom-retention/a86dr8yl/2026-11-20',
        '1234',
        'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=',
        'day 2026-11-20',
        'previous AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=',
        'leaves AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=',
        'late 2',
        '',
      ].join('\n'),
    );
  });

  it('says none before the first', () => {
    expect(formatSeal(aSeal({ previous: undefined }))).toContain('\nprevious none\n');
  });

  it('says until when it holds where the day was not over', () => {
    const until = instantFromIso('2026-11-20T12:34:56.789Z');
    expect(formatSeal(aSeal({ until }))).toMatch(/\nlate 2\nuntil 2026-11-20T12:34:56\.789Z\n$/);
  });
});

describe('parseSeal', () => {
  it.each([
    {},
    { until: instantFromIso('2026-11-20T12:34:56.789Z') },
    { size: 0, previous: undefined },
    { workspaceId: brandId<WorkspaceId>('a/b') },
  ])('reads what formatSeal writes, changed by %j', (changes) => {
    expect(parseSeal(signed(aSeal(changes), formatSeal(aSeal(changes))))).toEqual(aSeal(changes));
  });

  it('reads no text with a line more, less or in another place', () => {
    const lines = formatSeal(aSeal()).split('\n').slice(0, -1);
    const textOf = (some: readonly string[]) => some.map((line) => `${line}\n`).join('');
    expect(parseSeal(signed(aSeal(), textOf(lines)))).toBeDefined();
    for (const at of lines.keys()) {
      expect(parseSeal(signed(aSeal(), textOf(lines.toSpliced(at, 1))))).toBeUndefined();
      expect(parseSeal(signed(aSeal(), textOf(lines.toSpliced(at, 0, 'more'))))).toBeUndefined();
    }
    expect(parseSeal(signed(aSeal(), textOf(lines.with(3, 'day 2026-11-21'))))).toBeUndefined();
    expect(parseSeal(signed(aSeal(), textOf(lines.toReversed())))).toBeUndefined();
    expect(parseSeal(signed(aSeal(), textOf(lines).slice(0, -1)))).toBeUndefined();
  });

  it('reads no note with another signature than the one of a key of this workspace, nor with one more', async () => {
    const note = await signSeal(aSeal(), aSigner());
    const lines = note.split('\n').slice(0, -1);
    const more = [
      '— The-Data-Protection-Commission-of-Ireland AAAAAAA=',
      (await signSeal(aSeal(), aSigner())).split('\n').at(-2)!,
      lines.at(-1)!,
    ];
    for (const line of more) {
      for (const at of [lines.length - 1, lines.length]) {
        const changed = parseSignedNote(`${lines.toSpliced(at, 0, line).join('\n')}\n`)!;
        expect(changed.signatures).toHaveLength(2);
        expect(parseSeal(changed)).toBeUndefined();
      }
    }
    const renamed = note.replace('— intercom-retention/a86dr8yl ', '— intercom-retention/other ');
    expect(parseSeal(parseSignedNote(note)!)).toEqual(aSeal());
    expect(parseSeal(parseSignedNote(renamed)!)).toBeUndefined();
  });
});

describe('signSeal', () => {
  it('signs under the name of the project and the workspace', async () => {
    const signer = aSigner();
    const note = parseSignedNote(await signSeal(aSeal(), signer))!;
    expect(isNoteSignedBy(note, 'intercom-retention/a86dr8yl', signer.publicKey)).toBe(true);
    expect(parseSeal(note)).toEqual(aSeal());
  });

  it('refuses a workspace whose id cannot stand in the name of a key', async () => {
    const sign = signSeal(aSeal({ workspaceId: brandId('a b') }), aSigner());
    await expect(sign).rejects.toThrow(ConfigurationError);
    await expect(sign).rejects.toThrow('The workspace id "a b" cannot stand in a seal');
  });
});

describe('parseCheckpoint', () => {
  /** The example of https://c2sp.org/tlog-checkpoint. */
  const example = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';

  it('reads the example of the format', () => {
    expect(parseCheckpoint(example)).toEqual({
      origin: 'example.com/behind-the-sofa',
      size: 20_852_163,
      root: Buffer.from('CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=', 'base64'),
      extensions: [],
    });
  });

  it.each([
    ['no origin', example.replace('example.com/behind-the-sofa', '')],
    ['a size with a zero in front', example.replace('2085', '02085')],
    ['a negative size', example.replace('2085', '-2085')],
    ['a size that is no number', example.replace('2085', 'x')],
    ['a short root', example.replace('CsUY', '')],
    ['a root with a blank', example.replace('CsUY', ' CsUY')],
    ['no end', example.slice(0, -1)],
    ['an empty extension', `${example}\n`],
    ['two lines', 'a\n1\n'],
  ])('reads no text with %s', (_, text) => {
    expect(parseCheckpoint(text)).toBeUndefined();
  });

  it('reads back every checkpoint, and writes what it has read', () => {
    const line = fc.string({ minLength: 1, maxLength: 20 }).map((text) => text.replaceAll('\n', '-'));
    const checkpoint = fc.record({
      origin: line,
      size: fc.nat(),
      root: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes)),
      extensions: fc.array(line, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(checkpoint, (given) => {
        expect(parseCheckpoint(formatCheckpoint(given))).toEqual(given);
      }),
    );
  });
});
