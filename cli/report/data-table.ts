import { type Html, type HtmlValue, html } from '../html.ts';

export interface DataColumn<Row> {
  readonly name: string;
  /** Numbers stand to the right, with their digits under each other; prose is never squeezed into a few letters a line. */
  readonly align?: 'number' | 'prose';
  readonly cell: (row: Row) => HtmlValue;
  /** What rows are sorted by where it is not the text that is shown: a plain number, or an ISO date. */
  readonly sortBy?: (row: Row) => string | number;
}

export interface DataTable<Row> {
  /** What the table is, for who cannot see what stands around it. */
  readonly caption: string;
  readonly columns: readonly DataColumn<Row>[];
  readonly rows: readonly Row[];
  /** The sum of the columns, under the rows: a value for each column. */
  readonly total?: readonly HtmlValue[];
  /** Where tests, and links, find it. */
  readonly id?: string;
  /** `sort`: by its column names. `sort_and_filter`: also by a text and by the words of the first column named so. */
  readonly tools?: 'sort' | 'sort_and_filter';
  /** A word on each row by which the filter may choose. */
  readonly kindOf?: (row: Row) => string;
  readonly kindName?: string;
}

/** A longer table scrolls in a frame of its own, so that what comes after it is not a mile down. */
const mostRowsAtOnce = 25;
/** A table of so few is printed on one page. */
const mostRowsTogether = 8;

/** A table whose rows are named by their first cell. It is complete without the script that sorts and filters. */
export function dataTable<Row>(table: DataTable<Row>): Html {
  const { caption, columns, rows, total, id, tools, kindOf, kindName } = table;
  return html`<div class="${frameOf(rows.length)}" role="region" aria-label="${caption}" tabindex="0">
<table${attribute('id', id)}${attribute('data-tools', tools)}${attribute('data-kind-name', kindName)}>
<caption><span>${caption}</span></caption>
<thead><tr>${columns.map(
    ({ name, align }) => html`<th scope="col"${attribute('class', align)}>${name}</th>`,
  )}</tr></thead>
<tbody>${rows.map(
    (row) => html`
<tr${attribute('data-kind', kindOf?.(row))}>${columns.map((column, at) => cellOf(column, row, at === 0))}</tr>`,
  )}
</tbody>${total === undefined ? undefined : totalRow(columns, total)}
</table></div>`;
}

function frameOf(rowCount: number): string {
  if (rowCount > mostRowsAtOnce) return 'scroll tall';
  return rowCount <= mostRowsTogether ? 'scroll short' : 'scroll';
}

function cellOf<Row>(column: DataColumn<Row>, row: Row, isName: boolean): Html {
  const { align, cell, sortBy } = column;
  const sort = attribute('data-sort', sortBy?.(row));
  return isName
    ? html`<th scope="row"${attribute('class', align)}${sort}>${cell(row)}</th>`
    : html`<td${attribute('class', align)}${sort}>${cell(row)}</td>`;
}

const totalRow = <Row>(columns: readonly DataColumn<Row>[], total: readonly HtmlValue[]): Html =>
  html`<tfoot><tr>${total.map((value, at) =>
    at === 0
      ? html`<th scope="row">${value}</th>`
      : html`<td${attribute('class', columns[at]?.align)}>${value}</td>`,
  )}</tr></tfoot>`;

const attribute = (name: string, value: string | number | undefined): Html | undefined =>
  value === undefined ? undefined : html` ${name}="${value}"`;
