import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { usageError } from './cli-error.ts';
import type { NewFile } from './first-files.ts';

/**
 * Writes the files that are missing, with `overwrite` all of them, and returns their names.
 * @throws CliError when one is there that may be neither overwritten nor kept; then nothing is written.
 */
export function writeNewFiles(
  files: readonly NewFile[],
  whenThere: 'respect' | 'overwrite',
): readonly string[] {
  const missing = files.filter(({ path }) => whenThere === 'overwrite' || !existsSync(path));
  const inTheWay = files.find((file) => file.whenThere === 'refuse' && !missing.includes(file));
  if (inTheWay !== undefined) {
    throw usageError(
      `${inTheWay.path} is there already; add --force to overwrite it, or name another policy with --policy.`,
    );
  }
  return missing.map(({ path, text }) => {
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    } catch {
      throw usageError(`${path} cannot be written; check that its folder is one that you may write to.`);
    }
    return path;
  });
}
