import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { WorkspaceId } from '#policy/ids.ts';
import type { Pause } from '#sweep/ports.ts';
import { pauseKey } from './keys.ts';
import { pauseAttribute } from './record-attribute.ts';
import { getItem, type StoreTable } from './store-table.ts';

export async function readPause(table: StoreTable, workspaceId: WorkspaceId): Promise<Pause | undefined> {
  const item = await getItem(table, pauseKey(workspaceId));
  return item === undefined ? undefined : pauseAttribute.fromItem(item);
}

export async function writePause(
  { client, tableName }: StoreTable,
  workspaceId: WorkspaceId,
  pause: Pause | undefined,
): Promise<void> {
  const key = pauseKey(workspaceId);
  if (pause === undefined) {
    await client.send(new DeleteCommand({ TableName: tableName, Key: { ...key } }));
  } else {
    await client.send(
      new PutCommand({ TableName: tableName, Item: { ...key, ...pauseAttribute.toAttribute(pause) } }),
    );
  }
}
