import type { WorkspaceId } from '#policy/ids.ts';
import { ConfigurationError } from '#sweep/errors.ts';
import type { AuditRecord } from './audit-record.ts';
import { leavesOfDay, readLateLeaves } from './late-leaves.ts';
import { startLeafListDigest } from './leaf-list.ts';
import { isSame } from './list-check.ts';
import { matchRecords } from './match-records.ts';
import type { Leaf, SealHeader } from './seal.ts';
import { sealIn } from './seal-note.ts';
import type { SealSource } from './seal-store.ts';
import { daysBetween, plusDays, type UtcDay } from './utc-day.ts';

export interface LateSearch {
  readonly workspaceId: WorkspaceId;
  /** Oldest first. */
  readonly seals: readonly SealHeader[];
  /** The newest sealed day. */
  readonly newestDay: UtcDay;
  /** Days before it that are looked through, too. */
  readonly lookBackDays: number;
}

/**
 * Records of days that are sealed already, which are in no seal, in their order.
 * @throws ConfigurationError when the list of a day that is looked through is not the one that was signed. Records of that day
 * can have been given by then: they are not to be sealed.
 */
export async function* lateRecords(
  source: Pick<SealSource, 'dayRecords' | 'leafList'>,
  { workspaceId, seals, newestDay, lookBackDays }: LateSearch,
): AsyncGenerator<AuditRecord> {
  const firstDay = plusDays(newestDay, -lookBackDays);
  const lately = seals.filter(({ day }) => day >= firstDay);
  const late = await readLateLeaves(source, lately);
  for (const day of daysBetween(firstDay, newestDay)) {
    const seal = lately.find((each) => each.day === day);
    const leaves = leavesOfDay(day, seal === undefined ? undefined : signedList(source, seal), late);
    for await (const { leaf, record } of matchRecords(leaves, source.dayRecords(workspaceId, day))) {
      if (leaf === undefined) yield record;
    }
  }
}

/** The list of a seal, held at its end against what was signed: a record that it lacks would be sealed twice, and be wrong for ever. */
async function* signedList(source: Pick<SealSource, 'leafList'>, header: SealHeader): AsyncGenerator<Leaf> {
  const digest = startLeafListDigest();
  for await (const leaf of source.leafList(header)) {
    digest.add(leaf);
    yield leaf;
  }
  const seal = sealIn(header.note);
  if (seal === undefined || !isSame(digest.digest(), seal.leafList)) throw listIsAnother(header);
}

const listIsAnother = ({ workspaceId, day, sealId }: SealHeader): ConfigurationError =>
  new ConfigurationError(
    `The list of what the seal of ${day} seals is not the one that was signed, so no record can be told to be late, and nothing is sealed: ` +
      `"retention audit verify" names what is wrong; see who changed it, and put the list back as it was (WS#${workspaceId}#SEAL#${day}#${sealId}), then sealing goes on.`,
  );
