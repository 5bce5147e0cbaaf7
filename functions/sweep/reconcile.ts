import { brandId, type ReconciliationId, type WorkspaceId } from '#policy/ids.ts';
import { type Instant, instantFromMs } from '#policy/instant.ts';
import type { Duration, NamedPolicy } from '#policy/policy.ts';
import { findAuditBeginning } from './audit-beginning.ts';
import { ConfigurationError } from './errors.ts';
import { noExamples } from './examples.ts';
import { endOfGrace, findAbsences, recheckAbsences } from './find-absences.ts';
import { holdLease } from './held-lease.ts';
import { identify } from './identify.ts';
import { findLateClaims } from './late-claims.ts';
import {
  type Absence,
  type ClassCounts,
  mostExamples,
  noClasses,
  type ReconcileProgress,
  type Reconciliation,
  reconcileClasses,
} from './reconcile-record.ts';
import type { ReconcileSession, ReconcileStep, UnderWay } from './reconcile-session.ts';
import type { SweepDeps } from './sweep-deps.ts';
import { storeCounted, walkDeletedList } from './walk-deleted-list.ts';

export interface ReconcileRequest {
  readonly policy: Pick<NamedPolicy, 'workspaceId'>;
  /** How long Intercom's list may take to name a deletion before its absence is reported. */
  readonly grace: Duration;
  /** Stop after the calls in flight, with the state saved, so that a later call goes on. */
  readonly stop: AbortSignal;
  /** The same, at this instant; undefined for no deadline. */
  readonly stopAt: Instant | undefined;
}

export interface ReconcileReport {
  /** As far as it has come, when it is not done. */
  readonly reconciliation: Reconciliation;
  /** False when another call must go on. */
  readonly done: boolean;
  /** The first of what is claimed but absent. */
  readonly absences: readonly Absence[];
}

/**
 * Compares the audit with Intercom's own list of deleted conversations: stores a confirmation for each of its entries,
 * which resolves lost answers, and finds what does not fit. Deletes nothing; calling it again after any end, a crash
 * included, is always right, and it may run beside a sweep.
 * @throws ConfigurationError for another workspace's token, and for a version of the API that has no such list.
 * @throws OutsideError when another reconciliation holds the workspace.
 */
export async function reconcile(deps: SweepDeps, request: ReconcileRequest): Promise<ReconcileReport> {
  const { intercom, clock, state } = deps;
  if (!intercom.capabilities.deletedList) {
    throw new ConfigurationError(
      "This version of Intercom's API has no list of deleted conversations, so no deletion can be confirmed, no lost answer resolved, and nothing seen of what others delete; set INTERCOM_VERSION to 2.16 or later.",
    );
  }
  const callsBefore = intercom.usage().calls;
  const workspace = await identify(intercom, request.policy);
  deps.observe({ kind: 'identified', workspace });
  const { workspaceId } = workspace;
  const lease = await holdLease(deps, workspaceId, 'reconcile');
  try {
    const begun = await begin(deps, workspaceId);
    const session: ReconcileSession = {
      deps,
      workspaceId,
      grace: request.grace,
      mustStop: () => request.stop.aborted || (request.stopAt !== undefined && clock.now() >= request.stopAt),
      save: (progress) => state.writeReconcileProgress(withCalls(progress), lease.fence),
    };
    const withCalls = <Progress extends ReconcileProgress>(progress: Progress): Progress => {
      if (progress.current === undefined) return progress;
      const apiCalls = begun.current.apiCalls + intercom.usage().calls - callsBefore;
      return { ...progress, current: { ...progress.current, apiCalls } };
    };
    const { progress, ended } = await carryOut(session, begun);
    const reconciliation = toReconciliation(withCalls(progress), clock.now());
    if (ended) await finish(session, progress, reconciliation);
    return { reconciliation, done: ended, absences: await firstAbsences(session, progress) };
  } finally {
    await lease.release();
  }
}

/** Completes what a process that died may have left half done, and goes on with its reconciliation, or begins one. */
async function begin({ state, audit, clock, newId }: SweepDeps, workspaceId: WorkspaceId): Promise<UnderWay> {
  const stored = (await state.readReconcileProgress(workspaceId)) ?? nothingYet(workspaceId, clock.now());
  await storeCounted(audit, stored);
  const { current, last } = stored;
  if (current === undefined && last !== undefined) await audit.putReconciliation(last);
  return {
    ...stored,
    auditBeganAt: stored.auditBeganAt ?? (await findAuditBeginning(audit, workspaceId, clock.now())),
    current: current ?? {
      reconciliationId: brandId<ReconciliationId>(newId()),
      startedAt: clock.now(),
      countsBefore: stored.counts,
      confirmsFrom: afterAll(stored.confirmedUntil, clock.now()),
      earlierExplained: 0,
      examples: noExamples,
      pages: 0,
      apiCalls: 0,
      walk: undefined,
      claims: undefined,
    },
  };
}

/** Now, or later where a clock that was ahead has dated a confirmation of an earlier reconciliation. */
const afterAll = (confirmedUntil: Instant | undefined, now: Instant): Instant =>
  confirmedUntil === undefined ? now : instantFromMs(Math.max(now, confirmedUntil + 1));

const nothingYet = (workspaceId: WorkspaceId, now: Instant): ReconcileProgress => ({
  workspaceId,
  auditBeganAt: undefined,
  current: undefined,
  last: undefined,
  counts: noClasses,
  storing: [],
  confirmedUntil: undefined,
  list: { readAt: undefined, total: undefined, readToEndAt: undefined, unaccounted: 0 },
  claimsCheckedUntil: now,
  lateClaims: [],
  absencesCheckedUntil: undefined,
});

async function carryOut(session: ReconcileSession, begun: UnderWay) {
  const isInMidWalk = begun.current.walk !== undefined;
  const steps: readonly ReconcileStep[] = [
    // A walk that an earlier process began shows the list as it was then; one more shows what has come since.
    ...(isInMidWalk ? [walkDeletedList] : []),
    walkDeletedList,
    findLateClaims,
    findAbsences,
    recheckAbsences,
  ];
  let progress = begun;
  for (const step of steps) {
    const result = await step(session, progress);
    if (!result.ended) return result;
    progress = result.progress;
  }
  return { progress, ended: true };
}

/** The state first: should the audit not get it, the next process stores it. */
async function finish(
  session: ReconcileSession,
  progress: UnderWay,
  reconciliation: Reconciliation,
): Promise<void> {
  await session.save({ ...progress, current: undefined, last: reconciliation, storing: [] });
  await session.deps.audit.putReconciliation(reconciliation);
}

const toReconciliation = (progress: UnderWay, finishedAt: Instant): Reconciliation => {
  const { workspaceId, auditBeganAt, current, counts, list } = progress;
  const { reconciliationId, startedAt, countsBefore, earlierExplained, examples, pages, apiCalls } = current;
  const change = differenceOf(counts, countsBefore);
  return {
    workspaceId,
    reconciliationId,
    startedAt,
    finishedAt,
    auditBeganAt,
    listReadAt: list.readAt,
    listTotal: list.total,
    pages,
    apiCalls,
    counts,
    change,
    newElsewhere: Math.max(0, change.deleted_elsewhere + earlierExplained),
    examples,
  };
};

function differenceOf(counts: ClassCounts, before: ClassCounts): ClassCounts {
  const difference = { ...counts };
  for (const each of reconcileClasses) difference[each] -= before[each];
  return difference;
}

async function firstAbsences(session: ReconcileSession, progress: UnderWay): Promise<readonly Absence[]> {
  const until = endOfGrace(session, progress);
  const first: Absence[] = [];
  if (until === undefined) return first;
  for await (const absence of session.deps.state.absences(session.workspaceId)) {
    if (absence.recordedAt < until) first.push(absence);
    if (first.length === mostExamples) break;
  }
  return first;
}
