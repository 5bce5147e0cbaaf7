import { execFile } from 'node:child_process';
import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inFolder } from '#cli/export/export-failure.ts';
import { writeChunks } from '#cli/export/export-files.ts';
import { plusDays } from '#seal/utc-day.ts';
import { type Desk, openDesk } from '#support/cli.ts';
import { type SealedWorld, sealedWorld } from '#support/sealed-world.ts';

const run = promisify(execFile);

describe('retention audit export', () => {
  let sealed: SealedWorld;
  let desk: Desk;
  beforeAll(async () => {
    sealed = await sealedWorld();
    desk = await openDesk(sealed.env);
    await desk.write('retention.yaml', sealed.policyText);
    await desk.write('key.pem', sealed.signer.publicKey.pem);
    await desk.write('file', '');
  });
  afterAll(async () => {
    await sealed?.[Symbol.asyncDispose]();
    await desk?.[Symbol.asyncDispose]();
  });

  it('exports, says so once more, and is verified somewhere else with nothing but the folder', async () => {
    const [from, , to, unsealed] = sealed.days;
    const command = ['audit', 'export', '--from', from, '--to', to, '--out', 'q1', '--format', 'ndjson'];
    expect(await desk.retention(...command)).toEqual({
      code: 0,
      stdout: '',
      stderr: 'q1: 13 records of 3 days, 3 seals.\n',
    });
    const again = await desk.retention(...command, '--json');
    expect(JSON.parse(again.stdout)).toEqual({
      folder: 'q1',
      origin: 'already_there',
      workspace_id: 'simulated',
      from,
      to,
      format: 'ndjson',
      days: 3,
      records: 13,
      seals: 3,
    });

    await using elsewhere = await openDesk();
    const verify = ['audit', 'verify', '--export', join(desk.folder, 'q1')];
    const trusting = await elsewhere.retention(...verify, '--public-key', join(desk.folder, 'key.pem'));
    expect(trusting).toMatchObject({ code: 0, stdout: '' });
    expect(trusting.stderr).toContain('13 records as sealed by 3 seals.\nSigned by the key that you gave');
    const document = JSON.parse((await elsewhere.retention(...verify, '--json')).stdout);
    expect(document).toEqual({
      fits: true,
      workspace_id: 'simulated',
      from,
      to,
      format: 'ndjson',
      proves: 'seals',
      records: 13,
      seals: 3,
      key_ids: [sealed.signer.publicKey.fingerprint],
      keys_are_trusted: false,
      findings: [],
    });

    const path = join(desk.folder, 'q1', 'records', `${sealed.days[1]}.ndjson`);
    await writeFile(path, (await readFile(path, 'utf8')).replace('"http_status":200', '"http_status":500'));
    const tampered = await elsewhere.retention(...verify);
    expect(tampered.code).toBe(4);
    expect(tampered.stderr).toMatch(
      /^records\/\S+ is not the file that the manifest lists\.\nrecords\/\S+: the outcome of conversation 1 in run \S+, recorded at \S+, is not what was sealed\.\n\S+ is not as it was exported and sealed: 2 findings\.\n$/,
    );

    const open = await desk.retention(...command.with(5, unsealed).with(7, 'open'));
    expect(open.stderr).toBe(
      'open: 13 records of 4 days, 3 seals.\n1 day has no seal yet, so that nothing proves their records; seal with "retention audit seal", and export again into another folder.\n',
    );
    expect(open.code).toBe(0);
  });

  it('is told of days on end without a seal in one line, from the folder and from the audit, and of each in JSON', async () => {
    const [first, , last] = sealed.days;
    const [from, to] = [plusDays(first, -40), plusDays(first, -1)];
    const early = ['audit', 'export', '--from', from, '--to', to, '--out', 'early', '--format', 'ndjson'];
    const exported = await desk.retention(...early);
    expect(exported.stderr).toBe(
      'early: 0 records of 40 days, 0 seals.\n40 days are before the first record of the audit: there is nothing to seal.\nNo day of the export is sealed, so it proves nothing: "retention audit verify --export" will say so.\n',
    );
    const verified = await desk.retention('audit', 'verify', '--export', 'early');
    expect(verified.stderr.split('\n').slice(0, 3)).toEqual([
      `${from} to ${to}: the seals of these days are not in the export, so that their records are not proven.`,
      'manifest.json lists no seal that is signed by a key that is trusted, so that the export proves nothing.',
      'early is not as it was exported and sealed: 41 findings.',
    ]);
    expect(verified.code).toBe(4);
    const { stdout } = await desk.retention('audit', 'verify', '--export', 'early', '--json');
    expect(JSON.parse(stdout).findings).toHaveLength(41);

    const until = plusDays(last, 30);
    const online = await desk.retention('audit', 'verify', '--to', until);
    expect(online.stderr.split('\n').slice(0, 2)).toEqual([
      `${plusDays(last, 1)} to ${until}:`,
      '  seal missing: these 30 days have no seal, though they must have one.',
    ]);
    expect(online.stderr).toContain('Not everything is as it was sealed: 30 seal missing.\n');
    expect(online.code).toBe(4);
    const document = JSON.parse((await desk.retention('audit', 'verify', '--to', until, '--json')).stdout);
    expect(document.days).toHaveLength(33);
  });

  it('speaks of days before the first record as such, and asks for no seal of them', async () => {
    const [first, , last] = sealed.days;
    const command = ['audit', 'export', '--from', plusDays(first, -40), '--to', last, '--out', 'long'];
    const { code, stderr } = await desk.retention(...command, '--format', 'ndjson');
    expect(stderr).toBe(
      'long: 13 records of 43 days, 3 seals.\n40 days are before the first record of the audit: there is nothing to seal.\n',
    );
    expect(code).toBe(0);
    expect((await desk.retention('audit', 'verify', '--export', 'long')).code).toBe(0);
  });

  it('is verified from inside its folder, and by a name with a slash behind it', async () => {
    const [from, , to] = sealed.days;
    const command = ['audit', 'export', '--from', from, '--to', to, '--out', 'named', '--format', 'csv'];
    await desk.retention(...command);
    await using inside = await openDesk();
    await cp(join(desk.folder, 'named'), inside.folder, { recursive: true });
    for (const name of ['.', './', `${inside.folder}/`, '././outcomes/..']) {
      const { code, stderr } = await inside.retention('audit', 'verify', '--export', name);
      expect(stderr, name).toContain('every file is as the manifest says');
      expect(code, name).toBe(0);
    }
    await inside.write('outcomes/added.csv', '');
    const { stderr } = await inside.retention('audit', 'verify', '--export', '.');
    expect(stderr).toMatch(/^outcomes\/added\.csv is not listed in the manifest\.\n/);
  });

  it('ends an export that was killed as if it had not been', { timeout: 90_000 }, async () => {
    const [from] = sealed.days;
    const command = (out: string) => [
      'audit',
      'export',
      '--from',
      from,
      '--to',
      '2026-02-28',
      '--out',
      out,
      '--format',
      'csv',
    ];
    const { child, ended } = desk.start(...command('killed'));
    const outcomes = join(desk.folder, 'killed', 'outcomes');
    while ((await readdir(outcomes).catch(() => [])).length < 5) await delay(5);
    child.kill('SIGKILL');
    expect(await ended).toMatchObject({ code: null });
    const left = await readdir(join(desk.folder, 'killed'));
    expect(left.toSorted()).toEqual(['.progress.ndjson', 'outcomes']);

    expect((await desk.retention(...command('killed'))).code).toBe(0);
    expect((await desk.retention(...command('whole'))).code).toBe(0);
    const contentOf = async (out: string) => {
      const files = (await readdir(join(desk.folder, out), { recursive: true })).toSorted();
      const texts = files.map((file) =>
        readFile(join(desk.folder, out, file), 'utf8').catch(() => 'a folder'),
      );
      // Each tells when it was begun, and only that may differ.
      return (await Promise.all(texts)).map((text, at) => [
        files[at],
        text.replace(/"exported_at": "[^"]*"/, ''),
      ]);
    };
    const killed = await contentOf('killed');
    expect(killed.length).toBe(47);
    expect(killed).toEqual(await contentOf('whole'));
  });

  interface BadInput {
    readonly what: string;
    readonly args: readonly string[];
    readonly says: RegExp;
  }
  const usual = { from: '2026-01-15', to: '2026-01-17', out: 'new', format: 'ndjson' } as const;
  const args = (changes: Readonly<Record<string, string | undefined>>): readonly string[] =>
    Object.entries({ ...usual, ...changes }).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name}`, value],
    );
  const badInputs: readonly BadInput[] = [
    {
      what: 'no first day',
      args: args({ from: undefined }),
      says: /required option '--from <day>' not specified/,
    },
    {
      what: 'no format',
      args: args({ format: undefined }),
      says: /required option '--format <format>' not specified/,
    },
    { what: 'a day that is none', args: args({ from: '2026-02-30' }), says: /Give a day such as 2026-01-31/ },
    {
      what: 'another format',
      args: args({ format: 'xlsx' }),
      says: /Allowed choices are ndjson, csv, parquet/,
    },
    {
      what: 'days in the wrong order',
      args: args({ from: '2026-01-18' }),
      says: /--from is later than --to; swap them\./,
    },
    {
      what: 'a day that is not over',
      args: args({ to: '2999-01-01' }),
      says: /2999-01-01 is not over yet \(UTC\); the last day that can be exported is 20/,
    },
    { what: 'too many days', args: args({ from: '1900-01-01' }), says: /more than ten years apart/ },
    { what: 'a file as the folder', args: args({ out: 'file' }), says: /^file is, or lies below, a file/ },
    {
      what: 'a folder with other things',
      args: args({ out: '.' }),
      says: /^\. holds something that is not an export/,
    },
  ];

  it.each(badInputs)('refuses $what with a sentence', async ({ args: given, says }) => {
    const refused = await desk.retention('audit', 'export', ...given);
    expect(refused.stderr).toMatch(says);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    await expect(stat(join(desk.folder, 'new'))).rejects.toThrow('ENOENT');
  });

  it.each([
    ['nowhere', /^nowhere holds no export: there is no manifest\.json in it that can be read\.\n$/],
    ['file', /^file holds no export/],
    ['broken', /^manifest\.json is not the manifest that this tool writes for these days\.\n/],
  ])('says of %s that it is no export to verify', async (folder, says) => {
    await using elsewhere = await openDesk();
    await elsewhere.write('file', '');
    if (folder === 'broken') {
      await run('mkdir', [join(elsewhere.folder, folder)]);
      await elsewhere.write('broken/manifest.json', '{"layout":1}');
    }
    const verified = await elsewhere.retention('audit', 'verify', '--export', folder);
    expect(verified.stderr).toMatch(says);
    expect(verified.code).toBe(folder === 'broken' ? 4 : 2);
  });

  it('tells a full disk, and what else a folder can have against it, in a sentence', async () => {
    const failing = (code: string) =>
      inFolder('out', () => Promise.reject(Object.assign(new Error(code), { code })));
    async function* chunks() {
      yield 'x';
    }
    await expect(inFolder('out', () => writeChunks('/dev/full', chunks()))).rejects.toThrow(
      'There is no room left for out; make some and give the same command again: it goes on where it stopped.',
    );
    await expect(failing('EDQUOT')).rejects.toThrow(/^There is no room left for out;/);
    for (const code of ['EACCES', 'EPERM', 'EROFS']) {
      await expect(failing(code)).rejects.toThrow(
        'out cannot be written; name a folder that you may write to with --out.',
      );
    }
    await expect(failing('EOTHER')).rejects.toThrow('EOTHER');
  });

  it.skipIf(process.getuid?.() === 0)('refuses a folder that may not be written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'export-'));
    try {
      await chmod(folder, 0o500);
      const refused = await desk.retention('audit', 'export', ...args({ out: folder }));
      expect(refused.stderr).toBe(
        `${folder} cannot be written; name a folder that you may write to with --out.\n`,
      );
      expect(refused.code).toBe(2);
    } finally {
      await chmod(folder, 0o700);
      await rm(folder, { recursive: true });
    }
  });
});

describe('promise 13: memory does not grow with an export', () => {
  const heapMb = 48;
  const records = 64_000;

  it.each([
    ['writes', 'csv'],
    ['writes', 'parquet'],
    ['writes and verifies', 'ndjson'],
  ])(
    `%s ${records} records as %s in a heap of ${heapMb} MB, which could not hold them`,
    {
      timeout: 120_000,
    },
    async (_, format) => {
      const folder = await mkdtemp(join(tmpdir(), 'export-memory-'));
      try {
        const script = fileURLToPath(new URL('../support/export-many.ts', import.meta.url));
        const command = [`--max-old-space-size=${heapMb}`, script, format, String(records), folder];
        const { stdout } = await run(process.execPath, command);
        const told = JSON.parse(stdout);
        expect(told.records).toBe(records);
        expect(told.megabytes).toBeGreaterThan(heapMb);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});
