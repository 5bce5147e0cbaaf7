import type { WorkspaceId } from '#policy/ids.ts';
import { type AuditRecord, keyText, leafHash } from '#seal/audit-record.ts';
import { hasLateRecords } from '#seal/late-leaves.ts';
import { inclusionProof } from '#seal/merkle-tree.ts';
import type { Leaf, SealHeader } from '#seal/seal.ts';
import type { SealSource } from '#seal/seal-store.ts';
import { type CertifiedRecord, type CertifiedRole, inCanonicalOrder } from './certificate.ts';

export interface ProvenRecord {
  readonly record: CertifiedRecord;
  readonly seal: SealHeader;
}

/** Finds each record in the seals, with the proof that it is in there. One that is in no seal yet is left out. */
export async function proveRecords(
  seals: SealSource,
  workspaceId: WorkspaceId,
  records: ReadonlyMap<CertifiedRole, AuditRecord>,
): Promise<readonly ProvenRecord[]> {
  const roles = new Map([...records].map(([role, { key }]) => [keyText(key), role]));
  const proven: ProvenRecord[] = [];
  for await (const { record, seal, index } of placesOf(seals, workspaceId, [...records.values()])) {
    const role = roles.get(keyText(record.key));
    if (role === undefined) continue;
    const { path } = await inclusionProof(hashesOf(seals.leafList(seal)), index);
    proven.push({ seal, record: toCertified(role, record, seal, index, path) });
  }
  return proven;
}

/**
 * Which of these records was sealed before the others: the one in the earliest seal; of several in there, one that was sealed with its
 * own day; of several such, the first that is given. Undefined when none is in a seal.
 */
export async function earliestSealed(
  seals: SealSource,
  workspaceId: WorkspaceId,
  records: readonly AuditRecord[],
): Promise<AuditRecord | undefined> {
  const together: AuditRecord[] = [];
  let earliest: SealHeader | undefined;
  for await (const { record, seal } of placesOf(seals, workspaceId, records)) {
    earliest ??= seal;
    if (seal !== earliest) break;
    together.push(record);
  }
  const inTime = records.find((record) => together.includes(record) && dayOfRecord(record) === earliest?.day);
  return inTime ?? records.find((record) => together.includes(record));
}

interface SealedPlace {
  readonly record: AuditRecord;
  readonly seal: SealHeader;
  readonly index: number;
}

/** Where in the seals each record is, as far as it is in one. */
async function* placesOf(
  seals: SealSource,
  workspaceId: WorkspaceId,
  records: readonly AuditRecord[],
): AsyncGenerator<SealedPlace> {
  const wanted = new Map(records.map((record) => [keyText(record.key), record]));
  const firstDay = records.map(dayOfRecord).toSorted()[0] ?? '';
  for await (const seal of seals.seals(workspaceId)) {
    if (wanted.size === 0) break;
    if (seal.day < firstDay || !mayHold(seal, wanted.values())) continue;
    for (const { key, index } of await findLeaves(seals, seal, wanted)) {
      const record = wanted.get(key);
      if (record === undefined) continue;
      wanted.delete(key);
      yield { record, seal, index };
    }
  }
}

const dayOfRecord = ({ recordedAt }: AuditRecord): string => recordedAt.slice(0, 'yyyy-mm-dd'.length);

/** A seal holds the records of its day, and late ones of days before. */
const mayHold = (seal: SealHeader, wanted: Iterable<AuditRecord>): boolean => {
  const hasLate = hasLateRecords(seal);
  return [...wanted].some((record) =>
    hasLate ? dayOfRecord(record) <= seal.day : dayOfRecord(record) === seal.day,
  );
};

async function findLeaves(
  seals: SealSource,
  seal: SealHeader,
  wanted: ReadonlyMap<string, unknown>,
): Promise<readonly { readonly key: string; readonly index: number }[]> {
  const found: { key: string; index: number }[] = [];
  let index = 0;
  for await (const leaf of seals.leafList(seal)) {
    const key = keyText(leaf.key);
    if (wanted.has(key)) found.push({ key, index });
    index += 1;
  }
  return found;
}

async function* hashesOf(leaves: AsyncIterable<Leaf>): AsyncGenerator<Uint8Array> {
  for await (const { hash } of leaves) yield hash;
}

const toCertified = (
  role: CertifiedRole,
  record: AuditRecord,
  { day }: SealHeader,
  index: number,
  path: readonly Uint8Array[],
): CertifiedRecord => ({
  role,
  recorded_at: record.recordedAt,
  seal_day: day,
  leaf_index: index,
  leaf_hash: Buffer.from(leafHash(record)).toString('hex'),
  proof: path.map((beside) => Buffer.from(beside).toString('base64')),
  document: inCanonicalOrder(record.document),
});
