import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { WorkspaceId } from '#policy/ids.ts';
import type { Fence } from '#sweep/ports.ts';
import type { Absence, ReconcileProgress } from '#sweep/reconcile-record.ts';
import { optionalMapOf } from './item.ts';
import { absenceKey, absencePrefix, leaseKey, statePartition } from './keys.ts';
import { leaseLost } from './lease.ts';
import { absenceAttribute, reconcileProgressAttribute } from './record-attribute.ts';
import { getItem, holds, partitionQuery, queryItems, type StoreTable } from './store-table.ts';

/** The progress lives inside the item of its lease, as the unfinished run does in that of the sweep (see `run-states.ts`). */

export async function readReconcileProgress(
  table: StoreTable,
  workspaceId: WorkspaceId,
): Promise<ReconcileProgress | undefined> {
  const item = await getItem(table, leaseKey(workspaceId, 'reconcile'));
  return item === undefined || optionalMapOf(item, 'record') === undefined
    ? undefined
    : reconcileProgressAttribute.fromItem(item);
}

/** @throws LeaseLostError */
export async function writeReconcileProgress(
  { client, tableName }: StoreTable,
  progress: ReconcileProgress,
  fence: Fence,
): Promise<void> {
  const written = await holds(
    client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { ...leaseKey(progress.workspaceId, 'reconcile') },
        UpdateExpression: 'SET #record = :record',
        ConditionExpression: 'fence = :fence',
        ExpressionAttributeNames: { '#record': 'record' },
        ExpressionAttributeValues: {
          ':fence': fence,
          ':record': reconcileProgressAttribute.toAttribute(progress)['record'],
        },
      }),
    ),
  );
  if (!written) throw leaseLost(progress.workspaceId);
}

export async function* absences(table: StoreTable, workspaceId: WorkspaceId): AsyncGenerator<Absence> {
  for await (const item of queryItems(table, partitionQuery(statePartition(workspaceId), absencePrefix))) {
    yield absenceAttribute.fromItem(item);
  }
}

export async function addAbsence({ client, tableName }: StoreTable, absence: Absence): Promise<void> {
  const key = absenceKey(absence.workspaceId, absence.conversationId);
  await client.send(
    new PutCommand({ TableName: tableName, Item: { ...key, ...absenceAttribute.toAttribute(absence) } }),
  );
}

export async function removeAbsence({ client, tableName }: StoreTable, absence: Absence): Promise<void> {
  const key = absenceKey(absence.workspaceId, absence.conversationId);
  await client.send(new DeleteCommand({ TableName: tableName, Key: { ...key } }));
}
