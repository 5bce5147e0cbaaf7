import { appendFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { usageError } from '../cli-error.ts';
import { digestFile, type FileDigest, isMissing, partialName, writeWhole } from './export-files.ts';
import {
  type ExportBeginning,
  type ExportFile,
  type ExportManifest,
  type ExportRequest,
  parseBeginning,
  parseExportFile,
  parseManifest,
} from './export-manifest.ts';

export const manifestName = 'manifest.json';
/** The beginning, then a line for each complete file. Gone once the manifest is there. */
export const progressName = '.progress.ndjson';

/** A folder with an export that is not complete yet. */
export interface ExportFolder {
  readonly beginning: ExportBeginning;
  /** Whether an earlier process began it. */
  readonly isResumed: boolean;
  /** The file, if it is there and as it was written. */
  complete(path: string): Promise<ExportFile | undefined>;
  /** Lets `write` fill the file and returns what it holds. */
  add(file: Pick<ExportFile, 'path' | 'day'>, write: (path: string) => Promise<number>): Promise<ExportFile>;
  finish(manifest: ExportManifest): Promise<void>;
}

/**
 * Takes a folder for an export: an empty one or none, one that holds the beginning of the same export, or the whole of it.
 * @throws CliError when it holds anything else
 */
export async function openExportFolder(
  folder: string,
  begin: ExportBeginning,
): Promise<{ readonly manifest: ExportManifest } | ExportFolder> {
  await mkdir(folder, { recursive: true });
  const manifestText = await textOf(join(folder, manifestName));
  if (manifestText !== undefined) {
    const manifest = parseManifest(manifestText);
    if (manifest === undefined || !isSame(manifest, begin)) return refuse(folder, manifest);
    await rm(join(folder, progressName), { force: true }); // left by a process that died right before this
    return { manifest };
  }
  const progressText = await textOf(join(folder, progressName));
  if (progressText === undefined) {
    const others = (await readdir(folder)).filter((name) => name !== partialName(progressName));
    if (others.length > 0) refuse(folder, undefined);
    await writeWhole(join(folder, progressName), (path) => writeFile(path, line(begin)));
    return folderOf(folder, begin, []);
  }
  const [first = '', ...rest] = progressText.split('\n');
  const beginning = parseBeginning(first);
  if (beginning === undefined || !isSame(beginning, begin)) return refuse(folder, beginning);
  // A line that was torn by a crash is of a file that is then written again.
  return folderOf(
    folder,
    beginning,
    rest.map(parseExportFile).filter((file) => file !== undefined),
    'resumed',
  );
}

function folderOf(
  folder: string,
  beginning: ExportBeginning,
  done: readonly ExportFile[],
  origin: 'new' | 'resumed' = 'new',
): ExportFolder {
  const byPath = new Map(done.map((file) => [file.path, file]));
  const progress = join(folder, progressName);
  return {
    beginning,
    isResumed: origin === 'resumed',
    async complete(path) {
      const file = byPath.get(path);
      if (file === undefined || (await digestOf(join(folder, path)))?.sha256 !== file.sha256)
        return undefined;
      return file;
    },
    async add({ path, day }, write) {
      const whole = join(folder, path);
      await mkdir(dirname(whole), { recursive: true });
      const records = await writeWhole(whole, write);
      const { bytes, sha256 } = await digestFile(whole);
      const file: ExportFile = { path, day, records, bytes, sha256 };
      await appendFile(progress, `\n${line(file)}`); // begins a line of its own, whatever a crash left before it
      return file;
    },
    async finish(manifest) {
      await writeWhole(join(folder, manifestName), (path) =>
        writeFile(path, `${JSON.stringify(manifest, undefined, 2)}\n`),
      );
      await rm(progress);
    },
  };
}

const line = (value: object): string => `${JSON.stringify(value)}\n`;

const isSame = (one: ExportRequest, other: ExportRequest): boolean =>
  one.workspace_id === other.workspace_id &&
  one.from === other.from &&
  one.to === other.to &&
  one.format === other.format;

function refuse(folder: string, found: ExportRequest | undefined): never {
  throw usageError(
    found === undefined
      ? `${folder} holds something that is not an export; name an empty or a new folder with --out.`
      : `${folder} holds another export (${found.workspace_id}, ${found.from} to ${found.to}, ${found.format}); name another folder with --out.`,
  );
}

async function digestOf(path: string): Promise<FileDigest | undefined> {
  try {
    return await digestFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
