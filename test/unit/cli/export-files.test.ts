import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestFile, readLines, writeWhole } from '#cli/export/export-files.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-files-'));
  file = join(folder, 'file');
});
afterAll(() => rm(folder, { recursive: true }));

/** Longer than what is read at once, with signs that other readers of lines stop at, and of several bytes. */
const line = fc
  .tuple(fc.stringMatching(/^[a-z\r\u2028\u2029\u0085é😀]{0,9}$/u), fc.constantFrom(1, 1, 1, 30_000))
  .map(([text, times]) => text.repeat(times));

describe('readLines', () => {
  it('gives every line of a file, and where it stands, whatever its length', async () => {
    const lines = fc.array(line, { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(lines, async (texts) => {
        await writeFile(file, texts.map((text) => `${text}\n`).join(''));
        const bytes = await readFile(file);
        const read = await Array.fromAsync(readLines(file));
        expect(read.map(({ text }) => text)).toEqual(texts);
        for (const { text, start, bytes: length } of read) {
          expect(bytes.toString('utf8', start, start + length)).toBe(text);
        }
        expect(await digestFile(file)).toMatchObject({ bytes: bytes.length, lines: texts.length });
      }),
      { numRuns: 60 },
    );
  });

  it('gives a last line that does not end, too', async () => {
    await writeFile(file, 'a\nb');
    expect((await Array.fromAsync(readLines(file))).map(({ text }) => text)).toEqual(['a', 'b']);
  });
});

describe('writeWhole', () => {
  it('leaves no file under its name when the writing fails', async () => {
    const path = join(folder, 'never');
    const failing = writeWhole(path, async (partial) => {
      await writeFile(partial, 'half');
      throw new Error('no more room');
    });
    await expect(failing).rejects.toThrow('no more room');
    await expect(readFile(path)).rejects.toThrow('ENOENT');
  });
});
