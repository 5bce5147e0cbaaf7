import { readdirSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCertificate } from '#cli/certificate/read-certificate.ts';
import { verifyCertificate } from '#cli/certificate/verify-certificate.ts';
import { CliError } from '#cli/cli-error.ts';
import { exportFormats } from '#cli/export/export-manifest.ts';
import { verifyExport } from '#cli/export/verify-export.ts';
import { readPublicKeys } from '#cli/public-key-file.ts';
import { toolName } from '#cli/tool-name.ts';
import { parseLeafLine } from '#seal/leaf-list.ts';
import { startTreeHash } from '#seal/merkle-tree.ts';
import { keyNameOf, parseSeal } from '#seal/seal-note.ts';
import { sha256 } from '#seal/sha256.ts';
import { isNoteSignedBy, parseSignedNote } from '#seal/signed-note.ts';
import { type Desk, openDesk } from '#support/cli.ts';
import { startTestStore } from '#support/dynamodb.ts';
import { goldenCertificates, writeGolden } from '#support/golden-audit.ts';
import { aSigner } from '#support/key-signer.ts';

const folderOf = (layout: string): string => fileURLToPath(new URL(`../golden/${layout}`, import.meta.url));
const golden = folderOf('layout-1');
const keyFile = join(golden, 'seal-keys.pub.pem');
const trusted = readPublicKeys(keyFile);

/** The certificates of each layout, and the keys that signed their seals. */
const certificates = ['layout-1', 'layout-2'].flatMap((layout) => {
  const folder = folderOf(layout);
  const keys = join(folder, 'seal-keys.pub.pem');
  return readdirSync(folder)
    .filter((file) => /\.(html|json)$/.test(file))
    .map((file) => ({ name: `${layout}/${file}`, path: join(folder, file), keys }));
});

const filesIn = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name))).toSorted();
};

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'golden-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

// Every command is a process of its own.
describe('retention audit verify, of what an older release gave out', { timeout: 120_000 }, () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk[Symbol.asyncDispose]());

  const verify = (...args: readonly string[]) =>
    desk.retention('audit', 'verify', ...args, '--public-key', keyFile);

  it.each(certificates)('proves the certificate $name', async ({ path, keys }) => {
    const { code, stderr } = await desk.retention(
      'audit',
      'verify',
      '--certificate',
      path,
      '--public-key',
      keys,
    );
    expect(stderr).toContain('every statement of the certificate is proven.\n');
    expect(stderr).toContain('Signed by the key that you gave');
    expect(code).toBe(0);
  });

  it.each([
    ['ndjson', '19 records as sealed by 4 seals.\nSigned by the key that you gave'],
    ['csv', 'every file is as the manifest says.'],
    ['parquet', 'every file is as the manifest says.'],
  ])('proves of the export in %s what it can show', async (format, says) => {
    const { code, stderr } = await verify('--export', join(golden, format));
    expect(stderr).toContain(says);
    expect(code).toBe(0);
  });

  it('calls no file of a later layout altered, but says which version to take, and none that is altered later', async () => {
    const later = (text: string) => text.replace(/(?<=intercom-retention\/(certificate|export)\/)1/, '99');
    await cp(join(golden, 'csv'), join(scratch, 'later'), { recursive: true });
    const manifest = join(scratch, 'later', 'manifest.json');
    await writeFile(manifest, later(await readFile(manifest, 'utf8')));
    for (const name of ['whole.html', 'whole.json']) {
      await writeFile(join(scratch, name), later(await readFile(join(golden, name), 'utf8')));
      const { code, stderr } = await verify('--certificate', join(scratch, name));
      expect(stderr).toBe(
        `${join(scratch, name)} has the layout intercom-retention/certificate/99, which ${toolName} does not know; verify it with the version that made it, or a later one.\n`,
      );
      expect(code).toBe(2);
    }
    for (const layout of ['layout-1', 'layout-2']) {
      const path = join(scratch, `altered-${layout}.json`);
      const text = await readFile(join(folderOf(layout), 'whole.json'), 'utf8');
      await writeFile(path, text.replace('"claims"', '"claim"'));
      expect((await verify('--certificate', path)).stderr).toContain(
        'is no certificate as this tool writes it',
      );
    }
    const { code, stderr } = await verify('--export', join(scratch, 'later'));
    expect(stderr).toContain('manifest.json has the layout intercom-retention/export/99, which');
    expect(code).toBe(2);
  });
});

describe('the golden files', () => {
  it('are four certificates of each layout, but for the first, and each as a page and as JSON', () => {
    expect(certificates).toHaveLength(2 * 3 + 2 * goldenCertificates.length);
  });

  it.each(certificates)('show any changed character of $name', async ({ name, path: file, keys }) => {
    const trusted = readPublicKeys(keys);
    const text = await readFile(file, 'utf8');
    // The date of issue is not proven, but the page must be the one that the JSON in it makes.
    const end = name.endsWith('.html') ? text.length : text.indexOf('"issued"');
    const path = join(scratch, `changed-${name.replace('/', '-')}`);
    const findings = async (changed: string): Promise<number> => {
      await writeFile(path, changed);
      try {
        const { certificate, findings: ofFile } = readCertificate(path);
        return ofFile.length + verifyCertificate(certificate, trusted).length;
      } catch (error) {
        if (error instanceof CliError) return 1;
        throw error;
      }
    };
    expect(await findings(text)).toBe(0);
    const change = fc.record({ at: fc.nat(end - 1), sign: fc.constantFrom('0', '7', 'a', 'x', ' ', '.') });
    await fc.assert(
      fc.asyncProperty(change, async ({ at, sign }) => {
        fc.pre(text[at] !== sign);
        const changed = `${text.slice(0, at)}${sign}${text.slice(at + 1)}`;
        expect(await findings(changed)).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });

  it.each(exportFormats)('show any changed byte of an export in %s', async (format) => {
    const folder = join(scratch, `changed-${format}`);
    await cp(join(golden, format), folder, { recursive: true });
    const findings = async () => (await verifyExport(folder, trusted)).findings;
    expect(await findings()).toEqual([]);
    const listed = (await filesIn(folder)).filter((path) => path !== 'manifest.json');
    for (const path of listed) {
      const bytes = await readFile(join(folder, path));
      if (bytes.length === 0) continue;
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
          await writeFile(join(folder, path), bytes.with(at, bytes[at]! ^ by));
          expect(await findings()).not.toEqual([]);
        }),
        { numRuns: 10 },
      );
      await writeFile(join(folder, path), bytes);
    }
    const manifest = join(folder, 'manifest.json');
    const text = await readFile(manifest, 'utf8');
    for (const { index, 0: value } of text.matchAll(/(?<="(?:sha256|note)": ")[^"]+/g)) {
      const at = index + Math.floor(value.length / 2);
      const sign = text[at] === '3' ? '4' : '3';
      await writeFile(manifest, `${text.slice(0, at)}${sign}${text.slice(at + 1)}`);
      expect(await findings()).not.toEqual([]);
    }
    await writeFile(manifest, text);
    expect(await findings()).toEqual([]);
  });

  it.each(['2026-01-05', '2026-01-06', '2026-01-07', '2026-01-08'])(
    'show any changed character of the seal of %s and of its list',
    async (day) => {
      const folder = join(golden, 'seals', day);
      const note = await readFile(join(folder, 'seal.txt'), 'utf8');
      const packed = await readFile(join(folder, 'leaves-000000.ndjson.gz')).catch(() => undefined);
      const list = packed === undefined ? '' : gunzipSync(packed).toString();
      expect(isSealed(day, note, list)).toBe(true);
      const changes = ({ length }: string) =>
        fc.record({ at: fc.nat(Math.max(0, length - 1)), sign: fc.constantFrom('0', '7', 'a', 'Z') });
      fc.assert(
        fc.property(changes(note), changes(list), (ofNote, ofList) => {
          const change = (text: string, { at, sign }: typeof ofNote) =>
            `${text.slice(0, at)}${sign}${text.slice(at + 1)}`;
          if (note[ofNote.at] !== ofNote.sign) {
            expect(isSealed(day, change(note, ofNote), list)).toBe(false);
          }
          if (list[ofList.at] !== ofList.sign) {
            expect(isSealed(day, note, change(list, ofList))).toBe(false);
          }
        }),
        { numRuns: 200 },
      );
    },
  );

  it('claim what this version still claims of the same audit', async () => {
    await using store = await startTestStore();
    const made = join(scratch, 'made');
    await writeGolden(store, { early: aSigner(), late: aSigner('ecdsa_p256') }, made, ['certificates']);
    const newest = folderOf('layout-2');
    expect(await filesIn(made)).toEqual(await filesIn(newest));
    for (const { name } of goldenCertificates) {
      const [mine, theirs] = [made, newest].map(
        (folder) => readCertificate(join(folder, `${name}.json`)).certificate,
      );
      expect(mine?.layout).toBe(theirs?.layout);
      expect(mine?.claims).toEqual(theirs?.claims);
    }
  });
});

/** Whether one of the golden keys signed the note for this day, and the list is the one that it seals. */
function isSealed(day: string, note: string, list: string): boolean {
  const signed = parseSignedNote(note);
  const seal = signed && parseSeal(signed);
  if (signed === undefined || seal === undefined || seal.day !== day) return false;
  if (!trusted.some((key) => isNoteSignedBy(signed, keyNameOf(seal), key))) return false;
  const lines = list.split('\n');
  const leaves = lines.slice(0, -1).map(parseLeafLine);
  const tree = startTreeHash();
  for (const leaf of leaves) {
    if (leaf === undefined) return false;
    tree.add(leaf.hash);
  }
  return (
    lines.at(-1) === '' &&
    tree.size() === seal.size &&
    Buffer.compare(tree.root(), seal.root) === 0 &&
    Buffer.compare(sha256(list), seal.leafList) === 0
  );
}
