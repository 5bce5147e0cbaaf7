import type { WorkspaceId } from '#policy/ids.ts';
import { type CheckedSeal, checkChain, missingSeal } from './check-chain.ts';
import { type CheckedDay, checkDay } from './check-day.ts';
import type { Finding } from './finding.ts';
import { hasLateRecords, type LateLeaf, type LateLeaves, readLateLeaves } from './late-leaves.ts';
import { startListCheck } from './list-check.ts';
import type { SealHeader } from './seal.ts';
import type { SealSource } from './seal-store.ts';
import { parsePublicKey, type SealPublicKey } from './signing-key.ts';
import { daysBetween, plusDays, type UtcDay } from './utc-day.ts';

export interface VerifyRequest {
  readonly workspaceId: WorkspaceId;
  /**
   * Days whose records are looked at; all that are sealed where undefined. The chain is followed from its beginning: what is wrong
   * with the seals of earlier days is found, too. A later seal that answers for records of these days is looked at, too.
   */
  readonly from?: UtcDay | undefined;
  readonly to?: UtcDay | undefined;
  /** Every day up to this one must have a seal. Where undefined, the newest seal says how far the seals go. */
  readonly sealedUntil?: UtcDay | undefined;
  /** The keys that are trusted; undefined for whatever keys are published beside the seals. */
  readonly trustedKeys?: readonly SealPublicKey[] | undefined;
}

/** One day, verified. It is as it was sealed when there are no findings. */
export interface VerifiedDay extends CheckedSeal, Pick<CheckedDay, 'recordCount' | 'unsealedCount'> {
  /** Records of the day that came when it had been sealed, and are signed with a later one: so would look what was added. */
  readonly cameLate: readonly LateLeaf[];
}

/**
 * Holds every sealed day against what is there, in order, as a stream: memory grows with what does not fit, and with records that came
 * late, not with records.
 */
export async function* verifySeals(source: SealSource, request: VerifyRequest): AsyncGenerator<VerifiedDay> {
  const { workspaceId, from, to, sealedUntil } = request;
  const keys = request.trustedKeys ?? (await publishedKeys(source, workspaceId));
  const seals = await Array.fromAsync(source.seals(workspaceId));
  const late = await readLateLeaves(
    source,
    seals.filter(({ day }) => from === undefined || day > from),
  );
  const days = [...daysToCheck({ workspaceId, seals, keys, late, from, sealedUntil })];
  const newestDay = days.findLast(({ seal }) => seal !== undefined)?.day;
  const signedDays = new Set(days.flatMap(({ day, seal }) => (seal === undefined ? [] : [day])));
  const displaced = new Set<string>();
  for (const checked of days) {
    const { day, header } = checked;
    if (from !== undefined && day < from) {
      if (checked.findings.length > 0) yield { ...checked, ...noRecords };
      continue;
    }
    if (to !== undefined && day > to) {
      const findings = await lateListFindings(source, checked);
      if (findings.length > 0) yield { ...checked, ...noRecords, findings };
      continue;
    }
    if (header === undefined && !late.has(day)) {
      yield { ...checked, ...noRecords };
      continue;
    }
    const openFrom = day === newestDay ? checked.seal?.until : undefined;
    const { findings, ...counts } = await checkDay(source, {
      workspaceId,
      checked,
      late,
      openFrom,
      displaced,
    });
    const cameLate = (late.get(day) ?? []).filter(({ sealedWith }) => signedDays.has(sealedWith));
    yield { ...checked, ...counts, cameLate, findings: [...checked.findings, ...findings] };
  }
}

/** Of a day whose records are not looked at. */
const noRecords = { recordCount: 0, unsealedCount: 0, cameLate: [] } as const;

/** A seal after the days that are looked at answers for what came late of them, so its list must be the one that was signed. */
async function lateListFindings(
  source: SealSource,
  { day, header, seal, findings }: CheckedSeal,
): Promise<readonly Finding[]> {
  if (header === undefined || !hasLateRecords(header)) return [];
  if (seal === undefined) return findings;
  const list = startListCheck(day, seal.late);
  for await (const _leaf of list.watch(source.leafList(header)));
  return list.listFits(seal) ? findings : [...findings, { kind: 'leaf_list_altered', day }];
}

interface DaysToCheck extends Pick<VerifyRequest, 'workspaceId' | 'from' | 'sealedUntil'> {
  readonly seals: readonly SealHeader[];
  readonly keys: readonly SealPublicKey[];
  readonly late: LateLeaves;
}

/** The sealed days, those before the first of which records came late, and those after the last that must be sealed, too. */
function* daysToCheck(days: DaysToCheck): Generator<CheckedSeal> {
  const { workspaceId, seals, keys, late, from, sealedUntil } = days;
  const chain = [...checkChain(workspaceId, seals, keys, sealedUntil)];
  const first = (chain.find(({ seal }) => seal !== undefined) ?? chain[0])?.day;
  const known = new Set(chain.map(({ day }) => day));
  const early = [...late.keys()].filter((day) => first !== undefined && day < first && !known.has(day));
  for (const day of early.toSorted()) yield { ...missingSeal(day), findings: [] };
  yield* chain;
  if (sealedUntil === undefined) return;
  const newest = chain.at(-1)?.day;
  const firstUnsealed = newest === undefined ? (from ?? sealedUntil) : plusDays(newest, 1);
  for (const day of daysBetween(firstUnsealed, sealedUntil)) yield missingSeal(day);
}

/** The keys that the seals themselves name: they prove that the seals belong together, not who made them. */
export async function publishedKeys(
  source: Pick<SealSource, 'publicKeys'>,
  workspaceId: WorkspaceId,
): Promise<readonly SealPublicKey[]> {
  const keys = await source.publicKeys(workspaceId);
  return keys.map(({ pem }) => parsePublicKey(pem)).filter((key) => key !== undefined);
}
