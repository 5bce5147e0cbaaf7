import type { Output } from './output.ts';
import { type Column, renderTable } from './table.ts';

/** How a short list is printed. */
export interface ListShape<Item> {
  readonly toObject: (item: Item) => object;
  readonly columns: readonly Column[];
  readonly toRow: (item: Item) => readonly string[];
  /** What is said of an empty list. */
  readonly none: string;
}

/** Prints a list that a person keeps: plans, holds. NDJSON with `--json`, else a table. */
export async function writeList<Item>(
  output: Output,
  items: AsyncIterable<Item> | Iterable<Item>,
  shape: ListShape<Item>,
): Promise<void> {
  const rows: (readonly string[])[] = [];
  for await (const item of items) {
    if (output.json) await output.document(shape.toObject(item));
    else rows.push(shape.toRow(item));
  }
  output.say(rows.length === 0 ? shape.none : renderTable(shape.columns, rows));
}
