import { type Instant, instantFromMs } from '#policy/instant.ts';
import { classifyDeletion, isClaim } from './classify-deletion.ts';
import { withExample } from './examples.ts';
import type { Confirmation } from './outcome.ts';
import type { AuditTrail, DeletedEntry, DeletedPage } from './ports.ts';
import {
  type ClassCounts,
  type KnownList,
  type ListedClass,
  listedClasses,
  type ReconcileProgress,
  type Walk,
} from './reconcile-record.ts';
import type { ReconcileSession, ReconcileStep, UnderWay } from './reconcile-session.ts';

/** The most that Intercom gives. */
const entriesPerPage = 60;
const pagesBetweenSaves = 10;
/** Where counts prove nothing, entries that appear as late as this are found by every walk. */
const marginMs = 48 * 3_600_000;
/** Where counts prove nothing, later ones are found as often as this. */
const readToEndEveryMs = 7 * 24 * 3_600_000;

/**
 * Reads Intercom's list from the newest deletion down, page by page, until everything that it held when the walk began is
 * known. What is deleted meanwhile pushes entries on to later pages: they are read twice, and none is passed over.
 *
 * The list has no filter and no cursor, and an entry may appear late, below newer ones. So it is Intercom's own count that
 * says when to stop: a walk ends once as many entries are known as the list held at its beginning, which is on its first
 * page when there is nothing new, and at the very last one only when something is missing.
 */
export const walkDeletedList: ReconcileStep = async (session, begun) => {
  const { deps } = session;
  let progress = begun;
  let found = 0;
  while (!session.mustStop()) {
    const { walk } = progress.current;
    const page = walk?.page ?? 1;
    const askedAt = deps.clock.now();
    const list = await deps.intercom.deletedPage({ page, perPage: entriesPerPage, order: 'desc' });
    const here = walk ?? { page, startedAt: askedAt, total: list.total };

    const unknown = await readUnknown(session, list.entries, progress.auditBeganAt);
    const counted = count(progress, unknown);
    const reach = reachOf(counted, here, list);
    progress = moveOn(counted, here, reach);
    if (unknown.length > 0 || reach !== 'not_yet' || page % pagesBetweenSaves === 0) {
      await session.save(progress);
      await storeCounted(deps.audit, progress);
    }
    found += unknown.length;
    deps.observe({
      kind: 'reading_deleted_list',
      read: (page - 1) * entriesPerPage + list.entries.length,
      expected: begun.list.readAt === undefined ? here.total : undefined,
      found,
    });
    if (reach !== 'not_yet') return { progress, ended: true };
  }
  await session.save(progress);
  return { progress, ended: false };
};

/** Stores what has been counted. Doing it again changes nothing. */
export async function storeCounted(audit: AuditTrail, { storing }: ReconcileProgress): Promise<void> {
  await Promise.all(storing.map((confirmation) => audit.putConfirmation(confirmation)));
}

interface Unknown {
  readonly confirmation: Confirmation;
  readonly listedClass: ListedClass;
}

/** The entries of which there is no confirmation yet. */
async function readUnknown(
  { deps, workspaceId }: ReconcileSession,
  entries: readonly DeletedEntry[],
  auditBeganAt: Instant,
): Promise<readonly Unknown[]> {
  const { audit, clock } = deps;
  const byId = new Map(entries.map((entry) => [entry.conversationId, entry]));
  const known = await audit.readConfirmations(workspaceId, [...byId.keys()]);
  const unknown = [...byId.values()].filter(({ conversationId }) => !known.has(conversationId));
  return Promise.all(
    unknown.map(async (entry) => {
      const queried = await audit.outcomesOfConversation(workspaceId, entry.conversationId);
      const outcomes = queried.map(({ outcome }) => outcome);
      const listedClass = classifyDeletion(outcomes, entry, auditBeganAt);
      const claimed = outcomes.some(isClaim);
      const beforeAudit = listedClass === 'before_audit';
      return {
        confirmation: { ...entry, workspaceId, confirmedAt: clock.now(), claimed, beforeAudit },
        listedClass,
      };
    }),
  );
}

function count(progress: UnderWay, unknown: readonly Unknown[]): UnderWay {
  const counts: Record<keyof ClassCounts, number> = { ...progress.counts };
  let { examples } = progress.current;
  let { confirmedUntil } = progress;
  for (const { listedClass, confirmation } of unknown) {
    counts[listedClass] += 1;
    examples = withExample(examples, listedClass, confirmation.conversationId);
    confirmedUntil = latest(confirmedUntil, confirmation.confirmedAt);
  }
  return {
    ...progress,
    counts,
    current: { ...progress.current, examples },
    storing: unknown.map(({ confirmation }) => confirmation),
    confirmedUntil,
  };
}

const latest = (one: Instant | undefined, other: Instant): Instant =>
  one === undefined || one < other ? other : one;

/** `end`: there is no later page. `enough`: what later pages hold is known. */
type Reach = 'end' | 'enough' | 'not_yet';

function reachOf(progress: UnderWay, walk: Walk, page: DeletedPage): Reach {
  if (!page.hasNext || page.entries.length === 0) return 'end';
  const { readAt, readToEndAt, unaccounted } = progress.list;
  if (readAt === undefined || readToEndAt === undefined) return 'not_yet';

  const missing = walk.total === undefined ? undefined : walk.total - knownEntries(progress) - unaccounted;
  if (missing === 0) return 'enough';
  if (missing !== undefined && missing > 0) return 'not_yet';
  // Intercom does not count, or entries have vanished from its list: a number proves nothing then, but times do.
  if (walk.startedAt - readToEndAt >= readToEndEveryMs) return 'not_yet';
  const bound = instantFromMs(readAt - marginMs);
  return page.entries.every(({ deletedAt }) => deletedAt < bound) ? 'enough' : 'not_yet';
}

const knownEntries = ({ counts }: ReconcileProgress): number =>
  listedClasses.reduce((sum, each) => sum + counts[each], 0);

function moveOn(progress: UnderWay, walk: Walk, reach: Reach): UnderWay {
  const { current, list } = progress;
  const next = reach === 'not_yet' ? { ...walk, page: walk.page + 1 } : undefined;
  return {
    ...progress,
    current: { ...current, pages: current.pages + 1, walk: next },
    list: reach === 'not_yet' ? list : { ...listAfter(progress, walk, reach) },
  };
}

function listAfter(progress: UnderWay, walk: Walk, reach: 'end' | 'enough'): KnownList {
  const read = { ...progress.list, readAt: walk.startedAt, total: walk.total };
  if (reach === 'enough') return read;
  const unaccounted =
    walk.total === undefined ? progress.list.unaccounted : walk.total - knownEntries(progress);
  return { ...read, readToEndAt: walk.startedAt, unaccounted };
}
