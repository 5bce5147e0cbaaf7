import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { usageError } from './cli-error.ts';
import { isOwnPage } from './page-frame.ts';

/** Where the sign of an own page stands at the latest. */
const beginningBytes = 1024;

/**
 * Checks, before any work is done for it, that a page may be written there: nothing is, or an older page of ours.
 * @throws CliError
 */
export function assertPageMayBeWritten(path: string): void {
  const beginning = beginningOf(path);
  if (beginning === undefined || isOwnPage(beginning)) return;
  throw usageError(`${path} is there already and is no page of this program; name another file.`);
}

/** Writes the page as a whole: who opens the file sees the old page or the new one. @throws CliError */
export function writePage(path: string, text: string): void {
  assertPageMayBeWritten(path);
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch {
    rmSync(draft, { force: true });
    throw notWritable(path);
  }
}

/** Undefined when there is no such file. */
function beginningOf(path: string): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const bytes = Buffer.alloc(beginningBytes);
    return bytes.toString('utf8', 0, readSync(file, bytes));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw notWritable(path);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

const notWritable = (path: string) =>
  usageError(`${path} cannot be written; check that its folder is there and is one that you may write to.`);
