import { isDeepStrictEqual } from 'node:util';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { WorkspaceId } from '#policy/ids.ts';
import type { Hold } from '#sweep/hold.ts';
import { holdKey, holdPrefix, type PrimaryKey, statePartition } from './keys.ts';
import { holdAttribute } from './record-attribute.ts';
import { getItem, partitionQuery, putIfAbsent, queryItems, type StoreTable } from './store-table.ts';

/** Strongly consistent: a hold that was placed a moment ago counts. */
export async function readHolds(table: StoreTable, workspaceId: WorkspaceId): Promise<readonly Hold[]> {
  const holds: Hold[] = [];
  for await (const item of queryItems(table, partitionQuery(statePartition(workspaceId), holdPrefix))) {
    holds.push(holdAttribute.fromItem(item));
  }
  return holds;
}

/** False when the same target has a hold for the same matter already, unless it is this very one, sent twice. */
export async function addHold(table: StoreTable, workspaceId: WorkspaceId, hold: Hold): Promise<boolean> {
  const key = holdKey(workspaceId, hold.target, hold.targetId, hold.matter);
  if ((await putIfAbsent(table, { ...key, ...holdAttribute.toAttribute(hold) })) === 'written') return true;
  const stored = await getItem(table, key);
  return stored !== undefined && isDeepStrictEqual(holdAttribute.fromItem(stored), hold);
}

export async function releaseHold(
  { client, tableName }: StoreTable,
  key: PrimaryKey,
): Promise<Hold | undefined> {
  const { Attributes } = await client.send(
    new DeleteCommand({ TableName: tableName, Key: { ...key }, ReturnValues: 'ALL_OLD' }),
  );
  return Attributes === undefined ? undefined : holdAttribute.fromItem(Attributes);
}
