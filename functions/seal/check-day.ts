import type { WorkspaceId } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import { type AuditRecord, keyText, leafHash } from './audit-record.ts';
import type { CheckedSeal } from './check-chain.ts';
import type { Finding, RecordFinding } from './finding.ts';
import { isAfter } from './is-after.ts';
import { dayInTime, type LateLeaves, leavesOfDay } from './late-leaves.ts';
import { isSame, type ListCheck, startListCheck } from './list-check.ts';
import { matchRecords } from './match-records.ts';
import type { Leaf, Seal } from './seal.ts';
import type { SealSource } from './seal-store.ts';
import type { UtcDay } from './utc-day.ts';

export interface DayCheck {
  readonly workspaceId: WorkspaceId;
  readonly checked: CheckedSeal;
  readonly late: LateLeaves;
  /** From here on the records of the day wait for the next seal; undefined once there is one, which has to have them. */
  readonly openFrom: Instant | undefined;
  /** Keys of records that were found in another place than theirs. Grows from day to day, so that none is reported twice. */
  readonly displaced: Set<string>;
}

export interface CheckedDay {
  /** Records that stand in the journal of the day. */
  readonly recordCount: number;
  /** Of these, records that came when the day had been sealed as it stood. The next seal takes them in. */
  readonly unsealedCount: number;
  readonly findings: readonly Finding[];
}

/** Holds what is sealed of a day against what is there, as two streams. What is kept in memory are findings. */
export async function checkDay(source: SealSource, check: DayCheck): Promise<CheckedDay> {
  const { workspaceId, checked, late, openFrom, displaced } = check;
  const { day, header, seal } = checked;
  const list = startListCheck(day, seal?.late ?? 0);
  const own = header === undefined ? undefined : list.watch(source.leafList(header));
  const sealedLater = new Set(late.get(day)?.map(({ key }) => keyText(key)));
  const found: RecordFinding[] = [];
  const extra: AuditRecord[] = [];
  let recordCount = 0;
  let unsealedCount = 0;
  let mismatches = 0;

  const leaves = leavesOfDay(day, own, late);
  for await (const { leaf, record } of matchRecords(leaves, source.dayRecords(workspaceId, day))) {
    if (record === undefined) {
      mismatches += 1;
      found.push(...(await missingRecord(source, leaf, day, displaced)));
      continue;
    }
    recordCount += 1;
    if (leaf === undefined && isAfter(record, openFrom)) {
      unsealedCount += 1;
      continue;
    }
    const hash = leafHash(record);
    if (sealedLater.size === 0 || !sealedLater.has(keyText(record.key))) list.addRecord(hash);
    if (leaf === undefined) extra.push(withoutDocument(record));
    else if (!isSame(hash, leaf.hash)) {
      mismatches += 1;
      found.push({ kind: 'altered', day, record: leaf });
    }
  }
  mismatches += extra.length;
  found.push(...extraRecords(extra, day, displaced));
  const findings = seal === undefined ? found : withList(found, { seal, list, sealedLater, mismatches });
  // Who was cleared has not been named: what another day finds of that record stands.
  const standing = new Set<Finding>(findings);
  for (const finding of found) if (!standing.has(finding)) displaced.delete(keyText(finding.record.key));
  return { recordCount, unsealedCount, findings };
}

/** A sealed record that is not where it was sealed: gone, or elsewhere. */
async function missingRecord(
  source: SealSource,
  leaf: Leaf,
  day: UtcDay,
  displaced: Set<string>,
): Promise<readonly RecordFinding[]> {
  if (displaced.has(keyText(leaf.key))) return [];
  const elsewhere = await source.readRecord(leaf.key);
  if (elsewhere === undefined) return [{ kind: 'removed', day, record: leaf }];
  displaced.add(keyText(leaf.key));
  return [{ kind: isSame(leafHash(elsewhere), leaf.hash) ? 'reordered' : 'altered', day, record: leaf }];
}

/** Records that nothing was sealed for where they are: new, or moved here from their place. */
function* extraRecords(
  extra: readonly AuditRecord[],
  day: UtcDay,
  displaced: Set<string>,
): Generator<RecordFinding> {
  for (const record of extra) {
    if (displaced.has(keyText(record.key))) continue;
    const isMoved = isOfAnotherDay(record, day);
    if (isMoved) displaced.add(keyText(record.key));
    yield { kind: isMoved ? 'reordered' : 'added', day, record };
  }
}

/** By its own time. A record of this day that was sealed would have been missed in its place already. */
function isOfAnotherDay({ recordedAt, document }: AuditRecord, day: UtcDay): boolean {
  const ownTime = document['recorded_at'];
  if (typeof ownTime !== 'string' || ownTime === recordedAt) return false;
  const ownDay = dayInTime({ recordedAt: ownTime });
  return ownDay !== undefined && ownDay !== day;
}

interface ListFacts {
  readonly seal: Seal;
  readonly list: ListCheck;
  /** Keys of records of this day that a later seal answers for. */
  readonly sealedLater: ReadonlySet<string>;
  /** Places at which list and records differ, whether or not each is a finding of this day. */
  readonly mismatches: number;
}

/** An altered list accuses records that are as they were sealed: they make the tree that was sealed, and are cleared. */
function withList(
  found: readonly RecordFinding[],
  { seal, list, sealedLater, mismatches }: ListFacts,
): readonly Finding[] {
  const listFits = list.listFits(seal);
  const recordsFit = list.recordsFit(seal);
  if (listFits && (recordsFit || mismatches > 0)) return found;
  const stand = recordsFit ? found.filter(({ record }) => sealedLater.has(keyText(record.key))) : found;
  return [{ kind: 'leaf_list_altered', day: seal.day }, ...stand];
}

/** What was added is kept until the end of the day: its name, not what it holds. */
const withoutDocument = ({ kind, key, recordedAt, document }: AuditRecord): AuditRecord => ({
  kind,
  key,
  recordedAt,
  document: { recorded_at: document['recorded_at'] },
});
