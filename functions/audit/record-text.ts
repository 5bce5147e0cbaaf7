import { stringify } from 'csv-stringify/sync';

export type Cell = string | number | boolean | null;

/** The columns of a table of `Item`s by name, in their order. */
export type Columns<Item> = Readonly<Record<string, (item: Item) => Cell>>;

/** One JSON object a line. */
export const toNdjson = (objects: readonly object[]): string =>
  objects.map((object) => `${JSON.stringify(object)}\n`).join('');

/** RFC 4180 but for line feeds alone; an empty cell for null. */
export const toCsv = <Item>(
  columns: Columns<Item>,
  items: readonly Item[],
  { header }: { readonly header: boolean },
): string =>
  stringify(
    items.map((item) => Object.values(columns).map((of) => of(item))),
    {
      header,
      columns: Object.keys(columns),
      cast: { boolean: String },
      escape_formulas: true, // a spreadsheet must not take a cell for a formula
    },
  );
