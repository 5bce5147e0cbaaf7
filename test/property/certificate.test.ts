import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Certificate,
  certificateText,
  parseCertificate,
  readCertificateJson,
} from '#cli/certificate/certificate.ts';
import { certificatePage, dataOfPage } from '#cli/certificate/certificate-page.ts';
import { makeCertificate } from '#cli/certificate/make-certificate.ts';
import { readCertificate } from '#cli/certificate/read-certificate.ts';
import { verifyCertificate } from '#cli/certificate/verify-certificate.ts';
import { CliError } from '#cli/cli-error.ts';
import type { Signer } from '#seal/signing-key.ts';
import { aSigner } from '#support/key-signer.ts';
import { idOf, sealedWorld } from '#support/sealed-world.ts';

/** Of conversation 1 of an audit of its own. */
async function certificateOf(signer: Signer): Promise<Certificate> {
  await using sealed = await sealedWorld({ signer });
  const { world, seals, workspaceId } = sealed;
  const deps = { audit: world.audit, seals, clock: world.clock };
  return await makeCertificate(deps, workspaceId, idOf(1), 'intercom-retention 0.0.0');
}

const kindsOf = (certificate: Certificate): readonly string[] =>
  verifyCertificate(certificate, undefined).map(({ kind }) => kind);

const goldenOfTwoKeys = fileURLToPath(new URL('../golden/layout-2/whole.json', import.meta.url));

const printable = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at));

describe('verifyCertificate', () => {
  const signer = aSigner();
  let ours: Certificate;
  let ofOtherKey: Certificate;
  let ofSameKey: Certificate;
  beforeAll(async () => {
    [ours, ofOtherKey, ofSameKey] = await Promise.all([
      certificateOf(signer),
      certificateOf(aSigner('ecdsa_p256')),
      certificateOf(signer),
    ]);
  });

  it('finds nothing in a certificate as it was made', () => {
    for (const certificate of [ours, ofOtherKey, ofSameKey]) {
      expect(parseCertificate(certificateText(certificate))).toEqual(certificate);
      expect(kindsOf(certificate)).toEqual([]);
    }
    expect(verifyCertificate(ours, [signer.publicKey])).toEqual([]);
  });

  it('finds any one-character edit of what the certificate says or carries', () => {
    const text = certificateText(ours);
    const issuedAt = text.indexOf('"issued"');
    const edit = fc.record({
      at: fc.oneof(
        { weight: 6, arbitrary: fc.nat(text.length - 1) },
        { weight: 2, arbitrary: fc.constantFrom(...placesInNotes(text)) },
        { weight: 1, arbitrary: fc.integer({ min: issuedAt, max: text.length - 1 }) },
      ),
      sign: fc.constantFrom(...printable),
      how: fc.constantFrom('replace', 'insert', 'remove'),
    });
    fc.assert(
      fc.property(edit, ({ at, sign, how }) => {
        const rest = text.slice(how === 'insert' ? at : at + 1);
        const edited = `${text.slice(0, at)}${how === 'remove' ? '' : sign}${rest}`;
        fc.pre(edited !== text);
        expectFound(ours, parseCertificate(edited));
      }),
      { numRuns: 1_200 },
    );
  });

  it('says nothing in its issue but a time and the number of a version', () => {
    const at = fc.oneof(
      fc.string(),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.constantFrom('2026-01-18T12:00:00Z', '2026-01-18T12:00:00.000000001Z', '2026-02-30T12:00:00.000Z'),
    );
    const by = fc.oneof(
      fc.string(),
      fc.string().map((text) => `intercom-retention 0.1.0${text}`),
      fc.string().map((text) => `intercom-retention ${text}`),
      fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map((parts) => `intercom-retention ${parts.join('.')}`),
      fc.constant('intercom-retention 0.1.0, for the Data Protection Commission, which confirms it'),
    );
    fc.assert(
      fc.property(at, by, (at, by) => {
        const read = parseCertificate(certificateText({ ...ours, issued: { at, by } }));
        const isPlain = isTimeOfIssue(at) && isVersion(by);
        expect(read !== undefined).toBe(isPlain);
      }),
      { numRuns: 800 },
    );
  });

  it('finds a line or a member more wherever it is put', () => {
    const lines = certificateText(ours).split('\n');
    const names = fc.constantFrom('x', '__proto__', 'note', 'by', 'kind', 'names', 'verified_by');
    const values = fc.constantFrom('"Confirmed by the Data Protection Commission"', 'null', '{}', '[]', '1');
    const more = fc.oneof(
      fc.tuple(names, values).map(([name, value]) => `"${name}": ${value},`),
      fc.tuple(names, values).map(([name, value]) => `,"${name}": ${value}`),
      values.map((value) => `${value},`),
      values.map((value) => `,${value}`),
      fc.constantFrom('', ' ', '// Confirmed', '{}', ','),
    );
    fc.assert(
      fc.property(fc.nat(lines.length), more, (at, line) => {
        const text = lines.toSpliced(at, 0, line).join('\n');
        expect(parseCertificate(text), line).toBeUndefined();
        // However it is laid out, as the data of a page may be.
        const read = readCertificateJson(text);
        if (read === undefined || certificateText(read) === certificateText(ours)) return;
        expectFound(ours, read);
      }),
      { numRuns: 800 },
    );
  });

  it('finds every signature that is added to a note, before the right one and behind it', async () => {
    const [first] = ours.seals;
    const lines = first!.note.split('\n');
    const [own] = lines.slice(-2);
    const ofOthers = ofOtherKey.seals[0]!.note.split('\n').at(-2)!;
    for (const line of ['— The-Data-Protection-Commission-of-Ireland AAAAAAA=', own!, ofOthers, '', 'x']) {
      for (const at of lines.keys()) {
        const note = lines.toSpliced(at, 0, line).join('\n');
        const seals = ours.seals.with(0, { ...first!, note });
        expect(kindsOf({ ...ours, seals }), `${line} at ${at}`).not.toEqual([]);
      }
    }
  });

  it.each([
    ['half of a surrogate pair', '"\\ud800"'],
    ['a number that no program holds', '1e999'],
    ['lists in lists without end', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
  ])('takes no record for one that holds %s', (_, hostile) => {
    const text = certificateText(ours).replace('"kind": "plan"', `$&, "x": ${hostile}`);
    expect(() => JSON.parse(text)).not.toThrow();
    expect(readCertificateJson(text)).toBeUndefined();
    expect(parseCertificate(text)).toBeUndefined();
  });

  it('takes no claims for some that hold half of a surrogate pair', () => {
    const text = certificateText(ours).replace(/(?<="workspace_name": )"[^"]*"/, '"\\ud800"');
    expect(text).toContain('ud800');
    expect(readCertificateJson(text)).toBeUndefined();
  });

  it('finds every value that is edited so that the certificate can still be read', () => {
    const edits = fc.constantFrom(...placesOf(ours));
    fc.assert(
      fc.property(edits, fc.nat(1_000), (path, seed) => {
        const edited = parseCertificate(certificateText(editAt(ours, path, seed) as Certificate));
        fc.pre(edited !== undefined && JSON.stringify(edited) !== JSON.stringify(ours));
        expectFound(ours, edited);
      }),
      { numRuns: 400 },
    );
  });

  it('verifies no part of one audit in another: other key, other root, swapped records, edited claims', () => {
    const parts = ['claims', 'records', 'seals', 'public_keys'] as const;
    for (const other of [ofOtherKey, ofSameKey]) {
      for (let mask = 1; mask < 15; mask += 1) {
        const taken = parts.filter((_, at) => (mask & (1 << at)) !== 0);
        const mixed = { ...ours, ...Object.fromEntries(taken.map((part) => [part, other[part]])) };
        const isWhole = [ours, other].some((whole) =>
          parts.every((part) => JSON.stringify(mixed[part]) === JSON.stringify(whole[part])),
        );
        if (!isWhole) expect(kindsOf(mixed), taken.join()).not.toEqual([]);
      }
    }
  });

  it('verifies no record with the proof of another, and no certificate with a record more or less', () => {
    const { records } = ours;
    for (const [at, record] of records.entries()) {
      for (const [otherAt, { proof, leaf_index, seal_day }] of records.entries()) {
        if (otherAt === at) continue;
        const swapped = records.with(at, { ...record, proof, leaf_index, seal_day });
        expect(kindsOf({ ...ours, records: swapped }), record.role).toContain('proof_wrong');
      }
      expect(kindsOf({ ...ours, records: records.toSpliced(at, 1) }), record.role).toContain('claims_wrong');
      expect(kindsOf({ ...ours, records: records.toSpliced(at, 0, record) }), record.role).toEqual([
        'claims_wrong',
      ]);
    }
  });

  it('verifies nothing in another order', () => {
    for (const part of ['records', 'seals'] as const) {
      expect(kindsOf({ ...ours, [part]: ours[part].toReversed() }), part).not.toEqual([]);
    }
    const { certificate: ofTwoKeys } = readCertificate(goldenOfTwoKeys);
    expect(ofTwoKeys.public_keys).toHaveLength(2);
    expect(kindsOf(ofTwoKeys)).toEqual([]);
    expect(kindsOf({ ...ofTwoKeys, public_keys: ofTwoKeys.public_keys.toReversed() })).toContain(
      'key_unreadable',
    );
    const [first, ...rest] = ours.records;
    const document = Object.fromEntries(Object.entries(first!.document).toReversed());
    const reordered = certificateText({ ...ours, records: [{ ...first!, document }, ...rest] });
    expect(readCertificateJson(reordered)).toBeUndefined();
  });

  it('trusts only the keys that it is given', () => {
    const [key] = ofOtherKey.public_keys;
    expect(verifyCertificate(ofOtherKey, [signer.publicKey]).map(({ kind }) => kind)).toEqual(
      ofOtherKey.seals.map(() => 'key_not_trusted'),
    );
    expect(kindsOf({ ...ours, public_keys: [...ours.public_keys, key!] })).toEqual(['key_unreadable']);
    expect(kindsOf({ ...ours, public_keys: [] })).toContain('signature_wrong');
  });
});

describe('certificatePage', () => {
  it('finds any text that is put into it, or taken out of it', async () => {
    const page = certificatePage(await certificateOf(aSigner()));
    const folder = await mkdtemp(join(tmpdir(), 'certificate-'));
    const path = join(folder, 'changed.html');
    const findings = async (text: string): Promise<number> => {
      await writeFile(path, text);
      try {
        const { certificate, findings: ofFile } = readCertificate(path);
        return ofFile.length + verifyCertificate(certificate, undefined).length;
      } catch (error) {
        if (error instanceof CliError) return 1;
        throw error;
      }
    };
    const more = fc.constantFrom(
      '<p>Confirmed by the Data Protection Commission.</p>',
      'Confirmed',
      ' ',
      '\n',
      '<!-- -->',
      '\u200b',
      '<script type="application/json" id="certificate">',
    );
    try {
      expect(await findings(page)).toBe(0);
      await fc.assert(
        fc.asyncProperty(fc.nat(page.length), more, async (at, text) => {
          expect(await findings(page.slice(0, at) + text + page.slice(at))).toBeGreaterThan(0);
          if (at === page.length) return;
          expect(await findings(page.slice(0, at) + page.slice(at + text.length))).toBeGreaterThan(0);
        }),
        { numRuns: 150 },
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('carries its certificate whole, and shows a reader what it claims', async () => {
    const certificate = await certificateOf(aSigner());
    const { claims } = certificate;
    const page = certificatePage(certificate);
    const data = dataOfPage(page)!;
    expect(JSON.parse(data)).toEqual(certificate);
    const shown = page.replace(data, '');
    const words = [
      claims.workspace_id,
      claims.workspace_name,
      claims.conversation_id,
      claims.rule.id,
      claims.rule.description,
      claims.rule.legal_basis,
      ...claims.rule.condition.map(({ text }) => text),
      claims.policy_hash,
      'the state was closed',
      'its last activity was on 7 November 2023, 12:00:00 UTC',
      `<strong>${claims.approval?.by}</strong> (this plan)`,
      claims.plan.plan_id,
      claims.run.run_id,
      '<code>DELETE /conversations/1</code>, API version 2.16',
      `HTTP 200; Intercom’s request id <code>${claims.answer.intercom_request_id}</code>`,
      'retain_metrics: true',
      'metrics_retained: true',
      '<strong>16 January 2026, 12:00:00 UTC</strong>',
      '2026-01-17 12:00:00',
      ...certificate.records.map(({ leaf_hash }) => leaf_hash),
      ...certificate.seals.map(({ note }) => note.trimEnd()),
      certificate.public_keys[0]?.key_id,
    ];
    for (const word of words) expect(shown).toContain(word);
    expect(shown).not.toContain('class="caution"');
  });
});

const isTimeOfIssue = (text: string): boolean => {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text && /^\d{4}-/.test(text);
};
const isVersion = (text: string): boolean => /^intercom-retention \d{1,4}\.\d{1,4}\.\d{1,4}$/.test(text);

/** Either it is no certificate, or it does not verify, or all that was changed is when it was issued and by which version. */
function expectFound(ours: Certificate, edited: Certificate | undefined): void {
  if (edited === undefined) return;
  const { issued, ...rest } = edited;
  if (JSON.stringify({ ...rest, issued: ours.issued }) === JSON.stringify(ours)) {
    expect([isTimeOfIssue(issued.at), isVersion(issued.by)]).toEqual([true, true]);
    return;
  }
  expect(kindsOf(edited)).not.toEqual([]);
}

/** Every place in the text of the notes. */
const placesInNotes = (text: string): readonly number[] =>
  [...text.matchAll(/(?<="note": ")[^"]*"/g)].flatMap(({ index, 0: note }) =>
    Array.from(note, (_, at) => index + at),
  );

type Path = readonly (string | number)[];

/** The place of every value that is no object or list. */
function placesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, each]) =>
    placesOf(each, [...path, Array.isArray(value) ? Number(name) : name]),
  );
}

function editAt(value: unknown, [name, ...rest]: Path, seed: number): unknown {
  if (name === undefined) return edited(value, seed);
  const object = value as Record<string | number, unknown>;
  if (Array.isArray(value)) return value.with(Number(name), editAt(value[Number(name)], rest, seed));
  return { ...object, [name]: editAt(object[name], rest, seed) };
}

/** Another value that could stand in its place. */
function edited(value: unknown, seed: number): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1 + seed;
  if (typeof value !== 'string' || value === '') return 'x';
  const at = seed % value.length;
  const sign = value[at]!;
  const other = /\d/.test(sign) ? String((Number(sign) + 1) % 10) : sign === 'a' ? 'b' : 'a';
  return `${value.slice(0, at)}${other}${value.slice(at + 1)}`;
}
