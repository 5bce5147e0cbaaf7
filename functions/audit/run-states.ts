import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { RunId, WorkspaceId } from '#policy/ids.ts';
import type { Fence } from '#sweep/ports.ts';
import type { RunRecord } from '#sweep/run-record.ts';
import { optionalMapOf } from './item.ts';
import { finishedRunKey, leaseKey } from './keys.ts';
import { leaseLost, readFence } from './lease.ts';
import { runAttribute } from './record-attribute.ts';
import { getItem, holds, type StoreTable } from './store-table.ts';

/**
 * The run that has not finished lives inside the lease's own item. One conditional update therefore checks the fence and
 * writes the run in one step: a process that has lost its lease cannot change the run, however late its write arrives,
 * and no transaction is needed. A finished run gets an item of its own, which is written before the other lets go of it,
 * so that a crash in between leaves a run that is finished once more, not one that is forgotten.
 */

export async function readUnfinishedRun(
  table: StoreTable,
  workspaceId: WorkspaceId,
): Promise<RunRecord | undefined> {
  const item = await getItem(table, leaseKey(workspaceId));
  return item === undefined || optionalMapOf(item, 'record') === undefined
    ? undefined
    : runAttribute.fromItem(item);
}

export async function readRun(
  table: StoreTable,
  workspaceId: WorkspaceId,
  runId: RunId,
): Promise<RunRecord | undefined> {
  const [unfinished, finished] = await Promise.all([
    readUnfinishedRun(table, workspaceId),
    getItem(table, finishedRunKey(workspaceId, runId)),
  ]);
  if (unfinished?.runId === runId) return unfinished;
  return finished === undefined ? undefined : runAttribute.fromItem(finished);
}

/** @throws LeaseLostError */
export async function writeRun(table: StoreTable, run: RunRecord, fence: Fence): Promise<void> {
  if (run.phase === 'finished') await putFinishedRun(table, run, fence);
  const { client, tableName } = table;
  const isFinished = run.phase === 'finished';
  const written = await holds(
    client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { ...leaseKey(run.workspaceId) },
        UpdateExpression: isFinished ? 'REMOVE #record, run_id' : 'SET #record = :record, run_id = :runId',
        ConditionExpression: 'fence = :fence AND (attribute_not_exists(run_id) OR run_id = :runId)',
        ExpressionAttributeNames: { '#record': 'record' },
        ExpressionAttributeValues: {
          ':fence': fence,
          ':runId': run.runId,
          ...(isFinished ? {} : { ':record': runAttribute.toAttribute(run)['record'] }),
        },
      }),
    ),
  );
  if (written) return;
  if ((await readFence(table, run.workspaceId)) !== fence) throw leaseLost(run.workspaceId);
  throw new Error(`The run ${run.runId} cannot be written while another one has not finished.`);
}

async function putFinishedRun(
  { client, tableName }: StoreTable,
  run: RunRecord,
  fence: Fence,
): Promise<void> {
  const written = await holds(
    client.send(
      new PutCommand({
        TableName: tableName,
        Item: { ...finishedRunKey(run.workspaceId, run.runId), ...runAttribute.toAttribute(run), fence },
        ConditionExpression: 'attribute_not_exists(pk) OR fence <= :fence',
        ExpressionAttributeValues: { ':fence': fence },
      }),
    ),
  );
  if (!written) throw leaseLost(run.workspaceId);
}
