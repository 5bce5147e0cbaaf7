import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderPage } from '#cli/page-frame.ts';
import { assertPageMayBeWritten, writePage } from '#cli/write-page.ts';
import { noon } from '#support/audit-builders.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'retention-page-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

const page = (title: string): string =>
  renderPage({
    kind: 'report',
    title,
    about: '',
    body: '',
    madeAt: noon,
    policyHash: 'f',
    command: 'retention report',
  });

describe('writePage', () => {
  it('writes a page, and a newer one in its place', () => {
    const path = join(folder, 'report.html');
    writePage(path, page('one'));
    writePage(path, page('two'));
    expect(readFileSync(path, 'utf8')).toBe(page('two'));
    expect(readdirSync(folder)).toEqual(['report.html']);
  });

  it('leaves any other file as it is', () => {
    const path = join(folder, 'notes.html');
    for (const text of ['', 'notes', '<!doctype html><title>mine</title>', ` ${page('moved')}`]) {
      writeFileSync(path, text);
      expect(() => writePage(path, page('one'))).toThrow(
        `${path} is there already and is no page of this program`,
      );
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });

  it('says so when the place cannot be written to', () => {
    expect(() => writePage(join(folder, 'absent', 'report.html'), page('one'))).toThrow('cannot be written');
    expect(() => assertPageMayBeWritten(folder)).toThrow('cannot be written');
    expect(readdirSync(folder)).toEqual([]);
  });
});
