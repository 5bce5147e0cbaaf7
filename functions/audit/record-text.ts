import { stringify } from 'csv-stringify/sync';

export type Cell = string | number | boolean | null;

/** The columns of a table of `Item`s by name, in their order. */
export type Columns<Item> = Readonly<Record<string, (item: Item) => Cell>>;

/** One JSON object a line. */
export const toNdjson = (objects: readonly object[]): string =>
  objects.map((object) => `${JSON.stringify(object)}\n`).join('');

export interface CsvShape {
  readonly header: boolean;
  /** `windows` as RFC 4180 has it; `unix`, which other tools of a shell like better, unless given. */
  readonly lineEnds?: 'unix' | 'windows';
}

/** RFC 4180 but for the line ends that are asked for; an empty cell for null. */
export const toCsv = <Item>(
  columns: Columns<Item>,
  items: readonly Item[],
  { header, lineEnds = 'unix' }: CsvShape,
): string =>
  stringify(
    items.map((item) => Object.values(columns).map((of) => of(item))),
    {
      header,
      record_delimiter: lineEnds,
      quoted_match: /[\r\n]/,
      columns: Object.keys(columns),
      cast: { boolean: String },
      escape_formulas: true, // a spreadsheet must not take a cell for a formula
    },
  );
