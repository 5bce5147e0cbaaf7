import type { WorkspaceId } from '#policy/ids.ts';
import type { Written } from '#sweep/ports.ts';
import type { AuditRecord, RecordKey } from './audit-record.ts';
import type { Leaf, PublishedKey, SealHeader } from './seal.ts';
import type { UtcDay } from './utc-day.ts';

/**
 * What a verification reads: the audit itself, or an export of it. Whatever stands there is given as it is, readable or
 * not: judging it is the verification's work.
 */
export interface SealSource {
  /** Every record of the day, in the order of `compareRecords`, as a stream. */
  dayRecords(workspaceId: WorkspaceId, day: UtcDay): AsyncIterable<AuditRecord>;
  /** The record under this key, wherever the journal has it; undefined when there is none. */
  readRecord(key: RecordKey): Promise<AuditRecord | undefined>;
  /** Oldest first. */
  seals(workspaceId: WorkspaceId): AsyncIterable<SealHeader>;
  /** In the order of the seal, as a stream. Leaves that cannot be read are left out: the seal then says that they are missing. */
  leafList(seal: SealListName): AsyncIterable<Leaf>;
  publicKeys(workspaceId: WorkspaceId): Promise<readonly PublishedKey[]>;
}

/** Names the list of what a seal seals. */
export type SealListName = Pick<SealHeader, 'workspaceId' | 'day' | 'sealId'>;

/** What sealing needs beside: it only ever adds, and the first writer wins. */
export interface SealStore extends SealSource {
  /** The first day that has a record; undefined when there is none. */
  firstRecordDay(workspaceId: WorkspaceId): Promise<UtcDay | undefined>;
  readSeal(workspaceId: WorkspaceId, day: UtcDay): Promise<SealHeader | undefined>;
  /** A part of a list, see `maxLeavesPerChunk`. Chunks count from 0. */
  putLeaves(list: SealListName, chunkNumber: number, leaves: readonly Leaf[]): Promise<Written>;
  putSeal(seal: SealHeader): Promise<Written>;
  putPublicKey(workspaceId: WorkspaceId, key: PublishedKey): Promise<Written>;
}

/** A chunk ends at whichever comes first, so that it fits into one item of the store, however long the names of its records are. */
export const maxLeavesPerChunk = 500;
/** As lines of the list, before they are packed. */
export const maxChunkBytes = 300_000;
