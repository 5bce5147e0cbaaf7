import { Duration } from 'aws-cdk-lib';
import { type MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { auditTable, stateTable, type TableDefinition } from '#audit/table-definitions.ts';
import { isSo } from './alarm-condition.ts';
import { metricSum } from './metric-sum.ts';
import type { NamedAlarm } from './runbook-alarm.ts';

export interface StoreParts {
  readonly auditTable: Table;
  readonly stateTable: Table;
}

const fiveMinutes = Duration.minutes(5);

/** Whether the tables take what is to be recorded. */
export function storeAlarms({ auditTable: audit, stateTable: state }: StoreParts): NamedAlarm[] {
  return [
    [
      'AuditThrottled',
      {
        when: isSo(throttles(audit, auditTable), { bad: 3 }),
        impact:
          'DynamoDB turns away reads or writes of the audit trail; no record, no deletion, so sweeps slow down or stop.',
        article: 'A table is throttled',
      },
    ],
    [
      'StateThrottled',
      {
        when: isSo(throttles(state, stateTable), { bad: 3 }),
        impact: 'DynamoDB turns away reads or writes of the run state, so sweeps slow down or stop.',
        article: 'The state table is throttled',
      },
    ],
  ];
}

/** Of the table and of each index, since a throttled index holds up the table. */
function throttles(table: Table, { indexes }: TableDefinition): MathExpression {
  const places = [{}, ...indexes.map(({ name }) => ({ GlobalSecondaryIndexName: name }))];
  const metrics = places.flatMap((place) =>
    ['ReadThrottleEvents', 'WriteThrottleEvents'].map(
      (metricName) =>
        new Metric({
          namespace: 'AWS/DynamoDB',
          metricName,
          dimensionsMap: { TableName: table.tableName, ...place },
          statistic: Stats.SUM,
          period: fiveMinutes,
        }),
    ),
  );
  return metricSum(metrics, fiveMinutes, 'throttled requests');
}
