import { join } from 'node:path';
import { writeCsv } from '#cli/export/outcome-csv.ts';
import { writeParquet } from '#cli/export/outcome-parquet.ts';
import { writeRecordLines } from '#cli/export/record-ndjson.ts';
import type { AuditRecord } from '#seal/audit-record.ts';
import type { QueriedOutcome } from '#sweep/outcome.ts';
import { aConfirmation, anOutcome, conversationIdOf } from './audit-builders.ts';

/** Writes one file with so many records, which come one by one. A process of its own, so that a test can give it little memory. */
const [format = '', count = '', folder = ''] = process.argv.slice(2);
const path = join(folder, 'file');
let bytes = 0;

async function* outcomes(): AsyncGenerator<QueriedOutcome> {
  for (let number = 0; number < Number(count); number += 1) {
    const conversationId = conversationIdOf(number);
    const queried = {
      outcome: anOutcome({ conversationId }),
      confirmation: aConfirmation({ conversationId }),
    };
    bytes += JSON.stringify(queried).length;
    yield queried;
    if (number % 1_000 === 0) await new Promise(setImmediate); // as a store would, now and then
  }
}

async function* records(): AsyncGenerator<AuditRecord> {
  for await (const { outcome } of outcomes()) {
    const key = { pk: `WS#w#CONV#${outcome.conversationId}`, sk: `OUTCOME#${outcome.runId}` };
    yield {
      kind: 'outcome',
      key,
      recordedAt: '2026-11-21T12:00:00.000Z',
      document: { ...key, ...outcome, facts: {} },
    };
  }
}

const written =
  format === 'csv'
    ? await writeCsv(path, outcomes())
    : format === 'parquet'
      ? await writeParquet(path, outcomes())
      : await writeRecordLines(path, records());
process.stdout.write(JSON.stringify({ records: written, megabytesRead: Math.round(bytes / 1e6) }));
