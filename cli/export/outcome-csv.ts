import { outcomeRecordColumns } from '#audit/outcome-columns.ts';
import { type OutcomeRecord, toOutcomeRecord } from '#audit/outcome-record.ts';
import { toCsv } from '#audit/record-text.ts';
import type { QueriedOutcome } from '#sweep/outcome.ts';
import { writeChunks } from './export-files.ts';

const rowsPerChunk = 500;

/**
 * Writes outcomes as they come, and returns how many there were: RFC 4180, with a header also where there is no outcome. No
 * byte order mark, since nothing that an outcome holds lies beyond ASCII, and many readers take the mark for a part of the
 * first name.
 */
export async function writeCsv(path: string, outcomes: AsyncIterable<QueriedOutcome>): Promise<number> {
  let records = 0;
  async function* chunks(): AsyncGenerator<string> {
    let rows: OutcomeRecord[] = [];
    yield toCsv(outcomeRecordColumns, [], { header: true, lineEnds: 'windows' });
    for await (const outcome of outcomes) {
      records += 1;
      rows.push(toOutcomeRecord(outcome));
      if (rows.length < rowsPerChunk) continue;
      yield toCsv(outcomeRecordColumns, rows, { header: false, lineEnds: 'windows' });
      rows = [];
    }
    yield toCsv(outcomeRecordColumns, rows, { header: false, lineEnds: 'windows' });
  }
  await writeChunks(path, chunks());
  return records;
}
