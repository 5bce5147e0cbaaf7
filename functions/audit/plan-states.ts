import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { PlanId, WorkspaceId } from '#policy/ids.ts';
import type { Fence } from '#sweep/ports.ts';
import type { PlanRecord } from '#sweep/run-record.ts';
import { planStateKey, planStatePrefix, statePartition } from './keys.ts';
import { leaseLost, readFence } from './lease.ts';
import { fromPlanAttributes, toPlanAttributes } from './record-attribute.ts';
import { getItem, holds, partitionQuery, queryItems, type StoreTable } from './store-table.ts';

/** Most readers want the newest only. */
const plansPerPage = 10;

export async function readPlan(
  table: StoreTable,
  workspaceId: WorkspaceId,
  planId: PlanId,
): Promise<PlanRecord | undefined> {
  const item = await getItem(table, planStateKey(workspaceId, planId));
  return item === undefined ? undefined : fromPlanAttributes(item);
}

/** Newest first. */
export async function* plans(table: StoreTable, workspaceId: WorkspaceId): AsyncGenerator<PlanRecord> {
  const query = partitionQuery(statePartition(workspaceId), planStatePrefix);
  const newestFirst = { ...query, ScanIndexForward: false, Limit: plansPerPage };
  for await (const item of queryItems(table, newestFirst)) yield fromPlanAttributes(item);
}

/**
 * Refuses a fence that is not the lease's, and one that is older than the record's last writer. Between the two checks a
 * lease can change hands; a write that slips through there is one that the old holder could as well have made a moment
 * earlier, it brings no conversation into the plan (those are in the audit, where the first writer wins), and the new
 * holder's first write closes the door for good.
 * @throws LeaseLostError
 */
export async function writePlan(table: StoreTable, plan: PlanRecord, fence: Fence): Promise<void> {
  const { client, tableName } = table;
  if ((await readFence(table, plan.workspaceId)) !== fence) throw leaseLost(plan.workspaceId);
  const written = await holds(
    client.send(
      new PutCommand({
        TableName: tableName,
        Item: { ...planStateKey(plan.workspaceId, plan.planId), ...toPlanAttributes(plan), fence },
        ConditionExpression: 'attribute_not_exists(pk) OR fence <= :fence',
        ExpressionAttributeValues: { ':fence': fence },
      }),
    ),
  );
  if (!written) throw leaseLost(plan.workspaceId);
}
