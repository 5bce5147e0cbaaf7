import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { StoreError } from '#sweep/errors.ts';
import type { Clock } from '#sweep/ports.ts';
import type { Item } from './item.ts';
import type { PrimaryKey } from './keys.ts';
import type { StoreTable } from './store-table.ts';

const maxKeysPerCall = 100;
const maxAttempts = 8;
const firstDelayMs = 50;

/** The items that are there under these keys, strongly consistent, in no order. Keys must differ from each other. */
export async function batchGet(
  table: StoreTable,
  clock: Pick<Clock, 'sleep'>,
  keys: readonly PrimaryKey[],
): Promise<readonly Item[]> {
  const starts = Array.from(
    { length: Math.ceil(keys.length / maxKeysPerCall) },
    (_, i) => i * maxKeysPerCall,
  );
  const batches = await Promise.all(
    starts.map((start) => getBatch(table, clock, keys.slice(start, start + maxKeysPerCall))),
  );
  return batches.flat();
}

/** DynamoDB may answer a batch in part; the rest is asked for again, ever more slowly. */
async function getBatch(
  { client, tableName }: StoreTable,
  clock: Pick<Clock, 'sleep'>,
  keys: readonly PrimaryKey[],
): Promise<readonly Item[]> {
  const found: Item[] = [];
  let left: Record<string, unknown>[] = keys.map((key) => ({ ...key }));
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const answer = await client.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys: left, ConsistentRead: true } } }),
    );
    found.push(...(answer.Responses?.[tableName] ?? []));
    left = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
    if (left.length === 0) return found;
    await clock.sleep(firstDelayMs * 2 ** attempt);
  }
  throw new StoreError(
    `DynamoDB left reads of the table ${tableName} undone ${maxAttempts} times in a row; run again later, or raise its limit.`,
    { retryable: true },
  );
}
