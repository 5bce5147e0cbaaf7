import type { WorkspaceId } from '#policy/ids.ts';
import type { RecordKey, RecordKind } from './audit-record.ts';
import type { UtcDay } from './utc-day.ts';

/**
 * Where an item of the audit table is found, by what it is stored as: in the journal of a day; among the seals, which are in
 * no journal and prove themselves; or in neither, so that no day that is listed, sealed or exported has it.
 */
export type ItemPlace =
  | { readonly kind: 'journal'; readonly day: UtcDay }
  | { readonly kind: 'seals' }
  | { readonly kind: 'unlisted' };

/** An item of the audit table, as far as it can be judged by itself. */
export interface StandingItem {
  readonly key: RecordKey;
  /** What a reader by key takes it for. */
  readonly kind: RecordKind;
  /** When it says that it was recorded, in whatever words; undefined when it says nothing of it. */
  readonly recordedAt: string | undefined;
  readonly place: ItemPlace;
}

/** The audit table as it stands, past every index and list. */
export interface WholeTable {
  /** Every item that a question about this workspace could be answered with, in no order, as a stream. */
  items(workspaceId: WorkspaceId): AsyncIterable<StandingItem>;
}
