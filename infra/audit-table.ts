import { Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type AuditIndex, auditTable, deniedOnAudit } from '#audit/table-definitions.ts';
import { envNames } from '#runtime/env-names.ts';
import { keyedTable } from './keyed-table.ts';
import type { RetentionFunction } from './retention-function.ts';

/** The audit trail: what is written to it stays as it was written. */
export class AuditTable extends Construct {
  readonly table: Table;
  /** ARN of the role that may delete nevertheless. */
  readonly adminRoleArn: string;

  /** @param adminRole Name of the role that may delete nevertheless. */
  constructor(scope: Construct, id: string, adminRole: string) {
    super(scope, id);
    this.table = keyedTable(this, 'Table', auditTable);
    const { partition, account } = Stack.of(this);
    this.adminRoleArn = `arn:${partition}:iam::${account}:role/${adminRole}`;
    this.table.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OnlyTheAuditAdminDeletes',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: [...deniedOnAudit],
        resources: ['*'], // this table; a policy cannot name the table that it is part of
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': this.adminRoleArn } },
      }),
    );
  }

  /** Permission to read by key and by index; no scan. */
  grantQuery(reader: RetentionFunction): void {
    reader.setVariable(envNames.auditTable, this.table.tableName);
    reader.allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem'], [this.table.tableArn]);
    const indexes = auditTable.indexes.map(({ name }) => `${this.table.tableArn}/index/${name}`);
    reader.allow(['dynamodb:Query'], [this.table.tableArn, ...indexes]);
  }

  /** Permission to read the records of a day, and to add seals and read them. */
  grantSeal(sealer: RetentionFunction): void {
    sealer.setVariable(envNames.auditTable, this.table.tableName);
    sealer.allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'], [this.table.tableArn]);
    const journal: AuditIndex = 'by_day';
    sealer.allow(['dynamodb:Query'], [`${this.table.tableArn}/index/${journal}`]);
  }

  /** Permission to add records and to read them; none to change or delete one. */
  grantAppend(writer: RetentionFunction): void {
    this.grantQuery(writer);
    writer.allow(['dynamodb:PutItem'], [this.table.tableArn]);
  }
}
