import { createHash, verify } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import canonicalize from 'canonicalize';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { type Certificate, certificateText } from '#cli/certificate/certificate.ts';
import { certificatePage } from '#cli/certificate/certificate-page.ts';
import { claimsOfRecords } from '#cli/certificate/claims-of-records.ts';
import { dayWords } from '#cli/certificate/moment-words.ts';
import { type Instant, instantFromMs } from '#policy/instant.ts';
import { dayMs, startOfDay, type UtcDay } from '#seal/utc-day.ts';
import { contactId } from '#simulator/personal-data.ts';
import { stoppedClock } from '#support/audit-builders.ts';
import { type CliResult, type Desk, openDesk } from '#support/cli.ts';
import { aSigner } from '#support/key-signer.ts';
import { type SealedWorld, sealedWorld, twoYearRule } from '#support/sealed-world.ts';
import { approvePlan } from '#sweep/approve-plan.ts';
import { planErasure, requestFor } from '#sweep/erase-contact.ts';
import type { Intercom } from '#sweep/ports.ts';
import { applyPlan } from '#sweep/run-retention.ts';

/** A desk at which the audit of a sealed world can be asked. */
async function deskOf(sealed: SealedWorld): Promise<Desk> {
  const desk = await openDesk(sealed.env);
  await desk.write('retention.yaml', sealed.policyText);
  await desk.write('key.pem', sealed.signer.publicKey.pem);
  return desk;
}

describe('retention audit certificate', () => {
  let sealed: SealedWorld;
  let desk: Desk;
  /** Somewhere else: no policy, no store. */
  let elsewhere: Desk;
  beforeAll(async () => {
    sealed = await sealedWorld();
    desk = await deskOf(sealed);
    elsewhere = await openDesk();
    expect((await desk.retention('audit', 'certificate', '1', '--out', 'one.html')).code).toBe(0);
    for (const name of ['one.html', 'one.json', 'key.pem']) {
      await writeFile(join(elsewhere.folder, name), await readFile(join(desk.folder, name)));
    }
    await elsewhere.write('other.pem', aSigner().publicKey.pem);
  });
  afterAll(async () => {
    await sealed?.[Symbol.asyncDispose]();
    await desk?.[Symbol.asyncDispose]();
    await elsewhere?.[Symbol.asyncDispose]();
  });

  const certificate = async (): Promise<Certificate> =>
    JSON.parse(await readFile(join(elsewhere.folder, 'one.json'), 'utf8'));

  it('says what was deleted, why, who approved it, and how, from the sealed records', async () => {
    const { claims, records, seals } = await certificate();
    const [first, second, third] = sealed.days;
    expect(claims).toMatchObject({
      workspace_id: 'simulated',
      conversation_id: '1',
      deleted_by_word_of: 'answer',
      deleted_at: `${second}T12:00:00.000Z`,
      rule: {
        id: twoYearRule.id,
        description: twoYearRule.description,
        legal_basis: twoYearRule.legal_basis,
      },
      approval: { by: 'privacy-officer', at: `${first}T12:00:00.000Z`, covers: 'plan' },
      request: { method: 'DELETE', path: '/conversations/1', api_version: '2.16', retain_metrics: true },
      answer: { http_status: 200, intercom_request_id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      confirmation: { metrics_retained: true, confirmed_at: `${third}T12:00:00.000Z` },
    });
    expect(records.map(({ role, seal_day }) => [role, seal_day])).toEqual([
      ['approval', first],
      ['plan', first],
      ['plan_chunk', first],
      ['intent', second],
      ['outcome', second],
      ['confirmation', third],
    ]);
    expect(seals.map(({ day }) => day)).toEqual([first, second, third]);
  });

  it.each(['one.html', 'one.json'])(
    'is verified alone, with no account, policy or store: %s',
    async (file) => {
      const verified = await elsewhere.retention(
        'audit',
        'verify',
        '--certificate',
        file,
        '--public-key',
        'key.pem',
      );
      expect(verified).toMatchObject({ code: 0, stdout: '' });
      expect(verified.stderr).toContain(
        'every statement of the certificate is proven.\nSigned by the key that you gave',
      );
      const untrusting = await elsewhere.retention('audit', 'verify', '--certificate', file, '--json');
      expect(untrusting.code).toBe(0);
      expect(JSON.parse(untrusting.stdout)).toEqual({
        fits: true,
        workspace_id: 'simulated',
        conversation_id: '1',
        deleted_at: `${sealed.days[1]}T12:00:00.000Z`,
        key_ids: [sealed.signer.publicKey.fingerprint],
        keys_are_trusted: false,
        sealed_late: [],
        findings: [],
      });
    },
  );

  it('can be followed by hand as the documentation says, with nothing of this project', async () => {
    const { records, seals, public_keys: keys } = await certificate();
    const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
      const hash = createHash('sha256');
      for (const part of parts) hash.update(part);
      return hash.digest();
    };
    for (const { document, leaf_hash: leafHash, leaf_index: index, proof, seal_day: day } of records) {
      const leaf = sha256(Buffer.of(0), canonicalize(document)!);
      expect(leaf.toString('hex')).toBe(leafHash);
      const { note } = seals.find((seal) => seal.day === day)!;
      const [, size, root] = note.split('\n');
      // RFC 9162, section 2.1.3.2
      let [node, last, hash] = [index, Number(size) - 1, leaf];
      for (const beside of proof.map((each) => Buffer.from(each, 'base64'))) {
        if (node % 2 === 1 || node === last) {
          hash = sha256(Buffer.of(1), beside, hash);
          while (node % 2 === 0 && node !== 0) [node, last] = [node >> 1, last >> 1];
        } else {
          hash = sha256(Buffer.of(1), hash, beside);
        }
        [node, last] = [node >> 1, last >> 1];
      }
      expect(last).toBe(0);
      expect(hash.toString('base64')).toBe(root);
    }
    for (const { note } of seals) {
      const [text = '', signature = ''] = note.split('\n\n');
      const bytes = Buffer.from(signature.trim().split(' ').at(-1)!, 'base64').subarray(4);
      expect(verify(null, Buffer.from(`${text}\n`), keys[0]!.pem, bytes)).toBe(true);
    }
  });

  it('names the key that it took from the certificate itself', async () => {
    const { stderr } = await elsewhere.retention('audit', 'verify', '--certificate', 'one.html');
    expect(stderr).toContain(
      `The key was taken from the certificate itself (SHA-256 ${sealed.signer.publicKey.fingerprint}): compare it`,
    );
  });

  interface Forgery {
    readonly what: string;
    readonly file: 'one.html' | 'one.json';
    readonly forge: (text: string) => string;
    readonly code: 2 | 4;
    readonly says: RegExp;
  }
  const editJson = (edit: (certificate: Certificate) => unknown) => (text: string) =>
    certificateText(edit(JSON.parse(text)) as Certificate);
  const forgeries: readonly Forgery[] = [
    {
      what: 'another time in the text of the page',
      file: 'one.html',
      forge: (text) => text.replace('<strong>16 January', '<strong>15 January'),
      code: 4,
      says: /^The page does not show what the certificate in it says/,
    },
    {
      what: 'a sentence less of what it does not prove',
      file: 'one.html',
      forge: (text) => text.replace(/<li>That no copy exists elsewhere.*\n/, ''),
      code: 4,
      says: /^The page does not show what the certificate in it says/,
    },
    {
      what: 'an edited claim',
      file: 'one.json',
      forge: editJson((one) => ({
        ...one,
        claims: { ...one.claims, deleted_at: '2020-01-01T00:00:00.000Z' },
      })),
      code: 4,
      says: /^What the certificate claims is not what its records say\./,
    },
    {
      what: 'an edited record',
      file: 'one.json',
      forge: (text) => text.replace(/(?<=\n {10}"by": )"privacy-officer"/, '"somebody-else"'),
      code: 4,
      says: /^The approval is not the record that was hashed\./,
    },
    {
      what: 'a sentence in the place of who issued it',
      file: 'one.json',
      forge: editJson((one) => ({
        ...one,
        issued: { ...one.issued, by: 'the Data Protection Commission, which confirms that it was deleted' },
      })),
      code: 2,
      says: /^one\.json is no certificate as this tool writes it/,
    },
    {
      what: 'a signature that nobody can check',
      file: 'one.json',
      forge: editJson((one) => ({
        ...one,
        seals: one.seals.map(({ day, note }) => ({
          day,
          note: `${note}— The-Data-Protection-Commission-of-Ireland AAAAAAA=\n`,
        })),
      })),
      code: 4,
      says: /^The note of 2026-01-15 is not the seal of that day as it was signed, or not in its place\./,
    },
    {
      what: 'white space that a program would not see',
      file: 'one.json',
      forge: (text) => text.replace('{\n', '{\n\n'),
      code: 2,
      says: /^one\.json is no certificate as this tool writes it; if it was one, somebody has changed it/,
    },
    {
      what: 'half of it',
      file: 'one.json',
      forge: (text) => text.slice(0, 900),
      code: 2,
      says: /is no certificate/,
    },
    {
      what: 'another page',
      file: 'one.html',
      forge: () => '<!doctype html>',
      code: 2,
      says: /is no certificate/,
    },
  ];

  it.each(forgeries)('is refused with $what', async ({ file, forge, code, says }) => {
    await using forger = await openDesk();
    const text = await readFile(join(elsewhere.folder, file), 'utf8');
    expect(forge(text)).not.toBe(text);
    await forger.write(file, forge(text));
    const verified = await forger.retention('audit', 'verify', '--certificate', file);
    expect(verified.stderr).toMatch(says);
    expect(verified.code).toBe(code);
  });

  it.each<['approval' | 'confirmation', string]>([
    ['approval', 'carries no approval of this deletion.'],
    ['confirmation', 'carries no confirmation from Intercom’s own list'],
  ])('claims no more than to carry no %s when it was left out', async (role, note) => {
    const whole = await certificate();
    const records = whole.records.filter((record) => record.role !== role);
    const worked = claimsOfRecords(whole.layout, records);
    if (!worked.ok) throw new Error(worked.problem);
    const seals = whole.seals.filter(({ day }) => records.some(({ seal_day }) => seal_day === day));
    const cut = { ...whole, claims: worked.claims, records, seals };
    await using reader = await openDesk();
    await reader.write('cut.json', certificateText(cut));
    const { code, stderr } = await reader.retention('audit', 'verify', '--certificate', 'cut.json');
    expect(code).toBe(0);
    expect(stderr).toContain(`proven.\nIt carries no ${role}; whether one was left out does not show.\n`);
    const page = certificatePage(cut);
    expect(page).toContain(`<strong>Note.</strong> This certificate ${note}`);
    expect(page).toContain(
      'That there is no approval or confirmation where this certificate carries none: leaving one out does not show.',
    );
  });

  it('is refused with a key that did not sign it', async () => {
    const keys = ['--public-key', 'other.pem'];
    const verified = await elsewhere.retention('audit', 'verify', '--certificate', 'one.html', ...keys);
    expect(verified.code).toBe(4);
    expect(verified.stderr).toContain('which is not one that you gave.');
    expect(verified.stderr).toContain('one.html proves nothing: 3 findings.');
  });

  interface BadInput {
    readonly what: string;
    readonly args: readonly string[];
    readonly says: RegExp;
  }
  const badInputs: readonly BadInput[] = [
    {
      what: 'a conversation that was never to be deleted',
      args: ['4', '--out', 'x.html'],
      says: /nothing to certify of conversation 4: no run of this workspace ever set out to delete it/,
    },
    { what: 'an id that is none', args: ['abc', '--out', 'x.html'], says: /"abc" is no conversation id/ },
    {
      what: 'a page of another kind',
      args: ['1', '--out', 'x.pdf'],
      says: /x\.pdf does not end with \.html/,
    },
    { what: 'a file that is there', args: ['1', '--out', 'one.html'], says: /one\.html is there already/ },
    { what: 'JSON that is there', args: ['1', '--out', 'taken.html'], says: /taken\.json is there already/ },
    {
      what: 'a folder that is not there',
      args: ['1', '--out', 'no/x.html'],
      says: /no\/x\.json cannot be written/,
    },
    { what: 'no file', args: ['1'], says: /required option '--out <file>' not specified/ },
  ];

  it.each(badInputs)('refuses $what with a sentence, and writes nothing', async ({ args, says }) => {
    await desk.write('taken.json', '{}');
    const refused = await desk.retention('audit', 'certificate', ...args);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(says);
    await expect(readFile(join(desk.folder, 'x.html'))).rejects.toThrow('ENOENT');
    await expect(readFile(join(desk.folder, 'x.json'))).rejects.toThrow('ENOENT');
  });

  it.each([
    [['--certificate', 'none.html'], /none\.html cannot be read; name a certificate/],
    [['--certificate', 'key.pem'], /key\.pem is no certificate as this tool writes it/],
    [['--certificate', 'one.json', '--public-key', 'one.json'], /one\.json must hold public keys/],
    [['--certificate', 'one.json', '--export', 'x'], /cannot be used with option/],
    [['--certificate', 'one.json', '--from', '2026-01-01'], /cannot be used with option/],
  ])('refuses to verify %j with a sentence', async (args, says) => {
    const refused = await elsewhere.retention('audit', 'verify', ...args);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(says);
  });
});

describe('retention audit certificate, of what is not all sealed, answered or known', () => {
  async function certify(
    sealed: SealedWorld,
    id: string,
  ): Promise<CliResult & { readonly certificate: Certificate }> {
    await using desk = await deskOf(sealed);
    await mkdir(join(desk.folder, 'out'));
    const result = await desk.retention('audit', 'certificate', id, '--out', 'out/c.html');
    const text = await readFile(join(desk.folder, 'out', 'c.json'), 'utf8').catch(() => 'null');
    const page = await readFile(join(desk.folder, 'out', 'c.html'), 'utf8').catch(() => '');
    return { ...result, stdout: page, certificate: JSON.parse(text) };
  }

  it('refuses while the deletion is in no seal, and says when to ask again', async () => {
    await using sealed = await sealedWorld({ sealed: 1 });
    const { code, stderr, certificate } = await certify(sealed, '1');
    expect(code).toBe(2);
    expect(stderr).toBe(
      `The intent of conversation 1, recorded on ${sealed.days[1]}, is in no seal yet; a day can be sealed an hour after its end (UTC) with "retention audit seal", and today with "--today": ask again then.\n`,
    );
    expect(certificate).toBeNull();
  });

  it('says on its face that Intercom has not confirmed, as long as that is not sealed', async () => {
    await using sealed = await sealedWorld({ sealed: 2 });
    const { code, stdout: page, certificate } = await certify(sealed, '1');
    expect(code).toBe(0);
    expect(certificate.claims).toMatchObject({ deleted_by_word_of: 'answer', confirmation: null });
    expect(certificate.records.map(({ role }) => role)).not.toContain('confirmation');
    expect(page).toContain(
      '<strong>Note.</strong> This certificate carries no confirmation from Intercom’s own list',
    );
    expect(page).not.toContain('Its figures');
  });

  /** The request takes effect, and its answer is lost. */
  const losesAnswers = (real: Intercom): Intercom => {
    const send = real.delete.bind(real);
    return Object.assign(real, {
      async delete(...request: Parameters<Intercom['delete']>) {
        await send(...request);
        return { kind: 'lost', cause: 'timeout', httpStatus: null, requestId: null };
      },
    });
  };

  it('rests on Intercom’s list where the answer was lost, and says so', async () => {
    await using sealed = await sealedWorld({ intercom: losesAnswers });
    const { code, stdout: page, certificate } = await certify(sealed, '1');
    expect(code).toBe(0);
    expect(certificate.claims).toMatchObject({
      deleted_by_word_of: 'deleted_list',
      answer: { answered_at: null, http_status: null, intercom_request_id: null },
    });
    expect(page).toContain(
      'The answer to the request to delete it was lost. Intercom’s own list of deleted conversations names it.',
    );
  });

  it('refuses where the answer was lost and the confirmation is not sealed', async () => {
    await using sealed = await sealedWorld({ intercom: losesAnswers, sealed: 2 });
    const { code, stderr } = await certify(sealed, '1');
    expect(code).toBe(2);
    expect(stderr).toContain(
      "was lost, and Intercom's word that confirms it is not sealed yet; a day can be sealed",
    );
  });

  it('says on its face when no approval is in the sealed audit', async () => {
    await using sealed = await sealedWorld({
      approval: 'not_in_audit',
      policy: { approval: 'standing', rules: [twoYearRule] },
    });
    const { code, stdout: page, certificate } = await certify(sealed, '1');
    expect(code).toBe(0);
    expect(certificate.claims.approval).toBeNull();
    expect(page).toContain('<strong>Note.</strong> This certificate carries no approval of this deletion.');
  });

  it.each([
    ['plan', 'each_run'],
    ['policy', 'standing'],
  ])('keeps to the sealed approval of the %s when another is written behind it', async (covers, approval) => {
    await using sealed = await sealedWorld({ policy: { approval, rules: [twoYearRule] } });
    const { audit } = sealed.world;
    const acts = await Array.fromAsync(audit.acts(sealed.workspaceId));
    const approved = acts.find(({ kind }) => kind === 'approved')!;
    await audit.putAct({ ...approved, at: instantFromMs(approved.at + 1_000), by: 'somebody-else' });
    const { code, certificate } = await certify(sealed, '1');
    expect(code).toBe(0);
    expect(certificate.claims.approval).toMatchObject({ by: 'privacy-officer', covers });
  });

  /** Writes another approval behind the one that there is, or in its stead: as of `at`, and as if it were recorded at `recordedAt`. */
  async function forgeApproval(
    sealed: SealedWorld,
    forged: { at: Instant; recordedAt: Instant; by?: string },
  ) {
    const { store, audit } = sealed.world;
    const acts = await Array.fromAsync(audit.acts(sealed.workspaceId));
    const real = acts.find(({ kind }) => kind === 'approved');
    const [plan] = await Array.fromAsync(sealed.world.state.plans(sealed.workspaceId));
    const backdated = createAuditTrail(store.client, store.tables.audit, stoppedClock(forged.recordedAt));
    await backdated.putAct({
      workspaceId: sealed.workspaceId,
      kind: 'approved',
      subject: plan!.planId,
      details: { policy_hash: plan!.policyHash, covers: real?.details['covers'] ?? 'policy' },
      at: forged.at,
      by: forged.by ?? 'chief-privacy-officer',
    });
  }
  const noonOf = (day: UtcDay, plusMs: number): Instant =>
    instantFromMs(startOfDay(day) + dayMs / 2 + plusMs);

  it.each([
    ['plan', 'each_run', 'late, with the seal after the deletion', 3],
    ['policy', 'standing', 'late, with the seal after the deletion', 3],
    ['plan', 'each_run', 'late, with the seal of the day of the deletion', 1],
  ] as const)(
    'keeps to the approval of the %s (%s) that was sealed first when another is sealed %s',
    async (covers, approval, _, daysSealedBefore) => {
      const policy = { approval, rules: [twoYearRule] };
      await using sealed = await sealedWorld({ policy, sealed: daysSealedBefore });
      const at = noonOf(sealed.days[0], 1_000);
      await forgeApproval(sealed, { at, recordedAt: at });
      await sealed.sealBefore(sealed.days[4]);
      const { code, stdout: page, certificate } = await certify(sealed, '1');
      expect(code).toBe(0);
      expect(certificate.claims).toMatchObject({
        approval: { by: 'privacy-officer', covers },
        sealed_late: [],
      });
      expect(page).not.toContain('class="caution"');
    },
  );

  /** Nobody wrote an approval down. */
  const unwritten = {
    approval: 'not_in_audit',
    policy: { approval: 'standing', rules: [twoYearRule] },
  } as const;

  it('takes no approval for one that was dated before the deletion and written after it', async () => {
    await using sealed = await sealedWorld(unwritten);
    await forgeApproval(sealed, { at: noonOf(sealed.days[0], 0), recordedAt: noonOf(sealed.days[3], 0) });
    await sealed.sealBefore(sealed.days[4]);
    const { code, certificate } = await certify(sealed, '1');
    expect(code).toBe(0);
    expect(certificate.claims).toMatchObject({ approval: null, sealed_late: [] });
  });

  it('warns of an approval that was sealed after the deletion, and nobody can take the warning out', async () => {
    await using sealed = await sealedWorld(unwritten);
    const [first, second, , fourth, fifth] = sealed.days;
    const at = noonOf(first, 1_000);
    await forgeApproval(sealed, { at, recordedAt: at });
    await sealed.sealBefore(fifth);
    const { code, stdout: page, certificate } = await certify(sealed, '1');
    expect(code).toBe(0);
    expect(certificate.claims).toMatchObject({
      approval: { by: 'chief-privacy-officer' },
      sealed_late: [{ role: 'approval', recorded_on: first, seal_day: fourth }],
    });
    const warning = `The approval is dated ${dayWords(first)}, but is only in the seal of ${dayWords(fourth)}, and the deletion began on ${dayWords(second)}.`;
    expect(page).toContain(`<p class="caution"><strong>Warning. ${warning} It may have been written after`);
    expect(page).toContain(
      `</strong> (this policy, for every plan by it); only in the seal of ${dayWords(fourth)}</td>`,
    );

    await using reader = await openDesk();
    const verify = async (name: string, text: string) => {
      await reader.write(name, text);
      return await reader.retention('audit', 'verify', '--certificate', name);
    };
    const whole = await verify('whole.html', page);
    expect(whole.code).toBe(0);
    expect(whole.stderr).toContain(`\nWarning: ${warning}`);

    const { claims } = certificate;
    const silent = { ...certificate, claims: { ...claims, sealed_late: [] } };
    for (const text of [certificateText(silent), certificatePage(silent)]) {
      const name = text.startsWith('{') ? 'silent.json' : 'silent.html';
      const { code, stderr } = await verify(name, text);
      expect(stderr).toMatch(/^What the certificate claims is not what its records say\./);
      expect(code).toBe(4);
    }
    const { sealed_late: _, names: __, ...older } = claims;
    const layout = 'intercom-retention/certificate/1';
    const asFirst = await verify('first.json', certificateText({ ...certificate, layout, claims: older }));
    expect(asFirst.stderr).toMatch(
      /^The approval was sealed later than with its own day, which a certificate of this layout does not show/,
    );
    expect(asFirst.code).toBe(4);
  });

  it('keeps to the approval in the seal of its own day when an earlier one came late into that seal', async () => {
    await using sealed = await sealedWorld({ ...unwritten, sealed: 1 });
    const inTime = noonOf(sealed.days[1], -1_000);
    await forgeApproval(sealed, { at: inTime, recordedAt: inTime, by: 'privacy-officer' });
    const late = noonOf(sealed.days[0], 0);
    await forgeApproval(sealed, { at: late, recordedAt: late });
    await sealed.sealBefore(sealed.days[4]);
    const { certificate } = await certify(sealed, '1');
    expect(certificate.claims).toMatchObject({ approval: { by: 'privacy-officer' }, sealed_late: [] });
  });

  it('warns of an approval that came late into the seal of the day of the deletion, which may be the later', async () => {
    await using sealed = await sealedWorld({ ...unwritten, sealed: 1 });
    const [first, second, , , fifth] = sealed.days;
    const at = noonOf(first, 1_000);
    await forgeApproval(sealed, { at, recordedAt: at });
    await sealed.sealBefore(fifth);
    const { stdout: page, certificate } = await certify(sealed, '1');
    expect(certificate.claims.sealed_late).toEqual([
      { role: 'approval', recorded_on: first, seal_day: second },
    ]);
    expect(page).toContain(
      `<strong>Warning. The approval is dated ${dayWords(first)}, but is only in the seal`,
    );
  });

  it('says on its face of any other record that it was sealed late', async () => {
    await using sealed = await sealedWorld({ sealed: 0 });
    const [, , third, fourth, fifth] = sealed.days;
    await sealed.sealBefore(fourth, { runningDayAtMs: dayMs / 4 });
    await sealed.sealBefore(fifth);
    const { code, stdout: page, certificate } = await certify(sealed, '1');
    expect(code).toBe(0);
    expect(certificate.claims.sealed_late).toEqual([
      { role: 'confirmation', recorded_on: third, seal_day: fourth },
    ]);
    expect(page).toContain(
      `<strong>Note.</strong> Sealed later than with the day of its date: the confirmation of ${dayWords(third)}, in the seal of ${dayWords(fourth)}. A record`,
    );
    expect(page).not.toContain('Warning.');
  });

  it('connects the names in the rule with the ids among the facts', async () => {
    const when = {
      ...twoYearRule.when,
      tags: { any: ['refund', 'billing'], none: ['vip'] },
      team: 'Support',
    };
    await using sealed = await sealedWorld({
      policy: { approval: 'each_run', rules: [{ ...twoYearRule, when }] },
      conversations: [{ updatedDaysAgo: 800, tags: ['refund', 'spam'], team: 'Support' }],
    });
    const { code, stdout: page, certificate } = await certify(sealed, '1');
    expect(code).toBe(0);
    const { names, facts } = certificate.claims;
    const idOfTag = (wanted: string) => names!.tags.find(({ name }) => name === wanted)!.id;
    expect(names!.tags.map(({ name }) => name)).toEqual(['billing', 'refund', 'vip']);
    expect(names!.teams).toEqual([{ name: 'Support', id: facts.planned.team_id }]);
    expect(facts.planned.tag_ids).toContain(idOfTag('refund'));
    const unnamed = facts.planned.tag_ids!.find((id) => id !== idOfTag('refund'))!;
    const ids = facts.planned.tag_ids!.map((id) => (id === unnamed ? id : `${id} (“refund”)`)).join(', ');
    expect(page).toContain(
      `tags with the ids ${ids}; the team with the id ${facts.planned.team_id} (“Support”); `,
    );
    expect(page).toContain(`the tag “vip” was <code>${idOfTag('vip')}</code>`);
  });

  it('names an approval of the policy as what it is, and facts of which the audit keeps no copy', async () => {
    const rules = [{ ...twoYearRule, when: { ...twoYearRule.when, parts: { at_least: 0 } } }];
    await using sealed = await sealedWorld({ policy: { approval: 'standing', rules } });
    const { stdout: page, certificate } = await certify(sealed, '1');
    expect(certificate.claims.approval?.covers).toBe('policy');
    expect(certificate.claims.rule.facts_not_kept).toEqual(['parts']);
    expect(page).toContain('(this policy, for every plan by it)');
    expect(page).toContain('The rule also looked at: parts. The audit keeps no copy of that');
  });

  it('certifies an erasure by the rule that was made for the contact, and tells nothing else of it', async () => {
    const conversations = [{ updatedDaysAgo: 800 }, { updatedDaysAgo: 10, contacts: [7] }];
    await using sealed = await sealedWorld({ sealed: 0, conversations });
    const { world, workspaceId, days } = sealed;
    const own = world.request({ approval: 'each_run', rules: [twoYearRule] });
    const plan = await planErasure(world.deps(), own, {
      contact: { by: 'id', value: contactId(7) },
      retainMetrics: false,
      reason: 'Request 42',
      by: 'agent',
    });
    const { planId } = plan;
    const request = requestFor(plan, own);
    await approvePlan(world.deps(), { ...request, workspaceId, planId, by: 'privacy-officer' });
    await applyPlan(world.deps(), { ...request, planId });
    await sealed.sealBefore(days[4]);

    const { code, stdout: page, certificate } = await certify(sealed, '2');
    expect(code).toBe(0);
    expect(certificate.claims).toMatchObject({
      rule: {
        id: 'erasure',
        condition: [{ depth: 0, text: `the contact who takes part is “${contactId(7)}”` }],
        despite: ['minimum_age', 'open'],
        facts_not_kept: ['contact'],
      },
      request: { retain_metrics: false },
      run: { trigger: 'erasure' },
      approval: { by: 'privacy-officer', covers: 'plan' },
    });
    expect(page).toContain('begun by a request for erasure');
    expect(page).toContain('The rule sets these protections aside: minimum_age, open.');
    expect(page).not.toContain('Request 42');
  });

  it('makes nothing of a record that was altered after it was sealed', async () => {
    await using sealed = await sealedWorld();
    await sealed.tamper('OUTCOME#', (item) => ({ ...item, http_status: 204 }));
    const { code, stderr } = await certify(sealed, '1');
    expect(code).toBe(2);
    expect(stderr).toContain(
      `The audit of conversation 1 does not agree with its seals: The proof of the outcome does not lead to the seal of ${sealed.days[1]}. Run "retention audit verify".`,
    );
  });
});
