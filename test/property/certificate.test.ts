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
import { verifyCertificate } from '#cli/certificate/verify-certificate.ts';
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
    // The date of issue is not part of the proof, and the certificate says so.
    const end = text.indexOf('"issued"');
    const edit = fc.record({
      at: fc.integer({ min: 0, max: end - 1 }),
      sign: fc.constantFrom(...printable),
      how: fc.constantFrom('replace', 'insert', 'remove'),
    });
    fc.assert(
      fc.property(edit, ({ at, sign, how }) => {
        const rest = text.slice(how === 'insert' ? at : at + 1);
        const edited = `${text.slice(0, at)}${how === 'remove' ? '' : sign}${rest}`;
        fc.pre(edited !== text);
        const parsed = parseCertificate(edited);
        expect(parsed === undefined ? ['unreadable'] : kindsOf(parsed)).not.toEqual([]);
      }),
      { numRuns: 800 },
    );
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
        expect(kindsOf(edited)).not.toEqual([]);
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

type Path = readonly (string | number)[];

/** The place of every value that is no object or list, but for the date of issue. */
function placesOf(value: unknown, path: Path = []): Path[] {
  if (path[0] === 'issued') return [];
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
