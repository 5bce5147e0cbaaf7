import { type Columns, toCsv, toNdjson } from '#audit/record-text.ts';
import type { Output } from './output.ts';
import { renderTable } from './table.ts';

export const recordFormats = ['table', 'ndjson', 'csv'] as const;
export type RecordFormat = (typeof recordFormats)[number];

/** How records of one kind are printed. */
export interface RecordShape<Item> {
  /** The object of an NDJSON line. */
  readonly toObject: (item: Item) => object;
  /** Every column of the CSV, in order. */
  readonly csv: Columns<Item>;
  /** The few columns that a person wants to see. */
  readonly table: Columns<Item>;
}

/** Rows whose column widths are worked out together; below them the names stand again. */
const rowsPerTable = 1000;
const itemsPerWrite = 200;

/** The format asked for, or the one that the reader can use: a table for people, NDJSON for programs. */
export const chooseFormat = ({ json, isTerminal }: Output, asked: RecordFormat | undefined): RecordFormat =>
  asked ?? (json || !isTerminal ? 'ndjson' : 'table');

/** Writes records as they come, never more than a screenful ahead of who reads them. */
export async function writeRecords<Item>(
  output: Output,
  format: RecordFormat,
  shape: RecordShape<Item>,
  items: AsyncIterable<Item>,
): Promise<number> {
  const batchSize = format === 'table' ? rowsPerTable : itemsPerWrite;
  const render = renderers[format];
  let written = 0;
  let batch: Item[] = [];
  const flush = async (): Promise<void> => {
    await output.data(render(shape, batch, written === 0));
    written += batch.length;
    batch = [];
  };
  for await (const item of items) {
    batch.push(item);
    if (batch.length >= batchSize) await flush();
  }
  if (batch.length > 0 || written === 0) await flush();
  return written;
}

type Render = <Item>(shape: RecordShape<Item>, items: readonly Item[], isFirst: boolean) => string;

const renderers: Readonly<Record<RecordFormat, Render>> = {
  ndjson: ({ toObject }, items) => toNdjson(items.map(toObject)),
  csv: ({ csv }, items, isFirst) => toCsv(csv, items, { header: isFirst }),
  table: ({ table }, items, isFirst) => {
    if (items.length === 0) return 'None.\n';
    const columns = Object.keys(table).map((name) => ({ name }));
    const rows = items.map((item) => Object.values(table).map((of) => String(of(item) ?? '')));
    return `${isFirst ? '' : '\n'}${renderTable(columns, rows)}\n`;
  },
};
