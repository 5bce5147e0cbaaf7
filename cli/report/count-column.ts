import { countText } from '../number-text.ts';
import type { DataColumn } from './data-table.ts';

/** A column of whole numbers, with commas between the thousands. */
export const countColumn = <Row>(name: string, countOf: (row: Row) => number): DataColumn<Row> => ({
  name,
  align: 'number',
  cell: (row) => countText(countOf(row)),
  sortBy: countOf,
});
