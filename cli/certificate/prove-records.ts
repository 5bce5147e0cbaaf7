import type { WorkspaceId } from '#policy/ids.ts';
import { type AuditRecord, keyText, leafHash } from '#seal/audit-record.ts';
import { inclusionProof } from '#seal/merkle-tree.ts';
import type { Leaf, SealHeader } from '#seal/seal.ts';
import type { SealSource } from '#seal/seal-store.ts';
import type { CertifiedRecord, CertifiedRole } from './certificate.ts';

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
  const wanted = new Map([...records].map(([role, record]) => [keyText(record.key), { role, record }]));
  const firstDay = [...records.values()].map(dayOfRecord).toSorted()[0] ?? '';
  const proven: ProvenRecord[] = [];
  for await (const seal of seals.seals(workspaceId)) {
    if (wanted.size === 0) break;
    if (seal.day < firstDay || !mayHold(seal, wanted.values())) continue;
    for (const { key, index } of await findLeaves(seals, seal, wanted)) {
      const found = wanted.get(key);
      if (found === undefined) continue;
      wanted.delete(key);
      const { path } = await inclusionProof(hashesOf(seals.leafList(seal)), index);
      proven.push({ seal, record: toCertified(found.role, found.record, seal, index, path) });
    }
  }
  return proven;
}

const dayOfRecord = ({ recordedAt }: AuditRecord): string => recordedAt.slice(0, 'yyyy-mm-dd'.length);

/** A seal holds the records of its day, and late ones of days before. */
const mayHold = (
  { day, lateCount }: SealHeader,
  wanted: Iterable<{ readonly record: AuditRecord }>,
): boolean =>
  [...wanted].some(({ record }) =>
    lateCount > 0 ? dayOfRecord(record) <= day : dayOfRecord(record) === day,
  );

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
  document: record.document,
});
