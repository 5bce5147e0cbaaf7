import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Approval } from '#sweep/run-record.ts';
import { type PrimaryKey, planApprovalKey, policyApprovalKey } from './keys.ts';
import { approvalAttribute } from './record-attribute.ts';
import { getItem, type StoreTable } from './store-table.ts';

export async function readApproval(table: StoreTable, key: PrimaryKey): Promise<Approval | undefined> {
  const item = await getItem(table, key);
  return item === undefined ? undefined : approvalAttribute.fromItem(item);
}

/** Approves the plan and, when it covers the policy, all plans of the policy's hash. The latest approval stands. */
export async function writeApproval({ client, tableName }: StoreTable, approval: Approval): Promise<void> {
  const { workspaceId, planId, policyHash } = approval;
  const keys = [
    planApprovalKey(workspaceId, planId),
    ...(approval.covers === 'policy' ? [policyApprovalKey(workspaceId, policyHash)] : []),
  ];
  for (const key of keys) {
    await client.send(
      new PutCommand({ TableName: tableName, Item: { ...key, ...approvalAttribute.toAttribute(approval) } }),
    );
  }
}
