import { fileWriter, parquetWriteRows } from 'hyparquet-writer';
import { type FactsRecord, toFactsRecord } from '#audit/audit-facts.ts';
import { type OutcomeRecord, toOutcomeRecord } from '#audit/outcome-record.ts';
import type { QueriedOutcome } from '#sweep/outcome.ts';

/** What is in memory at once: about 20 MB. */
const rowsPerGroup = 5_000;

type SchemaElement = NonNullable<Parameters<typeof parquetWriteRows>[0]['schema']>[number];
type ColumnKind = 'text' | 'flag' | 'time' | 'number' | 'texts';
type OutcomeColumn = Exclude<keyof OutcomeRecord, 'facts'>;

const outcomeKinds: Readonly<Record<OutcomeColumn, ColumnKind>> = {
  workspace_id: 'text',
  conversation_id: 'text',
  outcome: 'text',
  reason: 'text',
  rule_id: 'text',
  policy_hash: 'text',
  run_id: 'text',
  trigger: 'text',
  retain_metrics: 'flag',
  metrics_retained: 'flag',
  planned_at: 'time',
  attempted_at: 'time',
  deleted_at: 'time',
  confirmed_at: 'time',
  http_status: 'number',
  intercom_request_id: 'text',
};

const factsKinds: Readonly<Record<keyof FactsRecord, ColumnKind>> = {
  state: 'text',
  created_at: 'time',
  updated_at: 'time',
  tag_ids: 'texts',
  team_id: 'text',
  has_ticket: 'flag',
};

/** With an underscore where the CSV file has a dot: Athena takes no other sign in a column's name. */
const factsColumn = (name: string): string => `facts_${name}`;

const columns: readonly (readonly [string, ColumnKind])[] = [
  ...Object.entries(outcomeKinds),
  ...Object.entries(factsKinds).map(([name, kind]) => [factsColumn(name), kind] as const),
];

/** Every column may be null, as in the record; ids are texts, times are instants in UTC. */
const schema: SchemaElement[] = [
  { name: 'outcomes', num_children: columns.length },
  ...columns.flatMap(([name, kind]) => elementsOf(name, kind)),
];

function elementsOf(name: string, kind: ColumnKind): readonly SchemaElement[] {
  const optional = { name, repetition_type: 'OPTIONAL' } as const;
  switch (kind) {
    case 'text':
      return [{ ...optional, type: 'BYTE_ARRAY', converted_type: 'UTF8' }];
    case 'flag':
      return [{ ...optional, type: 'BOOLEAN' }];
    case 'time':
      return [{ ...optional, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' }];
    case 'number':
      return [{ ...optional, type: 'INT32' }];
    case 'texts':
      return [
        { ...optional, converted_type: 'LIST', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', repetition_type: 'OPTIONAL', type: 'BYTE_ARRAY', converted_type: 'UTF8' },
      ];
  }
}

/** Writes outcomes as they come, a row group at a time, and returns how many there were. */
export async function writeParquet(path: string, outcomes: AsyncIterable<QueriedOutcome>): Promise<number> {
  let records = 0;
  async function* rows(): AsyncGenerator<Row> {
    for await (const outcome of outcomes) {
      records += 1;
      yield toRow(outcome);
    }
  }
  await parquetWriteRows({
    writer: fileWriter(path),
    rows: rows(),
    columns: columns.map(([name]) => ({ name })),
    schema,
    rowGroupSize: rowsPerGroup,
    createdBy: 'intercom-retention',
  });
  return records;
}

type Cell = string | number | boolean | Date | readonly string[] | null;
type Row = Record<string, Cell>;

function toRow(queried: QueriedOutcome): Row {
  const record = toOutcomeRecord(queried);
  const facts = toFactsRecord(queried.outcome.facts);
  const cells: Row = {};
  for (const name of namesOf(outcomeKinds)) cells[name] = toCell(outcomeKinds[name], record[name]);
  for (const name of namesOf(factsKinds)) cells[factsColumn(name)] = toCell(factsKinds[name], facts[name]);
  return cells;
}

const toCell = (kind: ColumnKind, value: Exclude<Cell, Date>): Cell =>
  kind === 'time' && typeof value === 'string' ? new Date(value) : value;

const namesOf = <Name extends string>(kinds: Readonly<Record<Name, ColumnKind>>): readonly Name[] =>
  Object.keys(kinds) as Name[]; // the records above have no other keys
