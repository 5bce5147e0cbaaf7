import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { TableDefinition } from '#audit/table-definitions.ts';

const stringKey = (name: string) => ({ name, type: AttributeType.STRING });

/** A table with the keys that the functions use, that neither a mistake nor the removal of the stack takes away. */
export function keyedTable(scope: Construct, id: string, definition: TableDefinition): Table {
  const { partitionKey, sortKey, timeToLiveAttribute } = definition;
  const table = new Table(scope, id, {
    partitionKey: stringKey(partitionKey),
    sortKey: stringKey(sortKey),
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    // Even when the deployment that makes it fails: its protection would refuse to let it go, and the rollback would fail, too.
    removalPolicy: RemovalPolicy.RETAIN,
    ...(timeToLiveAttribute === undefined ? {} : { timeToLiveAttribute }),
  });
  for (const index of definition.indexes) {
    table.addGlobalSecondaryIndex({
      indexName: index.name,
      partitionKey: stringKey(index.partitionKey),
      sortKey: stringKey(index.sortKey),
      projectionType: ProjectionType.ALL,
    });
  }
  return table;
}
