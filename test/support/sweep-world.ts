import canonicalize from 'canonicalize';
import { v7 as uuidv7 } from 'uuid';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createRunState } from '#audit/run-state.ts';
import { parseApiVersion } from '#intercom/api-version.ts';
import { createIntercom } from '#intercom/intercom-client.ts';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import { parsePolicy } from '#policy/parse-policy.ts';
import type { Simulator } from '#simulator/running-simulator.ts';
import type { Outcome, PlannedDeletion } from '#sweep/outcome.ts';
import type { AuditTrail, Clock, RunState } from '#sweep/ports.ts';
import type { PlanRecord } from '#sweep/run-record.ts';
import type { SweepDeps, SweepRequest } from '#sweep/sweep-deps.ts';
import { startTestStore, type TestStore } from './dynamodb.ts';
import { type WorkspaceOptions, workspace } from './simulated-workspace.ts';

/** The whole pipeline in one process: a simulated workspace over HTTP, a real DynamoDB engine, the real adapters. */
export interface SweepWorld extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly store: TestStore;
  readonly workspaceId: WorkspaceId;
  readonly audit: AuditTrail;
  readonly state: RunState;
  readonly clock: Clock;
  /** What the pipeline is given; a process of its own, with a client of its own. */
  deps(changes?: Partial<SweepDeps>, version?: string): SweepDeps;
  /** A policy document, with this workspace and generous limits unless it says otherwise. */
  request(policy: PolicyChanges, changes?: Partial<SweepRequest>): SweepRequest;
  /** Approves a policy in advance. */
  approve(request: SweepRequest): Promise<void>;
  plannedDeletions(plan: Pick<PlanRecord, 'planId'>): Promise<readonly PlannedDeletion[]>;
  outcomes(): Promise<readonly Outcome[]>;
  /** Ids that the workspace lost, in order. */
  deletedIds(): readonly string[];
}

type PolicyChanges = Readonly<Record<string, unknown>>;

const generous = {
  per_run: 1_000_000,
  per_day: 1_000_000,
  share_of_workspace: '100%',
  failures: '100%',
};

export async function sweepWorld(options: WorkspaceOptions = {}): Promise<SweepWorld> {
  const simulator = await workspace(options);
  const store = await startTestStore();
  const workspaceId = brandId<WorkspaceId>(simulator.workspaceId);
  const clock: Clock = { now: () => instantFromMs(simulator.now()), sleep: () => Promise.resolve() };
  const untilAborted: Clock = { ...clock, sleep: sleepUntilAborted };
  const audit = createAuditTrail(store.client, store.tables.audit, clock);
  const state = createRunState(store.client, store.tables.state);

  return {
    simulator,
    store,
    workspaceId,
    audit,
    state,
    clock,
    deps: (changes = {}, version = '2.16') => ({
      intercom: createIntercom({
        baseUrl: simulator.url,
        token: () => Promise.resolve('test-token'),
        version: parseApiVersion(version),
        pace: { numerator: 1n, denominator: 1n },
        clock,
        random: Math.random,
      }),
      audit,
      state,
      // The lease is renewed in the background, which has nothing to do in a world whose clock stands still.
      clock: untilAborted,
      newId: () => uuidv7({ msecs: clock.now() }),
      observe: () => {},
      leaseHolder: 'test',
      isHolderGone: () => false,
      ...changes,
    }),
    request: (policy, changes = {}) => ({ ...toRequest(simulator, policy), ...changes }),
    async approve(request) {
      await state.writeApproval({
        workspaceId,
        planId: brandId('approved-in-advance'),
        policyHash: request.policyHash,
        covers: 'policy',
        approvedBy: 'test',
        approvedAt: clock.now(),
      });
    },
    plannedDeletions: async ({ planId }) =>
      (await Array.fromAsync(audit.planChunks(workspaceId, planId))).flatMap(({ deletions }) => deletions),
    outcomes: async () =>
      (await Array.fromAsync(audit.queryOutcomes(workspaceId, {}))).map(({ outcome }) => outcome),
    deletedIds: () => simulator.deletions().map(({ id }) => id),
    async [Symbol.asyncDispose]() {
      await simulator.close();
      await store[Symbol.asyncDispose]();
    },
  };
}

function toRequest(simulator: Simulator, changes: PolicyChanges): SweepRequest {
  const document = {
    version: 1,
    workspace: simulator.workspaceId,
    mode: 'delete',
    approval: 'standing',
    pace: '100%',
    ...changes,
    limits: { ...generous, ...(changes['limits'] as object | undefined) },
  };
  const parsed = parsePolicy(canonicalize(document) ?? '');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return {
    policy: parsed.policy,
    policyHash: parsed.hash,
    policyJson: parsed.canonicalJson,
    trigger: 'manual',
    stop: new AbortController().signal,
    stopAt: undefined,
  };
}

/** Long waits, as between two renewals of a lease, end only with their signal; short ones at once. */
function sleepUntilAborted(delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal === undefined || delayMs < 10_000) return Promise.resolve();
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
