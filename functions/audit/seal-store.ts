import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { WorkspaceId } from '#policy/ids.ts';
import type { AuditRecord } from '#seal/audit-record.ts';
import { mergeRecords } from '#seal/merge-records.ts';
import type { KeyFingerprint, Leaf, SealHeader } from '#seal/seal.ts';
import type { SealListName, SealStore } from '#seal/seal-store.ts';
import { timeWithin, type UtcDay } from '#seal/utc-day.ts';
import type { Clock } from '#sweep/ports.ts';
import { firstRecordDay } from './first-record.ts';
import { optionalTextOf, textOf } from './item.ts';
import { journalPartitions, journalQuery } from './journal.ts';
import { fromLeafChunkItem, toLeafChunkItem } from './leaf-chunk-item.ts';
import { fromSealHeaderItem, toSealHeaderItem } from './seal-header-item.ts';
import { leafListPartition, publicKeyKey, sealKey, sealKeyPartition, sealPartition } from './seal-keys.ts';
import { getItem, partitionQuery, putIfAbsent, queryItems, type StoreTable } from './store-table.ts';
import { toAuditRecord } from './to-audit-record.ts';

/**
 * Seals in the audit table, beside what they seal, by the same four kinds of call as the audit trail: every write is one
 * conditional `PutItem`. Days are read from the index `by_day`, which follows the table by a moment.
 */
export function createSealStore(
  client: DynamoDBDocumentClient,
  tableName: string,
  clock: Pick<Clock, 'now'>,
): SealStore {
  const table: StoreTable = { client, tableName };
  return {
    dayRecords: (workspaceId, day) => dayRecords(table, workspaceId, day),
    async readRecord(key) {
      const item = await getItem(table, key);
      return item === undefined ? undefined : toAuditRecord(item);
    },
    firstRecordDay: async (workspaceId) => firstRecordDay(table, clock, workspaceId),

    seals: (workspaceId) => seals(table, workspaceId),
    async readSeal(workspaceId, day) {
      const item = await getItem(table, sealKey(workspaceId, day));
      return item === undefined ? undefined : fromSealHeaderItem(workspaceId, item);
    },
    putSeal: async (seal) => putIfAbsent(table, toSealHeaderItem(seal)),
    leafList: (list) => leafList(table, list),
    putLeaves: async (list, chunkNumber, leaves) =>
      putIfAbsent(table, toLeafChunkItem(list, chunkNumber, leaves)),

    async publicKeys(workspaceId) {
      const keys = await Array.fromAsync(
        queryItems(table, partitionQuery(sealKeyPartition(workspaceId), '')),
      );
      return keys.map((item) => ({
        keyId: textOf(item, 'sk') as KeyFingerprint, // written by the function below
        pem: optionalTextOf(item, 'public_key_pem') ?? '',
      }));
    },
    putPublicKey: async (workspaceId, { keyId, pem }) =>
      putIfAbsent(table, { ...publicKeyKey(workspaceId, keyId), public_key_pem: pem }),
  };
}

const dayRecords = (table: StoreTable, workspaceId: WorkspaceId, day: UtcDay): AsyncIterable<AuditRecord> =>
  mergeRecords(journalPartitions(workspaceId, day).map((partition) => recordsOf(table, partition, day)));

/**
 * In order of `at`, which begins with the time. Whatever somebody has put there instead, the record is one of this day: by another
 * time, no seal could tell again whose it is.
 */
async function* recordsOf(table: StoreTable, partition: string, day: UtcDay): AsyncGenerator<AuditRecord> {
  for await (const item of queryItems(table, journalQuery(partition))) {
    const record = toAuditRecord(item);
    yield { ...record, recordedAt: timeWithin(day, record.recordedAt) };
  }
}

async function* seals(table: StoreTable, workspaceId: WorkspaceId): AsyncGenerator<SealHeader> {
  for await (const item of queryItems(table, partitionQuery(sealPartition(workspaceId), ''))) {
    const seal = fromSealHeaderItem(workspaceId, item);
    if (seal !== undefined) yield seal;
  }
}

async function* leafList(table: StoreTable, list: SealListName): AsyncGenerator<Leaf> {
  if (list.sealId === '') return;
  for await (const item of queryItems(table, partitionQuery(leafListPartition(list), ''))) {
    yield* fromLeafChunkItem(item);
  }
}
