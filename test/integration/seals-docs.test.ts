import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalRecord } from '#seal/audit-record.ts';
import { leafLine } from '#seal/leaf-list.ts';
import { parseSeal } from '#seal/seal-note.ts';
import { parseSignedNote } from '#seal/signed-note.ts';
import { aSigner } from '#support/key-signer.ts';
import { listName, memorySealStore } from '#support/memory-seal-store.ts';
import { afterDays, aRecord, seal, timeOf } from '#support/seal-world.ts';

const page = readFileSync(new URL('../../docs/seals.md', import.meta.url), 'utf8');
const section = page.slice(page.indexOf('## Verify without this tool'));

const block = (language: string): string => {
  const [, code] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(section) ?? [];
  return code!;
};

const has = (program: string, flag: string): boolean => spawnSync(program, [flag]).status === 0;
/** What these tests run is not the project's own; where it is missing, they say so. */
const tools = { openssl: has('openssl', 'version'), python3: has('python3', '--version') };

// Each check is a process of its own.
describe('docs/seals.md', { timeout: 120_000 }, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'retention-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const inFolder = (program: string, ...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
    return { status, text: stdout + stderr };
  };

  async function writeSeal(algorithm: 'ed25519' | 'ecdsa_p256', count: number) {
    const signer = aSigner(algorithm);
    const records = Array.from({ length: count }, (_, number) => aRecord(number, timeOf(0, number)));
    const store = memorySealStore(records);
    await seal(store, afterDays(1), { signer });
    const [header] = store.headers.values();
    const list = store.lists.get(listName(header!))!.map(leafLine);
    writeFileSync(join(folder, 'seal.txt'), header!.note);
    writeFileSync(join(folder, 'public-key.pem'), signer.publicKey.pem);
    writeFileSync(join(folder, 'leaves-000000.ndjson.gz'), gzipSync(list.slice(0, 3).join('')));
    writeFileSync(join(folder, 'leaves-000001.ndjson.gz'), gzipSync(list.slice(3).join('')));
    writeFileSync(join(folder, 'verify.py'), block('python'));
    return { records, list, note: header!.note };
  }

  it('shows a seal as it is written', () => {
    const [, example] = /```\n(intercom-retention\/[\s\S]*?)```/.exec(page) ?? [];
    const note = parseSignedNote(example!);
    expect(parseSeal(note!)).toMatchObject({ workspaceId: 'a86dr8yl', day: '2026-11-10', size: 5, late: 0 });
    expect(note?.signatures).toHaveLength(1);
  });

  it.skipIf(!tools.openssl).each(['ed25519', 'ecdsa_p256'] as const)(
    'verifies a signature of %s with OpenSSL alone, and no other text (skipped where there is no openssl)',
    async (algorithm) => {
      const { note } = await writeSeal(algorithm, 5);
      expect(inFolder('sh', '-ec', block('sh'))).toMatchObject({ status: 0 });
      writeFileSync(join(folder, 'seal.txt'), note.replace('late 0', 'late 1'));
      expect(inFolder('sh', '-ec', block('sh'))).toMatchObject({ status: 1 });
    },
  );

  it.skipIf(!tools.python3)(
    'verifies list and root with a few lines of Python, and no other list (skipped where there is no python3)',
    async () => {
      const verify = () =>
        inFolder('python3', 'verify.py', 'seal.txt', 'leaves-000000.ndjson.gz', 'leaves-000001.ndjson.gz');
      const writeList = (...lines: readonly (string | undefined)[]) =>
        writeFileSync(join(folder, 'leaves-000000.ndjson.gz'), gzipSync(lines.join('')));
      await writeSeal('ed25519', 33);
      expect(verify()).toEqual({ status: 0, text: 'as it was sealed\n' });
      const { list } = await writeSeal('ed25519', 5);
      expect(verify()).toEqual({ status: 0, text: 'as it was sealed\n' });
      const [first, second, third] = list;
      writeList(second, third);
      expect(verify().text).toContain('another number of records');
      writeList(second, first, third);
      expect(verify().text).toContain('another root');
      writeList(first?.replace('#CONV#', '#CONF#'), second, third);
      expect(verify().text).toContain('another list');
    },
  );

  it.skipIf(!tools.openssl)(
    'hashes a record with OpenSSL alone (skipped where there is no openssl)',
    async () => {
      const { records, list } = await writeSeal('ed25519', 4);
      const [, command] = /`(\(printf '\\0'.*?)`/.exec(section) ?? [];
      const line = canonicalRecord(records[0]!);
      const hash = execFileSync('sh', ['-c', command!], { env: { ...process.env, line }, encoding: 'utf8' });
      expect((JSON.parse(list[0]!) as string[])[3]).toBe(hash.trim());
    },
  );
});
