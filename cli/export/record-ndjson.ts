import { type AuditRecord, canonicalRecord } from '#seal/audit-record.ts';
import { leafLine } from '#seal/leaf-list.ts';
import type { Leaf } from '#seal/seal.ts';
import { writeChunks } from './export-files.ts';

const linesPerChunk = 200;

/** Writes each record's canonical JSON, a line each, and returns how many there were. */
export const writeRecordLines = (path: string, records: AsyncIterable<AuditRecord>): Promise<number> =>
  writeLines(path, records, (record) => `${canonicalRecord(record)}\n`);

/** Writes the list of what a seal seals, and returns how many records it names: its SHA-256 is the one in the signed seal. */
export const writeLeafLines = (path: string, leaves: AsyncIterable<Leaf>): Promise<number> =>
  writeLines(path, leaves, leafLine);

async function writeLines<Item>(
  path: string,
  items: AsyncIterable<Item>,
  toLine: (item: Item) => string,
): Promise<number> {
  let written = 0;
  async function* chunks(): AsyncGenerator<string> {
    let lines: string[] = [];
    for await (const item of items) {
      written += 1;
      lines.push(toLine(item));
      if (lines.length < linesPerChunk) continue;
      yield lines.join('');
      lines = [];
    }
    yield lines.join('');
  }
  await writeChunks(path, chunks());
  return written;
}
