import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  GetResourcePolicyCommand,
  PolicyNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { StoreError } from '#sweep/errors.ts';
import type { StoreTable } from './store-table.ts';

/** How a table is protected against mistakes and malice, as AWS says. */
export interface TableProtection {
  /** Whether it cannot be deleted as a whole. */
  readonly isDeletionProtected: boolean;
  /** Whether it can be set back to an earlier second. */
  readonly hasPointInTimeRecovery: boolean;
  /** Its own policy, a JSON text; undefined when it has none. */
  readonly policy: string | undefined;
}

/** @throws StoreError */
export async function readTableProtection({ client, tableName }: StoreTable): Promise<TableProtection> {
  const [{ Table }, backups] = await Promise.all([
    client.send(new DescribeTableCommand({ TableName: tableName })),
    client.send(new DescribeContinuousBackupsCommand({ TableName: tableName })),
  ]);
  const recovery = backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  return {
    isDeletionProtected: Table?.DeletionProtectionEnabled === true,
    hasPointInTimeRecovery: recovery?.PointInTimeRecoveryStatus === 'ENABLED',
    policy: await readPolicy(client, Table?.TableArn),
  };
}

async function readPolicy(
  client: StoreTable['client'],
  arn: string | undefined,
): Promise<string | undefined> {
  try {
    return (await client.send(new GetResourcePolicyCommand({ ResourceArn: arn }))).Policy;
  } catch (error) {
    if (error instanceof StoreError && error.cause instanceof PolicyNotFoundException) return undefined;
    throw error;
  }
}
