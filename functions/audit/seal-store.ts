import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { WorkspaceId } from '#policy/ids.ts';
import type { AuditRecord } from '#seal/audit-record.ts';
import { mergeRecords } from '#seal/merge-records.ts';
import type { KeyFingerprint, Leaf, SealHeader } from '#seal/seal.ts';
import type { SealListName, SealStore } from '#seal/seal-store.ts';
import { dayOf, plusDays, startOfDay, timeWithin, type UtcDay } from '#seal/utc-day.ts';
import type { Clock } from '#sweep/ports.ts';
import { inOrder } from './in-order.ts';
import { type Item, instantOf, optionalTextOf, textOf } from './item.ts';
import { journalPartitions } from './journal.ts';
import { actPartition, reconciliationPartition, recordsPartition, runListPartition } from './keys.ts';
import { fromLeafChunkItem, toLeafChunkItem } from './leaf-chunk-item.ts';
import { fromSealHeaderItem, toSealHeaderItem } from './seal-header-item.ts';
import { leafListPartition, publicKeyKey, sealKey, sealKeyPartition, sealPartition } from './seal-keys.ts';
import {
  getItem,
  partitionQuery,
  putIfAbsent,
  queryItems,
  queryPage,
  type StoreTable,
} from './store-table.ts';
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
  for await (const item of queryItems(table, indexQuery(partition))) {
    const record = toAuditRecord(item);
    yield { ...record, recordedAt: timeWithin(day, record.recordedAt) };
  }
}

type Query = Parameters<typeof queryItems>[1];

const indexQuery = (partition: string): Query => ({
  IndexName: 'by_day',
  KeyConditionExpression: 'by_day = :partition',
  ExpressionAttributeValues: { ':partition': partition },
});

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

/** A plan that nobody approved, ran or refused stands in no list but the journal; so long before everything else it is looked for. */
const quietDays = 92;
const daysAhead = 16;

/**
 * Runs, acts and reconciliations are listed in order of time, and no outcome is older than its run. What else may be older is
 * looked for day by day, once in the life of a workspace: before its first seal.
 */
async function firstRecordDay(
  table: StoreTable,
  clock: Pick<Clock, 'now'>,
  workspaceId: WorkspaceId,
): Promise<UtcDay | undefined> {
  const lists = [runListPartition, actPartition, reconciliationPartition];
  const firsts = await Promise.all(
    lists.map((list) => firstDayOf(table, partitionQuery(list(workspaceId), ''))),
  );
  const [listed = dayOf(clock.now())] = firsts.filter((day) => day !== undefined).sort();
  const days = Array.from({ length: quietDays }, (_, back) => plusDays(listed, back + 1 - quietDays));
  const looks = inOrder(days, daysAhead, async (day) => {
    const first = await firstOf(table, indexQuery(recordsPartition(workspaceId, startOfDay(day))));
    return first === undefined ? undefined : day;
  });
  for await (const day of looks) if (day !== undefined) return day;
  return undefined;
}

async function firstDayOf(table: StoreTable, query: Query): Promise<UtcDay | undefined> {
  const first = await firstOf(table, query);
  return first === undefined ? undefined : dayOf(instantOf(first, 'recorded_at'));
}

async function firstOf(table: StoreTable, query: Query): Promise<Item | undefined> {
  return (await queryPage(table, { ...query, Limit: 1 }, undefined)).items[0];
}
