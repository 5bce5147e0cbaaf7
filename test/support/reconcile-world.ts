import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createDocumentClient } from '#audit/document-client.ts';
import { createRunState } from '#audit/run-state.ts';
import { brandId, type ConversationId, type RunId } from '#policy/ids.ts';
import type { Duration } from '#policy/policy.ts';
import { StoreError } from '#sweep/errors.ts';
import type { Outcome } from '#sweep/outcome.ts';
import type { DeletedPageRequest, Intercom } from '#sweep/ports.ts';
import { type ReconcileReport, type ReconcileRequest, reconcile } from '#sweep/reconcile.ts';
import { runRetention } from '#sweep/run-retention.ts';
import type { SweepDeps, SweepEvent } from '#sweep/sweep-deps.ts';
import { anOutcome, aPlan, aRun } from './audit-builders.ts';
import { unlikeTheTruth } from './deleted-truth.ts';
import type { ConversationInDays } from './simulated-workspace.ts';
import { startStoreProxy, type WriteTreatment } from './store-proxy.ts';
import { type SweepWorld, sweepWorld } from './sweep-world.ts';

const oneDay: Duration = { amount: 24, unit: 'h' };
const dayMs = 86_400_000;
/** So much before the beginning of the audit is still taken for later. */
const doubtMs = 5 * 60_000;

/** One call of `reconcile`, as a process of its own. */
export function reconcileIn(
  world: SweepWorld,
  changes: Partial<ReconcileRequest> = {},
  deps: SweepDeps = world.deps(),
): Promise<ReconcileReport> {
  const { policy } = world.request({ rules: [] });
  return reconcile(deps, {
    policy,
    grace: oneDay,
    stop: new AbortController().signal,
    stopAt: undefined,
    ...changes,
  });
}

export const oldConversations = (count: number): ConversationInDays[] =>
  Array.from({ length: count }, (_, at) => ({
    state: 'closed',
    createdDaysAgo: 1000,
    updatedDaysAgo: 990 - at / 10,
  }));

interface Sweep {
  readonly retainMetrics: boolean;
  /** Whether Intercom does what the flag says. */
  readonly heedsFlag: boolean;
  readonly count: number;
}

type Mishap =
  | { readonly kind: 'none' }
  | { readonly kind: 'stopped'; readonly afterPages: number }
  | { readonly kind: 'store_dies'; readonly atWrite: number; readonly how: WriteTreatment };

interface Reconciling {
  readonly mishap: Mishap;
  /** Conversations that somebody else deletes after each page that it reads. */
  readonly foreignPerPage: number;
}

export type ReconcileStep =
  | ({ readonly what: 'sweep' } & Sweep)
  | ({ readonly what: 'reconcile' } & Reconciling)
  | { readonly what: 'foreign'; readonly count: number }
  | { readonly what: 'wait'; readonly minutes: number }
  /** A run deletes so many, and dies before it writes an outcome; `settle` is the run that writes them, later. */
  | { readonly what: 'dying_run'; readonly count: number }
  | { readonly what: 'settle' }
  /** The first record of the audit, maybe: what somebody did, or a plan that nobody carries out. */
  | { readonly what: 'record'; readonly kind: 'act' | 'plan' }
  | { readonly what: 'both'; readonly sweep: Sweep; readonly reconciliation: Reconciling };

interface SceneSettings {
  readonly conversations: number;
  readonly seed: number;
  readonly lateShare: number;
  readonly lateByMs: number;
  /** The share of DELETEs that take effect, and whose answers are lost. */
  readonly lostAnswers: number;
  /** The share of calls for the list that go wrong. */
  readonly listFaults: number;
  readonly totalCount: 'present' | 'missing';
}

/** A workspace whose conversations are deleted by runs and by others, with the flags that the runs asked for on record. */
export async function reconcileScene(settings: SceneSettings) {
  const world = await sweepWorld({
    seed: settings.seed,
    conversations: oldConversations(settings.conversations),
    deletedList: { lateShare: settings.lateShare, lateByMs: settings.lateByMs },
    faults: [
      { kind: 'reset_after', on: ['delete'], probability: settings.lostAnswers / 2 },
      { kind: 'error_after', on: ['delete'], probability: settings.lostAnswers / 2 },
      { kind: 'torn_body', on: ['deleted_list'], probability: settings.listFaults / 2 },
      { kind: 'server_error', on: ['deleted_list'], probability: settings.listFaults / 2 },
    ],
  });
  const { simulator } = world;
  const flags = new Map<string, boolean>();
  /** What a run deleted that died, and that no outcome says yet. */
  const unsettled: Pick<Outcome, 'conversationId' | 'runId'>[] = [];
  let beganAtMs: number | undefined;

  /** Takes note of the flags that are asked for; `heedsFlag: false` is an Intercom that retains the metrics all the same. */
  function intercomFor(heedsFlag: boolean): Intercom {
    const { intercom } = world.deps();
    const remove = intercom.delete.bind(intercom);
    const readPage = intercom.deletedPage.bind(intercom);
    return Object.assign(intercom, {
      delete(id: ConversationId, retainMetrics: boolean) {
        flags.set(id, retainMetrics);
        return remove(id, heedsFlag ? retainMetrics : true);
      },
      async deletedPage(request: DeletedPageRequest) {
        const page = await readPage(request);
        return settings.totalCount === 'present' ? page : { ...page, total: undefined };
      },
    });
  }

  async function sweep({ retainMetrics, heedsFlag, count }: Sweep): Promise<void> {
    const rule = { id: 'old', when: { last_activity: { older_than: '2y' } }, retain_metrics: retainMetrics };
    const limits = { per_run: count, when_exceeded: 'trim' };
    const request = world.request({ rules: [rule], limits });
    await world.approve(request);
    await runRetention(world.deps({ intercom: intercomFor(heedsFlag) }), request);
  }

  function deleteElsewhere(count: number): void {
    const left = [...simulator.conversations()].filter(({ deleted }) => deleted === null);
    for (const { id } of left.slice(-count)) simulator.happen(id, { action: 'delete' });
  }

  /** Whether anything stands in the audit, or in the state of the reconciliation. */
  async function hasBegun(): Promise<boolean> {
    const { client, tables } = world.store;
    const { Count } = await client.send(new ScanCommand({ TableName: tables.audit, Limit: 1 }));
    return Count === 1 || (await world.state.readReconcileProgress(world.workspaceId)) !== undefined;
  }

  async function record(kind: 'act' | 'plan'): Promise<void> {
    const { audit, workspaceId, clock } = world;
    if (kind === 'plan') await audit.putPlan(aPlan({ workspaceId }), '{}');
    else {
      const act = { kind: 'resumed', by: 'ops', subject: 'workspace', details: {} } as const;
      await audit.putAct({ ...act, workspaceId, at: clock.now() });
    }
  }

  async function dyingRun(count: number): Promise<void> {
    const { audit, workspaceId, clock, deps } = world;
    const intercom = intercomFor(true);
    const runId = brandId<RunId>(deps().newId());
    await audit.putRunStarted(aRun({ workspaceId, runId, startedAt: clock.now() }));
    const left = [...simulator.conversations()].filter(({ deleted }) => deleted === null);
    for (const { id } of left.slice(0, count)) {
      const conversationId = brandId<ConversationId>(id);
      await intercom.delete(conversationId, true);
      unsettled.push({ conversationId, runId });
    }
  }

  async function settleRuns(): Promise<void> {
    const { audit, workspaceId, clock } = world;
    for (const ids of unsettled.splice(0))
      await audit.putOutcome(anOutcome({ ...ids, workspaceId, recordedAt: clock.now() }));
  }

  async function reconcileOnce({
    mishap,
    foreignPerPage,
  }: Reconciling): Promise<ReconcileReport | undefined> {
    const stop = new AbortController();
    let pages = 0;
    const observe = (event: SweepEvent): void => {
      if (event.kind !== 'reading_deleted_list') return;
      pages += 1;
      if (foreignPerPage > 0) deleteElsewhere(foreignPerPage);
      if (mishap.kind === 'stopped' && pages >= mishap.afterPages) stop.abort();
    };
    if (mishap.kind === 'stopped' && mishap.afterPages === 0) stop.abort();
    const deps = world.deps({ intercom: intercomFor(true), observe });
    if (mishap.kind !== 'store_dies') return reconcileIn(world, { stop: stop.signal }, deps);

    await using proxy = await startStoreProxy(world.store.endpoint, (write) => {
      if (write < mishap.atWrite) return 'forward';
      return write === mishap.atWrite ? mishap.how : 'lose_request';
    });
    const client = createDocumentClient({
      endpoint: proxy.endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
    try {
      const dying = {
        audit: createAuditTrail(client, world.store.tables.audit, world.clock),
        state: createRunState(client, world.store.tables.state),
      };
      return await reconcileIn(world, {}, { ...deps, ...dying });
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      return undefined;
    } finally {
      client.destroy();
    }
  }

  async function carryOut(step: ReconcileStep): Promise<void> {
    switch (step.what) {
      case 'sweep':
        return sweep(step);
      case 'reconcile':
        await reconcileOnce(step);
        return;
      case 'foreign':
        return deleteElsewhere(step.count);
      case 'wait':
        return simulator.advance(step.minutes * 60_000);
      case 'dying_run':
        return dyingRun(step.count);
      case 'settle':
        return settleRuns();
      case 'record':
        return record(step.kind);
      case 'both':
        await Promise.all([sweep(step.sweep), reconcileOnce(step.reconciliation)]);
    }
  }

  /** The clock stands still during a step, so its time is that of the first record, too. */
  async function noteBeginning(atMs: number): Promise<void> {
    if (beganAtMs === undefined && (await hasBegun())) beganAtMs = atMs;
  }

  /** By the simulator's own books, which date by seconds in the list. */
  const isBeforeAudit = ({ by, at }: ReturnType<typeof simulator.deletions>[number]): boolean => {
    if (beganAtMs === undefined) throw new Error('Nothing has been recorded yet.');
    return by === 'foreign' && Math.floor(at / 1000) * 1000 < beganAtMs - doubtMs;
  };

  return {
    world,
    async perform(step: ReconcileStep): Promise<void> {
      const atMs = simulator.now();
      await carryOut(step);
      await noteBeginning(atMs);
    },
    /** Nothing goes wrong any more, and everything has had the time to appear. */
    settle(): void {
      simulator.set({ faults: [] });
      simulator.advance(10 * dayMs);
    },
    async reconcileUntilDone(): Promise<ReconcileReport> {
      while (true) {
        const report = await reconcileOnce({ mishap: { kind: 'none' }, foreignPerPage: 0 });
        await noteBeginning(simulator.now());
        if (report?.done === true) return report;
      }
    },
    /** The classes by the simulator's own books. */
    trueCounts() {
      const counts = { confirmed: 0, flag_mismatch: 0, deleted_elsewhere: 0, before_audit: 0 };
      for (const deletion of simulator.deletions()) {
        const { id, by, metricsRetained } = deletion;
        if (isBeforeAudit(deletion)) counts.before_audit += 1;
        else if (by === 'foreign') counts.deleted_elsewhere += 1;
        else if (metricsRetained === flags.get(id)) counts.confirmed += 1;
        else counts.flag_mismatch += 1;
      }
      return counts;
    },
    /** Ids of those that nobody who keeps this audit could know of, by the simulator's own books. */
    idsBeforeAudit: (): readonly string[] =>
      simulator
        .deletions()
        .filter(isBeforeAudit)
        .map(({ id }) => id),
    unlikeTheTruth: () => unlikeTheTruth(world.audit, simulator),
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]();
    },
  };
}
