import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { stateTable } from '#audit/table-definitions.ts';
import { envNames } from '#runtime/env-names.ts';
import { keyedTable } from './keyed-table.ts';
import type { RetentionFunction } from './retention-function.ts';

/** Where runs, leases, approvals and holds are at. */
export class StateTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = keyedTable(this, 'Table', stateTable);
  }

  /** Permission to read and to go on with runs, plans and leases; none to delete: neither a hold nor the pause. */
  grantReadWrite(worker: RetentionFunction): void {
    worker.setVariable(envNames.stateTable, this.table.tableName);
    worker.allow(
      ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      [this.table.tableArn],
    );
  }

  /** Permission to delete, besides: what a reconciliation has noted as absent, and has found since. */
  grantClear(reconciler: RetentionFunction): void {
    reconciler.allow(['dynamodb:DeleteItem'], [this.table.tableArn]);
  }
}
