import { brandId, type PlanId } from '#policy/ids.ts';
import { chooseScan, queryOf } from './choose-scan.ts';
import { decideGate } from './gate.ts';
import { indexHolds } from './holds.ts';
import { namesToKeep } from './names-to-keep.ts';
import { nextCursor } from './next-cursor.ts';
import { PlanDraft } from './plan-draft.ts';
import { PlanStore } from './plan-store.ts';
import type { ConversationPage } from './ports.ts';
import type { PlanRecord, ScanWindow } from './run-record.ts';
import { type Session, withSession } from './session.ts';
import type { SweepDeps, SweepRequest } from './sweep-deps.ts';
import { workThrough } from './worker-pool.ts';

const windowsSideBySide = 8;
/** How often the place reached is written down: what a crash can cost is the reading since then. */
const pagesPerCheckpoint = 32;
/** A plan that was left unfinished longer ago than this is given up and made anew. */
const longestPauseMs = 24 * 3_600_000;

/**
 * Makes and stores a plan, or goes on with the one that an earlier process left unfinished. Sends Intercom no write call.
 * @returns the plan: `planned` when it is complete, `planning` when it was stopped before.
 */
export function makePlan(deps: SweepDeps, request: SweepRequest): Promise<PlanRecord> {
  return withSession(deps, request, async (session) => {
    const plan = await planIn(session);
    if (plan.status === 'planned') deps.observe({ kind: 'planned', plan });
    return plan;
  });
}

/** The same, for a caller that is in a session already. */
export async function planIn(session: Session): Promise<PlanRecord> {
  const begun = (await unfinishedPlan(session)) ?? (await beginPlan(session));
  const scanned = await scan(session, begun);
  if (unfinishedWindows(scanned).length > 0) return scanned;
  return completePlan(session, scanned);
}

/**
 * The newest plan, when it is unfinished and may be gone on with; one that may not is marked as abandoned. Erasures and sweeps
 * pass each other's plans over: erasing one contact must not throw away hours of reading.
 */
async function unfinishedPlan(session: Session): Promise<PlanRecord | undefined> {
  const { deps, request, workspace, lease } = session;
  for await (const plan of deps.state.plans(workspace.workspaceId)) {
    if (isErasure(plan) !== isErasure(request)) continue;
    if (plan.status !== 'planning') return undefined;
    const isFresh = deps.clock.now() - plan.asOf <= longestPauseMs;
    if (plan.policyHash === request.policyHash && isFresh) return plan;
    await deps.state.writePlan({ ...plan, status: 'abandoned' }, lease.fence);
    return undefined;
  }
  return undefined;
}

const isErasure = ({ erasure }: Pick<PlanRecord, 'erasure'> | Pick<SweepRequest, 'erasure'>): boolean =>
  erasure !== undefined;

async function beginPlan(session: Session): Promise<PlanRecord> {
  const { deps, request, workspace, policy, lease } = session;
  const callsBefore = deps.intercom.usage().calls;
  const asOf = deps.clock.now();
  const chosen = await chooseScan(deps.intercom, policy, asOf);
  const plan: PlanRecord = {
    workspaceId: workspace.workspaceId,
    workspaceName: workspace.name,
    planId: brandId<PlanId>(deps.newId()),
    policyHash: request.policyHash,
    trigger: request.trigger,
    status: 'planning',
    asOf,
    finishedAt: undefined,
    scan: chosen.scan,
    // Without a rule there is nothing to look for.
    windows: policy.rules.length === 0 ? [] : chosen.windows,
    chunkCount: 0,
    workspaceTotal: chosen.workspaceTotal,
    scanned: 0,
    candidates: 0,
    byRule: Object.fromEntries(policy.rules.map(({ id }) => [id, 0])),
    keptBy: {},
    apiCalls: deps.intercom.usage().calls - callsBefore,
    gate: undefined,
    appliedBy: undefined,
    erasure: request.erasure && { ...request.erasure, kept: [] },
    names: namesToKeep(request, policy),
  };
  await deps.state.writePlan(plan, lease.fence);
  return plan;
}

/** Reads what is left of the windows, side by side, and stores what is found. Stops early when the session must. */
async function scan(session: Session, begun: PlanRecord): Promise<PlanRecord> {
  const { deps, workspace, policy, lease } = session;
  const callsBefore = deps.intercom.usage().calls;
  const draft = new PlanDraft(policy, indexHolds(await deps.state.readHolds(workspace.workspaceId)), begun);
  const store = new PlanStore(deps.audit, begun, await recallChunks(session, begun, draft));
  const windows = [...begun.windows];
  let pagesSinceCheckpoint = 0;

  /** Everything about the plan as it is at this moment; true in the store once all chunks taken so far are. */
  const soFar = (): PlanRecord => ({
    ...begun,
    ...draft.counts,
    windows: [...windows],
    chunkCount: store.chunkCount,
    apiCalls: begun.apiCalls + deps.intercom.usage().calls - callsBefore,
  });

  const checkpoint = async (): Promise<void> => {
    pagesSinceCheckpoint = 0;
    const stored = store.store(draft, 'rest');
    const snapshot = soFar();
    await stored;
    lease.assertHeld();
    await deps.state.writePlan(snapshot, lease.fence);
  };

  const readWindow = async (at: number): Promise<void> => {
    const cursors = new Set<string>();
    for (let window = windows[at]; window !== undefined && !window.done && !session.mustStop(); ) {
      lease.assertHeld();
      const page = await readPage(session, begun, window);
      window = advance(window, page, cursors);
      for (const facts of page.facts) draft.judge(facts, window, page.readAt);
      draft.countUnreadable(page.unreadable);
      windows[at] = window;
      observeScan(session, begun, draft);
      pagesSinceCheckpoint += 1;
      if (pagesSinceCheckpoint >= pagesPerCheckpoint) await checkpoint();
      else await store.store(draft, 'full');
    }
  };

  const open = windows.keys().filter((at) => windows[at]?.done === false);
  try {
    await workThrough(open, windowsSideBySide, readWindow);
  } finally {
    // Also when a page could not be read: what was found until then stays found.
    await checkpoint();
  }
  return soFar();
}

/** Recalls the chunks that are stored already, also one that the last checkpoint does not know; returns their number. */
async function recallChunks({ deps }: Session, begun: PlanRecord, draft: PlanDraft): Promise<number> {
  let chunkNumber = 0;
  while (true) {
    const chunk = await deps.audit.readPlanChunk(begun.workspaceId, begun.planId, chunkNumber);
    if (chunk === undefined) return chunkNumber;
    draft.recall(chunk);
    chunkNumber += 1;
  }
}

function readPage(session: Session, plan: PlanRecord, window: ScanWindow): Promise<ConversationPage> {
  const { deps, policy } = session;
  return window.ruleId === undefined
    ? deps.intercom.listPage(window.cursor)
    : deps.intercom.searchPage(queryOf(policy, plan.asOf, window), window.cursor);
}

/** @throws OutsideError when Intercom leads in a circle. */
function advance(window: ScanWindow, page: ConversationPage, cursors: Set<string>): ScanWindow {
  const cursor = nextCursor(page, cursors);
  return { ...window, cursor, done: cursor === undefined };
}

function observeScan({ deps }: Session, plan: PlanRecord, draft: PlanDraft): void {
  const { scanned, candidates } = draft.counts;
  deps.observe({
    kind: 'scanning',
    scan: plan.scan,
    scanned,
    candidates,
    expected: plan.scan === 'list' ? plan.workspaceTotal : undefined,
  });
}

const unfinishedWindows = ({ windows }: PlanRecord): readonly ScanWindow[] =>
  windows.filter(({ done }) => !done);

/** Asks the gate, and writes the complete plan into the audit before the state calls it planned. */
async function completePlan(session: Session, scanned: PlanRecord): Promise<PlanRecord> {
  const { deps, request, lease } = session;
  const complete: PlanRecord = {
    ...scanned,
    status: 'planned',
    finishedAt: deps.clock.now(),
    windows: [],
  };
  const planned: PlanRecord = { ...complete, gate: await decideGate(session, complete) };
  await deps.audit.putPlan(planned, request.policyJson);
  await deps.state.writePlan(planned, lease.fence);
  return planned;
}
