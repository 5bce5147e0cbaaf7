import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { outcomeKey } from '#audit/keys.ts';
import { toOutcomeRecord } from '#audit/outcome-record.ts';
import { proveRecords } from '#cli/certificate/prove-records.ts';
import { findingText } from '#cli/export/export-finding.ts';
import { type ExportFormat, type ExportManifest, toRequest } from '#cli/export/export-manifest.ts';
import { type ExportDeps, runExport } from '#cli/export/run-export.ts';
import { verifyExport } from '#cli/export/verify-export.ts';
import { sealedDays } from '#cli/report/sealed-days.ts';
import { instantFromMs } from '#policy/instant.ts';
import { canonicalRecord } from '#seal/audit-record.ts';
import { plusDays, startOfDay, type UtcDay } from '#seal/utc-day.ts';
import { verifySeals } from '#seal/verify-seals.ts';
import { anOutcome, runIdOf } from '#support/audit-builders.ts';
import { aSigner } from '#support/key-signer.ts';
import { idOf, type SealedWorld, sealedWorld } from '#support/sealed-world.ts';

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let folder: string;
let folders = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const newFolder = (): string => join(folder, `export-${++folders}`);

function exportDays(
  sealed: SealedWorld,
  out: string,
  [from, to]: readonly [UtcDay, UtcDay],
  format: ExportFormat = 'ndjson',
  changes: Partial<ExportDeps> = {},
) {
  const { world, seals, workspaceId } = sealed;
  const deps = { audit: world.audit, seals, clock: world.clock, observe: () => {}, ...changes };
  const request = toRequest({ workspace_id: workspaceId, from, to, format });
  return runExport(deps, request, out, 'intercom-retention 0.0.0');
}

/** Every file with what it holds, by its path. */
async function contentOf(out: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(
    files.sort().map(async (path) => [path.slice(out.length + 1), await readFile(path, 'base64')]),
  );
  return Object.fromEntries(contents);
}

const linesOf = async (out: string, path: string): Promise<string[]> =>
  (await readFile(join(out, path), 'utf8')).split('\n').slice(0, -1);

const writeLines = (out: string, path: string, lines: readonly string[]): Promise<void> =>
  writeFile(join(out, path), lines.map((line) => `${line}\n`).join(''));

const readManifest = async (out: string): Promise<ExportManifest> =>
  JSON.parse(await readFile(join(out, 'manifest.json'), 'utf8'));

/** Changes the manifest, after it was made to list the files as they are now: what somebody would do who wants to deceive. */
async function editManifest(out: string, edit: (manifest: ExportManifest) => object = (same) => same) {
  const manifest = await readManifest(out);
  const files = await Promise.all(
    manifest.files.map(async (file) => {
      const text = await readFile(join(out, file.path)).catch(() => undefined);
      if (text === undefined) return file;
      const records = file.path.endsWith('.ndjson')
        ? text.filter((byte) => byte === 10).length
        : file.records;
      return { ...file, bytes: text.length, sha256: sha256(text), records };
    }),
  );
  await writeFile(join(out, 'manifest.json'), JSON.stringify(edit({ ...manifest, files })));
}

describe('runExport, ndjson', () => {
  let sealed: SealedWorld;
  let whole: string;
  let days: SealedWorld['days'];
  beforeAll(async () => {
    sealed = await sealedWorld();
    days = sealed.days;
    whole = newFolder();
    await exportDays(sealed, whole, [days[0], days[2]]);
  });
  afterAll(() => sealed?.[Symbol.asyncDispose]());

  const copyOfWhole = async (): Promise<string> => {
    const copy = newFolder();
    await cp(whole, copy, { recursive: true });
    return copy;
  };
  const findingsOf = async (out: string, trusted?: Parameters<typeof verifyExport>[1]): Promise<string[]> =>
    (await verifyExport(out, trusted)).findings.map((finding) =>
      'record' in finding
        ? `${finding.kind} ${finding.path} ${finding.record.key.sk}`
        : [finding.kind, 'path' in finding ? finding.path : finding.day].join(' '),
    );

  it('holds every record of each day in its order, as the canonical text that was sealed', async () => {
    for (const day of days.slice(0, 3)) {
      const records = await Array.fromAsync(sealed.seals.dayRecords(sealed.workspaceId, day));
      expect(records.length).toBeGreaterThan(2);
      expect(await linesOf(whole, `records/${day}.ndjson`)).toEqual(records.map(canonicalRecord));
    }
  });

  it('lists every file with count, size and SHA-256, the notes and the public key', async () => {
    const manifest = await readManifest(whole);
    expect(manifest).toMatchObject({
      workspace_id: 'simulated',
      from: days[0],
      to: days[2],
      format: 'ndjson',
      tool: 'intercom-retention 0.0.0',
      newest_seal: days[2],
      public_keys: [{ key_id: sealed.signer.publicKey.fingerprint, pem: sealed.signer.publicKey.pem }],
    });
    expect(manifest.files.map(({ path }) => path)).toEqual([
      ...days.slice(0, 3).map((day) => `records/${day}.ndjson`),
      ...days.slice(0, 3).map((day) => `leaves/${day}.ndjson`),
    ]);
    for (const { path, bytes, records, sha256: digest } of manifest.files) {
      const text = await readFile(join(whole, path), 'utf8');
      expect([bytes, records, digest]).toEqual([
        Buffer.byteLength(text),
        text.split('\n').length - 1,
        sha256(text),
      ]);
    }
    const headers = await Array.fromAsync(sealed.seals.seals(sealed.workspaceId));
    expect(manifest.seals.map(({ note }) => note)).toEqual(headers.map(({ note }) => note));
    expect(Object.keys(await contentOf(whole))).toHaveLength(manifest.files.length + 1);
  });

  it('is verified by itself, also from the middle of the chain, and with the key that the reader trusts', async () => {
    expect(await verifyExport(whole, undefined)).toMatchObject({
      findings: [],
      proves: 'seals',
      records: 13,
      seals: 3,
      keys: [sealed.signer.publicKey.fingerprint],
    });
    const middle = newFolder();
    await exportDays(sealed, middle, [days[1], days[1]]);
    expect(await findingsOf(middle, [sealed.signer.publicKey])).toEqual([]);
    expect((await findingsOf(middle, [aSigner().publicKey])).toSorted()).toEqual([
      'nothing_proven manifest.json',
      ...[days[0], days[1]].map((day) => `signature_wrong ${day}`),
    ]);
  });

  const stranger = aSigner().publicKey;

  const path = (): string => `records/${days[1]}.ndjson`;
  const tampered = {
    'a record that was removed': async (out) => {
      const lines = await linesOf(out, path());
      await writeLines(out, path(), lines.toSpliced(1, 1));
    },
    'a record that was altered': async (out) => {
      const lines = await linesOf(out, path());
      await writeLines(
        out,
        path(),
        lines.with(1, lines[1]!.replace('"http_status":200', '"http_status":404')),
      );
    },
    'a record that was added': async (out) => {
      const lines = await linesOf(out, path());
      const added = lines[0]!.replace('CONV#1', 'CONV#10'); // sorts behind the record that it is made from
      await writeLines(out, path(), lines.toSpliced(1, 0, added));
    },
    'records that were reordered': async (out) => {
      const lines = await linesOf(out, path());
      await writeLines(out, path(), [lines[1]!, lines[0]!, ...lines.slice(2)]);
    },
    'a line that is none': async (out) => {
      const lines = await linesOf(out, path());
      await writeLines(out, path(), lines.with(0, lines[0]!.replace('{', '{ ')));
    },
    'a leaf list that was cut': async (out) => {
      const lines = await linesOf(out, `leaves/${days[1]}.ndjson`);
      await writeLines(out, `leaves/${days[1]}.ndjson`, lines.slice(1));
    },
    'a file that is missing': (out) => rm(join(out, path())),
    'a list that is missing': (out) => rm(join(out, `leaves/${days[1]}.ndjson`)),
    'a file too many': (out) => writeFile(join(out, 'records', '2030-01-01.ndjson'), ''),
  } satisfies Readonly<Record<string, (out: string) => Promise<void>>>;

  it.each<[keyof typeof tampered, () => string[], () => string[]]>([
    [
      'a record that was removed',
      () => [`file_altered ${path()}`, expect.stringMatching(/^removed records\/.* OUTCOME#/)],
      () => [expect.stringMatching(/^removed records\/.* OUTCOME#/)],
    ],
    [
      'a record that was altered',
      () => [`file_altered ${path()}`, expect.stringMatching(/^altered records\/.* OUTCOME#/)],
      () => [expect.stringMatching(/^altered records\/.* OUTCOME#/)],
    ],
    [
      'a record that was added',
      () => [`file_altered ${path()}`, expect.stringMatching(/^added records\/.* OUTCOME#/)],
      () => [expect.stringMatching(/^added records\/.* OUTCOME#/)],
    ],
    [
      'records that were reordered',
      () => [`file_altered ${path()}`, expect.stringMatching(/^reordered records\/.* OUTCOME#/)],
      () => [expect.stringMatching(/^reordered records\/.* OUTCOME#/)],
    ],
    [
      'a line that is none',
      () => [
        `file_altered ${path()}`,
        `line_unreadable ${path()}`,
        expect.stringMatching(/^removed records\/.* OUTCOME#/),
      ],
      () => [`line_unreadable ${path()}`, expect.stringMatching(/^removed records\/.* OUTCOME#/)],
    ],
    [
      'a leaf list that was cut',
      () => [`file_altered leaves/${days[1]}.ndjson`, `leaf_list_altered ${days[1]}`],
      () => [`leaf_list_altered ${days[1]}`],
    ],
    ['a file that is missing', () => [`file_missing ${path()}`], () => [`file_missing ${path()}`]],
    [
      'a list that is missing',
      () => [`file_missing leaves/${days[1]}.ndjson`, `leaf_list_altered ${days[1]}`],
      () => [`file_missing leaves/${days[1]}.ndjson`, `leaf_list_altered ${days[1]}`],
    ],
    [
      'a file too many',
      () => ['file_unexpected records/2030-01-01.ndjson'],
      () => ['file_unexpected records/2030-01-01.ndjson'],
    ],
  ])('names %s, against the manifest, and also when that was made to agree', async (what, plain, agreed) => {
    const out = await copyOfWhole();
    await tampered[what](out);
    expect(await findingsOf(out)).toEqual(plain());
    await editManifest(out);
    expect(await findingsOf(out)).toEqual(agreed());
    for (const finding of (await verifyExport(out, undefined)).findings) {
      expect(findingText(finding)).toMatch(/^\S.*\.$/);
    }
  });

  it.each<[string, (manifest: ExportManifest) => object, () => string[]]>([
    [
      'a note that was altered',
      ({ seals, ...others }) => ({
        ...others,
        seals: seals.with(1, { ...seals[1]!, note: seals[1]!.note.replace('\n6\n', '\n5\n') }),
      }),
      () => [`signature_wrong ${days[1]}`, `chain_broken ${days[2]}`],
    ],
    [
      'a seal that was taken out',
      ({ seals, files, ...others }) => ({
        ...others,
        seals: seals.toSpliced(1, 1),
        files: files.filter(({ path: each }) => each !== `leaves/${days[1]}.ndjson`),
      }),
      () => [`file_unexpected leaves/${days[1]}.ndjson`, `seal_missing ${days[1]}`],
    ],
    [
      'seals that were cut off at the end',
      ({ seals, files, ...others }) => ({
        ...others,
        seals: seals.slice(0, 2),
        files: files.filter(({ path: each }) => each !== `leaves/${days[2]}.ndjson`),
      }),
      () => [`file_unexpected leaves/${days[2]}.ndjson`, `seal_missing ${days[2]}`],
    ],
    [
      'a first seal that was cut off',
      ({ seals, files, ...others }) => ({
        ...others,
        seals: seals.slice(1),
        files: files.filter(({ path: each }) => each !== `leaves/${days[0]}.ndjson`),
      }),
      () => [
        `file_unexpected leaves/${days[0]}.ndjson`,
        `chain_broken ${days[1]}`,
        `seal_missing ${days[0]}`,
      ],
    ],
    [
      'a day less',
      ({ files, ...others }) => ({ ...others, files: files.slice(1) }),
      () => ['manifest_altered manifest.json', `file_unexpected records/${days[0]}.ndjson`],
    ],
    [
      'another span',
      (manifest) => ({ ...manifest, to: days[3] }),
      () => ['manifest_altered manifest.json', `seal_missing ${days[3]}`],
    ],
    [
      'another count beside a note',
      ({ seals, ...others }) => ({ ...others, seals: seals.with(0, { ...seals[0]!, record_count: 9 }) }),
      () => [`header_altered ${days[0]}`],
    ],
    [
      'another key beside a note',
      ({ seals, ...others }) => ({ ...others, seals: seals.with(2, { ...seals[2]!, key_id: 'trusted' }) }),
      () => [`header_altered ${days[2]}`],
    ],
    [
      "a stranger's key beside the one that signed",
      ({ public_keys: keys, ...others }) => ({
        ...others,
        public_keys: [...keys, { key_id: stranger.fingerprint, pem: stranger.pem }],
      }),
      () => ['key_unused manifest.json'],
    ],
    [
      "a stranger's fingerprint on the key that signed",
      ({ public_keys: [key], ...others }) => ({
        ...others,
        public_keys: [{ ...key, key_id: stranger.fingerprint }],
      }),
      () => ['key_unused manifest.json'],
    ],
    [
      "another's key",
      (manifest) => ({ ...manifest, public_keys: [] }),
      () => [0, 1, 2].map((day) => `signature_wrong ${days[day]}`),
    ],
    [
      'a path out of the folder',
      ({ files, ...others }) => ({ ...others, files: files.with(0, { ...files[0]!, path: '../x' }) }),
      () => ['manifest_altered manifest.json'],
    ],
    [
      'another workspace',
      (manifest) => ({ ...manifest, workspace_id: 'other' }),
      () => [0, 1, 2].map((day) => `signature_wrong ${days[day]}`),
    ],
  ])('names a manifest with %s', async (_, edit, expected) => {
    const out = await copyOfWhole();
    await editManifest(out, edit);
    expect((await findingsOf(out)).filter((finding) => !finding.startsWith('added'))).toEqual(
      expect.arrayContaining(expected()),
    );
    expect((await verifyExport(out, undefined)).findings.length).toBeGreaterThanOrEqual(expected().length);
  });

  it.each(['the key of the export', 'the key of the reader'])(
    'calls a folder without a day or a seal proven by nobody, with %s',
    async (whose) => {
      const out = newFolder();
      await mkdir(out);
      const nothing = { ...(await readManifest(whole)), files: [], seals: [], public_keys: [] };
      await writeFile(join(out, 'manifest.json'), JSON.stringify({ ...nothing, from: days[2], to: days[0] }));
      const keys = whose === 'the key of the reader' ? [sealed.signer.publicKey] : undefined;
      expect(await findingsOf(out, keys)).toEqual(['manifest_altered manifest.json']);

      const unsealed = newFolder();
      await exportDays(sealed, unsealed, [days[3], days[3]]);
      await editManifest(unsealed, (manifest) => ({ ...manifest, seals: [], public_keys: [] }));
      expect(await findingsOf(unsealed, keys)).toEqual([
        `seal_missing ${days[3]}`,
        'nothing_proven manifest.json',
      ]);
    },
  );

  it('accuses no record when the leaf lists of two days are swapped', async () => {
    const out = await copyOfWhole();
    const lists = [days[1], days[2]].map((day) => `leaves/${day}.ndjson`) as [string, string];
    const [one, other] = await Promise.all(lists.map((list) => linesOf(out, list)));
    await writeLines(out, lists[0], other!);
    await writeLines(out, lists[1], one!);
    await editManifest(out);
    expect(await findingsOf(out)).toEqual([`leaf_list_altered ${days[1]}`, `leaf_list_altered ${days[2]}`]);
  });

  it('names of the keys that the reader trusts those that signed', async () => {
    const { keys, findings } = await verifyExport(whole, [stranger, sealed.signer.publicKey]);
    expect(findings).toEqual([]);
    expect(keys).toEqual([sealed.signer.publicKey.fingerprint]);
  });

  it('names the days that no seal proves', async () => {
    const out = newFolder();
    await exportDays(sealed, out, [days[2], days[3]]);
    expect(await findingsOf(out)).toEqual([`seal_missing ${days[3]}`]);
  });

  it('follows no link out of the folder into what it does not list', async () => {
    const out = await copyOfWhole();
    await symlink('/etc/hostname', join(out, 'leaves', '2030-01-01.ndjson'));
    expect(await findingsOf(out)).toEqual(['file_unexpected leaves/2030-01-01.ndjson']);
  });
});

describe('a seal in the table whose counts, key and time somebody has changed', () => {
  let sealed: SealedWorld;
  let later: UtcDay;
  beforeAll(async () => {
    sealed = await sealedWorld();
    await addLateRecord(sealed, sealed.days[1]);
    await sealed.sealBefore(sealed.days[4]);
    later = sealed.days[3];
    await sealed.tamper(later, (item) => ({
      ...item,
      record_count: 9_999_999,
      late_count: 0,
      key_id: 'trusted-by-KPMG',
      sealed_at: '+275760-09-13T00:00:00.000Z',
    }));
  });
  afterAll(() => sealed?.[Symbol.asyncDispose]());

  it('is named, and shown to nobody', async () => {
    const { seals, workspaceId, signer } = sealed;
    const days = await Array.fromAsync(verifySeals(seals, { workspaceId }));
    expect(days.flatMap(({ findings }) => findings)).toEqual([{ kind: 'header_altered', day: later }]);
    const reported = await Array.fromAsync(sealedDays(seals, workspaceId));
    expect(reported.at(-1)).toEqual({
      day: later,
      recordCount: 1,
      lateCount: 1,
      keyId: signer.publicKey.fingerprint,
      until: undefined,
    });
  });

  it('hides no late record from a certificate', async () => {
    const { seals, workspaceId } = sealed;
    const record = (await seals.readRecord(outcomeKey(workspaceId, idOf(77), runIdOf(7))))!;
    const proven = await proveRecords(seals, workspaceId, new Map([['outcome', record]]));
    expect(proven.map(({ seal }) => seal.day)).toEqual([later]);
  });

  it('goes into an export as it was signed, late records and their list included', async () => {
    const { days, signer } = sealed;
    const out = newFolder();
    await exportDays(sealed, out, [days[0], days[1]]);
    expect((await readManifest(out)).seals.at(-1)).toMatchObject({
      day: later,
      record_count: 1,
      late_count: 1,
      key_id: signer.publicKey.fingerprint,
      sealed_at: '1970-01-01T00:00:00.000Z',
    });
    expect((await verifyExport(out, [signer.publicKey])).findings).toEqual([]);
  });

  it('is no seal to a report once its note is none, and its export is named, not refused', async () => {
    const { days, seals, workspaceId, tamper } = sealed;
    await tamper(days[1], (item) => ({ ...item, note: 'x', record_count: -1.5 }));
    const reported = await Array.fromAsync(sealedDays(seals, workspaceId));
    expect(reported.map(({ day }) => day)).toEqual([days[0], days[2], days[3]]);
    const out = newFolder();
    await exportDays(sealed, out, [days[0], days[1]]);
    const kinds = (await verifyExport(out, undefined)).findings.map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['chain_broken', 'signature_wrong']);
  });
});

/** Puts a record into a day, as a process whose put took very long. */
async function addLateRecord(
  { world, workspaceId }: SealedWorld,
  day: UtcDay,
  afterMs = 7_000,
): Promise<void> {
  const recordedAt = instantFromMs(startOfDay(day) + afterMs);
  const { client, tables } = world.store;
  const audit = createAuditTrail(client, tables.audit, { ...world.clock, now: () => recordedAt });
  await audit.putOutcome(anOutcome({ workspaceId, conversationId: idOf(77), runId: runIdOf(7), recordedAt }));
}

describe('runExport, late records', () => {
  it('takes along the later seal that answers for a record that came late', async () => {
    await using sealed = await sealedWorld();
    const { days } = sealed;
    await addLateRecord(sealed, days[1]);
    await sealed.sealBefore(days[4]);
    const out = newFolder();
    await exportDays(sealed, out, [days[0], days[1]]);
    const { files, seals } = await readManifest(out);
    expect(seals.map(({ day, late_count: lateCount }) => [day, lateCount])).toEqual([
      [days[0], 0],
      [days[1], 0],
      [days[2], 0],
      [days[3], 1],
    ]);
    expect(files.map(({ path }) => path).filter((path) => path.startsWith('leaves/'))).toEqual(
      [0, 1, 3].map((day) => `leaves/${days[day]}.ndjson`),
    );
    expect((await verifyExport(out, undefined)).findings).toEqual([]);

    // A later list that was made up does not cover for a record that was added.
    const listed = await linesOf(out, `leaves/${days[3]}.ndjson`);
    await writeLines(out, `leaves/${days[3]}.ndjson`, listed.slice(1));
    await editManifest(out);
    const { findings } = await verifyExport(out, undefined);
    expect(findings.map(({ kind }) => kind).toSorted()).toEqual(['added', 'leaf_list_altered']);
  });
});

describe('runExport, a day that was sealed as it stood', () => {
  it('says how many records no seal proves, until the next seal takes them in', async () => {
    await using sealed = await sealedWorld();
    const { days } = sealed;
    await sealed.sealBefore(days[4], { runningDayAtMs: 13 * 3_600_000 });
    await addLateRecord(sealed, days[3], 20 * 3_600_000);
    const [early, later] = [newFolder(), newFolder()];
    await exportDays(sealed, early, [days[2], days[3]]);
    const { findings } = await verifyExport(early, undefined);
    expect(findings).toEqual([{ kind: 'unsealed', day: days[3], records: 1 }]);
    expect(findings.map(findingText)).toEqual([
      `1 record of ${days[3]} came when the day had been sealed as it stood, and no seal of the export proves them.`,
    ]);
    await sealed.sealBefore(plusDays(days[4], 1));
    await exportDays(sealed, later, [days[2], days[3]]);
    expect((await verifyExport(later, undefined)).findings).toEqual([]);
  });
});

describe('runExport, csv and parquet', () => {
  let sealed: SealedWorld;
  beforeAll(async () => {
    sealed = await sealedWorld();
  });
  afterAll(() => sealed?.[Symbol.asyncDispose]());

  it('writes the outcomes as queried, confirmations joined, with line ends and header as RFC 4180 has them', async () => {
    const { days, world, workspaceId } = sealed;
    const out = newFolder();
    const { manifest } = await exportDays(sealed, out, [days[0], days[2]], 'csv');
    expect(manifest.files.map(({ path, records }) => [path, records])).toEqual(
      [0, 3, 0].map((records, day) => [`outcomes/${days[day]}.csv`, records]),
    );
    const text = await readFile(join(out, `outcomes/${days[1]}.csv`), 'utf8');
    const rows = text.split('\r\n');
    expect(rows.pop()).toBe('');
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n\uFEFF]|[^\x20-\x7e]/);
    const outcomes = await Array.fromAsync(world.audit.queryOutcomes(workspaceId, {}));
    expect(rows[0]).toBe(
      'workspace_id,conversation_id,outcome,reason,rule_id,policy_hash,run_id,trigger,retain_metrics,metrics_retained,planned_at,attempted_at,deleted_at,confirmed_at,http_status,intercom_request_id,facts.state,facts.created_at,facts.updated_at,facts.tag_ids,facts.team_id,facts.has_ticket',
    );
    expect(rows.slice(1).map((row) => row.split(',').slice(0, 3).join())).toEqual(
      outcomes.map(({ outcome }) => `simulated,${outcome.conversationId},deleted`),
    );
    expect(rows[1]).toContain(',true,true,');
    expect(await readFile(join(out, `outcomes/${days[0]}.csv`), 'utf8')).toBe(`${rows[0]}\r\n`);
  });

  it('keeps a spreadsheet from taking a cell for a formula', async () => {
    const out = newFolder();
    async function* queryOutcomes() {
      for (const reason of ['=cmd()', '+1', '-1', '@x', '\tx', '\rx', 'a"b,c', 'a\nb']) {
        yield { outcome: anOutcome({ reason }), confirmation: undefined };
      }
    }
    const { days } = sealed;
    await exportDays(sealed, out, [days[0], days[0]], 'csv', { audit: { queryOutcomes } });
    const text = await readFile(join(out, `outcomes/${days[0]}.csv`), 'utf8');
    const cells = [...text.matchAll(/,deleted,("(?:[^"]|"")*"|[^,]*),/g)].map(([, cell]) => cell);
    expect(cells).toEqual(["'=cmd()", "'+1", "'-1", "'@x", "'\tx", '"\'\rx"', '"a""b,c"', '"a\nb"']);
  });

  it('counts rows, not lines, in a CSV that has line ends and quotes in its cells', async () => {
    const out = newFolder();
    async function* queryOutcomes() {
      for (const reason of ['a\nb', '"\n', 'a\r\n"",\n"b', 'x']) {
        yield { outcome: anOutcome({ reason }), confirmation: undefined };
      }
    }
    const { days } = sealed;
    const span = [days[0], days[0]] as const;
    const { manifest } = await exportDays(sealed, out, span, 'csv', { audit: { queryOutcomes } });
    expect(manifest.files.map(({ records }) => records)).toEqual([4]);
    expect((await verifyExport(out, undefined)).findings).toEqual([]);
    for (const records of [3, 5, 9]) {
      await editManifest(out, ({ files, ...others }) => ({
        ...others,
        files: [{ ...files[0]!, records }],
      }));
      expect((await verifyExport(out, undefined)).findings).toEqual([
        { kind: 'file_altered', path: `outcomes/${days[0]}.csv` },
      ]);
    }
  });

  it('writes typed columns that another reader reads back', async () => {
    const { days, world, workspaceId } = sealed;
    const out = newFolder();
    await exportDays(sealed, out, [days[0], days[2]], 'parquet');
    const file = await asyncBufferFromFile(join(out, `outcomes/${days[1]}.parquet`));
    const outcomes = await Array.fromAsync(world.audit.queryOutcomes(workspaceId, {}));
    const timeOf = (value: unknown) => (typeof value === 'string' ? new Date(value) : null);
    expect(await parquetReadObjects({ file })).toEqual(
      outcomes.map((queried) => {
        const { facts, ...record } = toOutcomeRecord(queried);
        return {
          ...record,
          planned_at: timeOf(record.planned_at),
          attempted_at: timeOf(record.attempted_at),
          deleted_at: timeOf(record.deleted_at),
          confirmed_at: timeOf(record.confirmed_at),
          facts_state: facts.state,
          facts_created_at: timeOf(facts.created_at),
          facts_updated_at: timeOf(facts.updated_at),
          facts_tag_ids: facts.tag_ids,
          facts_team_id: facts.team_id,
          facts_has_ticket: facts.has_ticket,
        };
      }),
    );
    const schema = parquetSchema(await parquetMetadataAsync(file)).children.map(({ element }) => [
      element.name,
      element.converted_type ?? element.type,
    ]);
    expect(Object.fromEntries(schema)).toMatchObject({
      conversation_id: 'UTF8',
      retain_metrics: 'BOOLEAN',
      metrics_retained: 'BOOLEAN',
      deleted_at: 'TIMESTAMP_MILLIS',
      http_status: 'INT32',
      facts_tag_ids: 'LIST',
    });
    const empty = await asyncBufferFromFile(join(out, `outcomes/${days[0]}.parquet`));
    expect(await parquetReadObjects({ file: empty })).toEqual([]);
  });

  it.each(['csv', 'parquet'] as const)(
    'says of %s that its files are as they were, and of one that is not',
    async (format) => {
      const { days } = sealed;
      const out = newFolder();
      await exportDays(sealed, out, [days[0], days[2]], format);
      expect(await verifyExport(out, undefined)).toMatchObject({ findings: [], proves: 'files', records: 3 });
      const path = `outcomes/${days[1]}.${format}`;
      const bytes = await readFile(join(out, path));
      await writeFile(join(out, path), bytes.with(60, (bytes[60] ?? 0) ^ 1));
      expect((await verifyExport(out, undefined)).findings).toEqual([{ kind: 'file_altered', path }]);
      await rm(join(out, path));
      expect((await verifyExport(out, undefined)).findings).toEqual([{ kind: 'file_missing', path }]);
    },
  );
});

describe('runExport, interrupted', () => {
  let sealed: SealedWorld;
  beforeAll(async () => {
    sealed = await sealedWorld();
  });
  afterAll(() => sealed?.[Symbol.asyncDispose]());

  it.each(['ndjson', 'csv', 'parquet'] as const)(
    '%s: goes on wherever it was interrupted, and ends with the same bytes',
    async (format) => {
      const { days, seals, world, workspaceId } = sealed;
      const span = [days[0], days[2]] as const;
      const whole = newFolder();
      await exportDays(sealed, whole, span, format);
      const expected = await contentOf(whole);

      /** Dies at the `left`th item that it reads, or once the `left`th file is there. */
      async function* dying<Item>(items: AsyncIterable<Item>, left: { count: number }): AsyncGenerator<Item> {
        for await (const item of items) {
          if (left.count-- === 0) throw new Error('interrupted');
          yield item;
        }
      }
      const interrupted = (left: { count: number }): Partial<ExportDeps> => ({
        audit: { queryOutcomes: (...asked) => dying(world.audit.queryOutcomes(...asked), left) },
        seals: {
          ...seals,
          dayRecords: (...asked) => dying(seals.dayRecords(...asked), left),
          leafList: (...asked) => dying(seals.leafList(...asked), left),
        },
        observe: () => {
          if (left.count-- === 0) throw new Error('interrupted');
        },
        // A later process begins at another time, and other days may have been sealed.
        clock: { now: () => instantFromMs(world.clock.now() + 60_000) },
      });

      const out = newFolder();
      const first = await exportDays(sealed, out, span, format, {
        ...interrupted({ count: 0 }),
        clock: world.clock,
      }).catch(String);
      expect(first).toBe('Error: interrupted');
      await sealed.sealBefore(days[4]);
      let attempts = 1;
      for (let count = 0; count < 40; count += 1) {
        const ended = await exportDays(sealed, out, span, format, interrupted({ count })).catch(String);
        attempts += 1;
        if (typeof ended === 'object') break;
        expect(ended).toBe('Error: interrupted');
        expect(Object.keys(await contentOf(out))).not.toContain('manifest.json');
        await expect(verifyExport(out, undefined)).rejects.toThrow(
          `The export in ${out} is not complete; give the command that began it again.`,
        );
      }
      expect(attempts).toBeGreaterThan(3);
      expect(await contentOf(out)).toEqual(expected);
      expect((await exportDays(sealed, out, span, format)).origin).toBe('already_there');
      expect(workspaceId).toBe('simulated');
    },
  );

  it('writes a file again that was changed while the export was interrupted', async () => {
    const { days } = sealed;
    const span = [days[0], days[2]] as const;
    const [whole, out] = [newFolder(), newFolder()];
    await exportDays(sealed, whole, span);
    let files = 0;
    const observe = () => {
      files += 1;
      if (files === 2) throw new Error('interrupted');
    };
    await exportDays(sealed, out, span, 'ndjson', { observe }).catch(() => undefined);
    await writeFile(join(out, `records/${days[0]}.ndjson`), 'something else\n');
    const { origin } = await exportDays(sealed, out, span);
    expect(origin).toBe('resumed');
    expect(await contentOf(out)).toEqual(await contentOf(whole));
  });

  it('looks at no seal that was made after it had begun', async () => {
    await using world = await sealedWorld();
    const { days } = world;
    const span = [days[0], days[2]] as const;
    const [whole, out] = [newFolder(), newFolder()];
    await exportDays(world, whole, span);
    const observe = ({ path }: { readonly path: string }) => {
      if (path.startsWith('leaves/')) throw new Error('interrupted');
    };
    await exportDays(world, out, span, 'ndjson', { observe }).catch(() => undefined);
    await addLateRecord(world, days[1]);
    await world.sealBefore(days[4]);
    expect((await exportDays(world, out, span)).origin).toBe('resumed');
    expect(await contentOf(out)).toEqual(await contentOf(whole));
  });

  it('goes on where it died between any two steps of beginning and ending', async () => {
    const { days } = sealed;
    const span = [days[0], days[1]] as const;
    const [whole, out] = [newFolder(), newFolder()];
    await exportDays(sealed, whole, span);
    await mkdir(out);
    await writeFile(join(out, '.progress.ndjson.partial'), '{"layout":');
    expect((await exportDays(sealed, out, span)).origin).toBe('new');
    expect(await contentOf(out)).toEqual(await contentOf(whole));

    await writeFile(join(out, '.progress.ndjson'), 'the manifest was there, and this not yet gone');
    expect((await verifyExport(out, undefined)).findings).toEqual([]);
    expect((await exportDays(sealed, out, span)).origin).toBe('already_there');
    expect(await contentOf(out)).toEqual(await contentOf(whole));
  });

  it('refuses a folder with another export, with its beginning, or with anything else', async () => {
    const { days } = sealed;
    const out = newFolder();
    await exportDays(sealed, out, [days[0], days[1]]);
    const another = `${out} holds another export (simulated, ${days[0]} to ${days[1]}, ndjson); name another folder with --out.`;
    await expect(exportDays(sealed, out, [days[0], days[2]])).rejects.toThrow(another);
    await expect(exportDays(sealed, out, [days[0], days[1]], 'csv')).rejects.toThrow(another);

    const begun = newFolder();
    const observe = () => {
      throw new Error('interrupted');
    };
    await exportDays(sealed, begun, [days[0], days[1]], 'csv', { observe }).catch(() => undefined);
    await expect(exportDays(sealed, begun, [days[0], days[1]])).rejects.toThrow(
      `${begun} holds another export (simulated, ${days[0]} to ${days[1]}, csv); name another folder with --out.`,
    );

    const other = newFolder();
    await mkdir(other);
    await writeFile(join(other, 'notes.txt'), 'mine');
    await expect(exportDays(sealed, other, [days[0], days[1]])).rejects.toThrow(
      `${other} holds something that is not an export; name an empty or a new folder with --out.`,
    );
    expect(Object.keys(await contentOf(other))).toEqual(['notes.txt']);
    await expect(exportDays(sealed, join(other, 'notes.txt'), [days[0], days[1]])).rejects.toThrow(
      /notes\.txt is, or lies below, a file; name a folder with --out\.$/,
    );
  });
});
