import type { QueriedOutcome } from '#sweep/outcome.ts';
import { factsColumns, factsRecordColumns } from './facts-columns.ts';
import { type OutcomeRecord, toOutcomeRecord } from './outcome-record.ts';
import type { Cell, Columns } from './record-text.ts';

type ColumnName = Exclude<keyof OutcomeRecord, 'facts'>;

const columnNames = [
  'workspace_id',
  'conversation_id',
  'outcome',
  'reason',
  'rule_id',
  'policy_hash',
  'run_id',
  'trigger',
  'retain_metrics',
  'metrics_retained',
  'planned_at',
  'attempted_at',
  'deleted_at',
  'confirmed_at',
  'http_status',
  'intercom_request_id',
] as const satisfies readonly ColumnName[];

export const outcomeColumn =
  (name: ColumnName) =>
  (item: QueriedOutcome): Cell =>
    toOutcomeRecord(item)[name];

/** An outcome record as a row of a CSV file: the names of the record, and its facts as `facts.state` … */
export const outcomeColumns: Columns<QueriedOutcome> = {
  ...Object.fromEntries(columnNames.map((name) => [name, outcomeColumn(name)])),
  ...factsColumns<QueriedOutcome>(({ outcome }) => outcome.facts),
};

/** The same columns of records that are made already: for whoever writes very many of them. */
export const outcomeRecordColumns: Columns<OutcomeRecord> = {
  ...Object.fromEntries(columnNames.map((name) => [name, (record: OutcomeRecord) => record[name]])),
  ...factsRecordColumns<OutcomeRecord>(({ facts }) => facts),
};
