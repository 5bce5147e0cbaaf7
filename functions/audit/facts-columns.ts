import type { AuditFacts } from '#sweep/outcome.ts';
import { type FactsRecord, toFactsRecord } from './audit-facts.ts';
import type { Cell, Columns } from './record-text.ts';

const names = ['state', 'created_at', 'updated_at', 'tag_ids', 'team_id', 'has_ticket'] as const;

/** The audit's facts as CSV columns, `facts.state` … */
export const factsColumns = <Item>(factsOf: (item: Item) => AuditFacts): Columns<Item> =>
  factsRecordColumns((item) => toFactsRecord(factsOf(item)));

/** The same, of facts as they are printed. */
export const factsRecordColumns = <Item>(factsOf: (item: Item) => FactsRecord): Columns<Item> =>
  Object.fromEntries(names.map((name) => [`facts.${name}`, (item: Item) => cellOf(factsOf(item)[name])]));

/** Tag ids stand in one cell, with blanks between them. */
const cellOf = (value: string | boolean | readonly string[] | null): Cell =>
  typeof value === 'object' && value !== null ? value.join(' ') : value;
