import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What a file holds, as it can be read back. */
export interface FileDigest {
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Line feeds. */
  readonly lines: number;
}

const lineFeed = 0x0a;

/** Reads the whole file, a little at a time. */
export async function digestFile(path: string): Promise<FileDigest> {
  const hash = createHash('sha256');
  let bytes = 0;
  let lines = 0;
  for await (const chunk of createReadStream(path)) {
    if (!Buffer.isBuffer(chunk)) continue; // it is, without an encoding
    hash.update(chunk);
    bytes += chunk.length;
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, at + 1)) lines += 1;
  }
  return { bytes, sha256: hash.digest('hex'), lines };
}

const quote = 0x22;

/** Of a CSV file, its header included: a line feed within quotes is a part of a cell. Reads the whole file, a little at a time. */
export async function countCsvRows(path: string): Promise<number> {
  let rows = 0;
  let isQuoted = false;
  for await (const chunk of createReadStream(path)) {
    if (!Buffer.isBuffer(chunk)) continue; // it is, without an encoding
    for (const byte of chunk) {
      if (byte === quote) isQuoted = !isQuoted; // a quote that is doubled ends the quotes and begins them
      if (byte === lineFeed && !isQuoted) rows += 1;
    }
  }
  return rows;
}

/** Writes the chunks to a file as they come, no faster than the disk takes them. */
export const writeChunks = (path: string, chunks: AsyncIterable<string>): Promise<void> =>
  pipeline(Readable.from(chunks), createWriteStream(path));

/** Of a file that is being written. */
export const partialName = (path: string): string => `${path}.partial`;

/**
 * Lets `write` fill a file under another name, and gives it its own once all of it is on the disk: a file that has its name
 * is complete.
 */
export async function writeWhole<Result>(
  path: string,
  write: (partialPath: string) => Promise<Result>,
): Promise<Result> {
  const partialPath = partialName(path);
  const result = await write(partialPath);
  await using file = await open(partialPath, 'r+');
  await file.sync();
  await rename(partialPath, path);
  return result;
}

/** One line of a file, without its line feed, and where it stands. */
export interface FileLine {
  readonly text: string;
  /** Of its first byte. */
  readonly start: number;
  readonly bytes: number;
}

/**
 * The lines of a file as they are read. They end with a line feed and with nothing else: JSON may hold other signs that
 * readers of lines take for an end.
 */
export async function* readLines(path: string): AsyncGenerator<FileLine> {
  let rest: Buffer = Buffer.alloc(0);
  let start = 0;
  for await (const chunk of createReadStream(path)) {
    if (!Buffer.isBuffer(chunk)) continue; // it is, without an encoding
    const known = rest.length;
    rest = known === 0 ? chunk : Buffer.concat([rest, chunk]);
    let begin = 0;
    for (let end = rest.indexOf(lineFeed, known); end >= 0; end = rest.indexOf(lineFeed, begin)) {
      yield { text: rest.toString('utf8', begin, end), start: start + begin, bytes: end - begin };
      begin = end + 1;
    }
    rest = rest.subarray(begin);
    start += begin;
  }
  if (rest.length > 0) yield { text: rest.toString(), start, bytes: rest.length };
}

export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
