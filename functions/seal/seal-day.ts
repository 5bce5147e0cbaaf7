import type { WorkspaceId } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import { StoreError } from '#sweep/errors.ts';
import type { Clock } from '#sweep/ports.ts';
import { type AuditRecord, leafHash } from './audit-record.ts';
import { isAfter } from './is-after.ts';
import { leafLine, startLeafListDigest } from './leaf-list.ts';
import { startTreeHash } from './merkle-tree.ts';
import type { Leaf, SealHeader, SealId } from './seal.ts';
import { noteDigest, signSeal } from './seal-note.ts';
import { maxChunkBytes, maxLeavesPerChunk, type SealListName, type SealStore } from './seal-store.ts';
import type { Signer } from './signing-key.ts';
import type { UtcDay } from './utc-day.ts';

export interface SealDeps {
  readonly store: SealStore;
  readonly signer: Signer;
  readonly clock: Pick<Clock, 'now'>;
  /** UUIDs of version 7. */
  readonly newId: () => string;
}

export interface DayToSeal {
  readonly workspaceId: WorkspaceId;
  readonly day: UtcDay;
  /** Undefined for the first. */
  readonly previous: SealHeader | undefined;
  /** Records of earlier days that go into this seal. */
  readonly late: AsyncIterable<AuditRecord> | undefined;
  /** Of a day that is not over: its records before this instant are sealed. */
  readonly until: Instant | undefined;
}

export interface SealedDay {
  readonly seal: SealHeader;
  /** False when another process was first. */
  readonly isOurs: boolean;
}

/**
 * The list first, under an id of its own, the seal last: an attempt that dies leaves a list that nothing names, and of two at
 * once the first to finish wins.
 */
export async function sealDay(deps: SealDeps, toSeal: DayToSeal): Promise<SealedDay> {
  const { store, signer, clock, newId } = deps;
  const { workspaceId, day, previous, until } = toSeal;
  const list = { workspaceId, day, sealId: newId() as SealId }; // made here and nowhere else
  const written = await writeLeafList(store, list, toSeal);
  const note = await signSeal(
    {
      workspaceId,
      day,
      ...written,
      previous: previous === undefined ? undefined : noteDigest(previous.note),
      until,
    },
    signer,
  );
  const { fingerprint, pem } = signer.publicKey;
  await store.putPublicKey(workspaceId, { keyId: fingerprint, pem });
  const seal: SealHeader = {
    ...list,
    note,
    unsigned: {
      keyId: fingerprint,
      sealedAt: clock.now(),
      recordCount: written.size,
      lateCount: written.late,
    },
  };
  if ((await store.putSeal(seal)) === 'written') return { seal, isOurs: true };
  // A put whose answer was lost is tried again, and finds what it has written itself.
  const first = await store.readSeal(workspaceId, day);
  if (first === undefined) throw lostSeal(day);
  return { seal: first, isOurs: first.sealId === seal.sealId };
}

const lostSeal = (day: UtcDay): StoreError =>
  new StoreError(
    `The seal of ${day} was there a moment ago and is not any more; look into who deletes from the audit.`,
    {
      retryable: false,
    },
  );

interface WrittenList {
  readonly size: number;
  readonly late: number;
  readonly root: Uint8Array;
  readonly leafList: Uint8Array;
}

async function writeLeafList(
  store: SealStore,
  list: SealListName,
  { late, until }: DayToSeal,
): Promise<WrittenList> {
  const tree = startTreeHash();
  const digest = startLeafListDigest();
  let chunk: Leaf[] = [];
  let chunkBytes = 0;
  let chunkNumber = 0;
  const add = async (record: AuditRecord): Promise<void> => {
    const leaf = { key: record.key, recordedAt: record.recordedAt, hash: leafHash(record) };
    tree.add(leaf.hash);
    digest.add(leaf);
    chunk.push(leaf);
    chunkBytes += Buffer.byteLength(leafLine(leaf));
    if (chunk.length < maxLeavesPerChunk && chunkBytes < maxChunkBytes) return;
    await store.putLeaves(list, chunkNumber, chunk);
    chunk = [];
    chunkBytes = 0;
    chunkNumber += 1;
  };

  if (late !== undefined) for await (const record of late) await add(record);
  const lateCount = tree.size();
  for await (const record of store.dayRecords(list.workspaceId, list.day)) {
    if (isAfter(record, until)) break;
    await add(record);
  }
  if (chunk.length > 0) await store.putLeaves(list, chunkNumber, chunk);
  return { size: tree.size(), late: lateCount, root: tree.root(), leafList: digest.digest() };
}
