import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createRunState } from '#audit/run-state.ts';
import { brandId, type PlanId, type WorkspaceId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import { parsePolicy } from '#policy/parse-policy.ts';
import type { Simulator } from '#simulator/running-simulator.ts';
import { startSimulator } from '#simulator/simulator.ts';
import type { Outcome } from '#sweep/outcome.ts';
import type { AuditTrail, RunState } from '#sweep/ports.ts';
import { type CrashScenario, type Kill, scenarioOf } from './crash-scenario.ts';
import { unlikeTheTruth } from './deleted-truth.ts';
import { startTestStore, type TestStore } from './dynamodb.ts';
import { type StoreProxy, startStoreProxy, type WriteTreatment } from './store-proxy.ts';

export interface CrashReport {
  readonly seed: number;
  readonly scenario: CrashScenario;
  /** How many times the command was killed, and how many times it was started. */
  readonly killed: number;
  readonly started: number;
  /** Conversations that the simulator lost. */
  readonly deleted: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Every promise that was broken, in a sentence; empty when all held. */
  readonly broken: readonly string[];
}

const mostStarts = 25;
const protectedTag = 'vip';

/**
 * One run of the real command against a simulated workspace under faults, killed with SIGKILL where the seed says, and started
 * again until it is done; then the audit is held against what the simulator knows.
 */
export async function crashRun(seed: number): Promise<CrashReport> {
  const scenario = scenarioOf(seed);
  const killer = killerOf(scenario.kills);
  await using store = await startTestStore();
  await using proxy = await startStoreProxy(store.endpoint, killer.atWrite);
  const simulator = await startSimulator({
    seed,
    generate: scenario.conversations,
    faults: scenario.faults,
    indexLag: { probability: scenario.indexLag, lagMs: 5_000 },
    churn: { everyCalls: scenario.churnEveryCalls, actions: ['reply', 'assign', 'close'] },
    rateLimit: { perMinute: 6_000_000 }, // enough, and said in headers: without them the client goes slowly
    hooks: { beforeEffect: killer.beforeCall, afterEffect: killer.afterCall },
  });
  const folder = await mkdtemp(join(tmpdir(), 'retention-crash-'));
  try {
    const command = { folder, simulator, proxy, store, policy: policyText(scenario, simulator.workspaceId) };
    await writeFile(join(folder, 'retention.yaml'), command.policy);
    const held = await prepare(command, scenario);
    const { started, stopReason } = await runUntilDone(command, killer);
    const { audit } = openStore(store);
    const broken = await brokenPromises(audit, simulator, scenario, held);
    broken.push(...(await brokenAfterReconcile(command, audit)));
    if (stopReason !== 'done') broken.push(`The run ended with "${stopReason}" after ${started} starts.`);
    const outcomes = await allOutcomes(audit, simulator);
    return {
      seed,
      scenario,
      killed: killer.killed,
      started,
      deleted: simulator.deletions().length,
      outcomes: countBy(outcomes.map(({ outcome }) => outcome)),
      broken,
    };
  } finally {
    await simulator.close();
    await rm(folder, { recursive: true });
  }
}

function policyText(scenario: CrashScenario, workspaceId: string): string {
  const perDay = scenario.perDay ?? 100_000;
  return `
version: 1
workspace: ${JSON.stringify(workspaceId)}
mode: delete
approval: standing
scan: ${scenario.scan}
recheck_after: ${scenario.recheckAfter}
pace: 100%
limits:
  per_run: 100000
  per_day: ${perDay}
  share_of_workspace: 100%
  failures: 100%
  when_exceeded: trim
protect:
  minimum_age: 30d
  tags: [${protectedTag}]
rules:
  - id: closed-long-ago
    when: { state: closed, last_activity: { older_than: 18mo } }
    retain_metrics: ${scenario.retainMetrics}
  - id: refunds
    when: { state: closed, tags: { any: [refund] } }
    retain_metrics: true
`;
}

/** A process that waits to be killed at the next fitting moment. */
function killerOf(kills: readonly Kill[]) {
  const pending = [...kills];
  let victim: ChildProcess | undefined;
  let calls = 0;
  let killed = 0;

  const strikes = (at: Kill['at'], number: number, when: Kill['when']): boolean => {
    const place = pending.findIndex((kill) => kill.at === at && kill.number <= number && kill.when === when);
    if (place === -1 || victim === undefined) return false;
    pending.splice(place, 1);
    victim.kill('SIGKILL');
    killed += 1;
    return true;
  };
  return {
    watch: (child: ChildProcess) => {
      victim = child;
      child.once('exit', () => {
        victim = undefined;
      });
    },
    get killed() {
      return killed;
    },
    beforeCall: (): Promise<void> | void => {
      calls += 1;
      // What never takes effect is never answered.
      if (strikes('call', calls, 'before')) return new Promise(() => {});
    },
    afterCall: (): void => {
      strikes('call', calls, 'after');
    },
    atWrite: (number: number): WriteTreatment => {
      if (strikes('write', number, 'before')) return 'lose_request';
      return strikes('write', number, 'after') ? 'lose_answer' : 'forward';
    },
  };
}
type Killer = ReturnType<typeof killerOf>;

interface Command {
  readonly folder: string;
  readonly simulator: Simulator;
  readonly proxy: StoreProxy;
  readonly store: TestStore;
  readonly policy: string;
}

function openStore(store: TestStore): { readonly audit: AuditTrail; readonly state: RunState } {
  const clock = { now: () => instantFromMs(Date.now()), sleep: () => Promise.resolve() };
  return {
    audit: createAuditTrail(store.client, store.tables.audit, clock),
    state: createRunState(store.client, store.tables.state),
  };
}

/** Approves the policy and places the holds; returns the ids of the held conversations. */
async function prepare({ store, simulator, policy }: Command, scenario: CrashScenario): Promise<Set<string>> {
  const { state } = openStore(store);
  const workspaceId = brandId<WorkspaceId>(simulator.workspaceId);
  const parsed = parsePolicy(policy);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  const now = instantFromMs(Date.now());
  await state.writeApproval({
    workspaceId,
    planId: brandId<PlanId>('approved-in-advance'),
    policyHash: parsed.hash,
    covers: 'policy',
    approvedBy: 'test',
    approvedAt: now,
  });
  const closed = [...simulator.conversations()].filter(({ json }) => json['state'] === 'closed');
  const held = closed.filter((_, at) => at % 10 < scenario.heldShare * 10).map(({ id }) => id);
  for (const targetId of held) {
    const hold = { matter: 'Case 12', owner: 'legal', reason: 'litigation', placedAt: now };
    await state.addHold(workspaceId, { target: 'conversation', targetId, ...hold });
  }
  return new Set(held);
}

async function runUntilDone(
  command: Command,
  killer: Killer,
): Promise<{ readonly started: number; readonly stopReason: string }> {
  let stopReason = 'never ended';
  for (let started = 1; started <= mostStarts; started += 1) {
    const { code, stdout, stderr } = await runOnce(command, 'run', killer);
    if (code === 0 || code === 4) {
      const answer = JSON.parse(stdout) as { readonly stop_reason: string };
      return { started, stopReason: answer.stop_reason };
    }
    if (code !== null) stopReason = `exit ${code}: ${stdout}${stderr}`;
  }
  return { started: mostStarts, stopReason };
}

const mainFile = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

/** Everything was deleted by runs, so Intercom's list resolves whatever they were not sure of. */
async function brokenAfterReconcile(command: Command, audit: AuditTrail): Promise<string[]> {
  const { simulator } = command;
  simulator.set({ faults: [] });
  const { code, stdout, stderr } = await runOnce(command, 'reconcile');
  if (code !== 0) return [`The reconciliation ended with exit ${code}: ${stdout}${stderr}`];
  const { counts } = JSON.parse(stdout) as { readonly counts: Readonly<Record<string, number>> };
  const expected = { confirmed: simulator.deletions().length, flag_mismatch: 0, deleted_elsewhere: 0 };
  const broken = await unlikeTheTruth(audit, simulator);
  for (const [name, count] of Object.entries(expected)) {
    if (counts[name] !== count)
      broken.push(`The reconciliation counts ${counts[name]} as ${name}, not ${count}.`);
  }
  return broken;
}

async function runOnce({ folder, simulator, proxy, store }: Command, name: string, killer?: Killer) {
  const child = spawn(process.execPath, [mainFile, name, '--json', '--store', 'dynamodb'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      INTERCOM_ACCESS_TOKEN: 'test-token',
      INTERCOM_BASE_URL: simulator.url,
      ...store.env,
      AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
    },
  });
  killer?.watch(child);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

async function allOutcomes(audit: AuditTrail, simulator: Simulator): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for await (const { outcome } of audit.queryOutcomes(brandId<WorkspaceId>(simulator.workspaceId), {})) {
    outcomes.push(outcome);
  }
  return outcomes;
}

/** Holds the audit against what the simulator knows; a sentence for everything that does not fit. */
async function brokenPromises(
  audit: AuditTrail,
  simulator: Simulator,
  scenario: CrashScenario,
  held: ReadonlySet<string>,
): Promise<string[]> {
  const broken: string[] = [];
  const outcomes = await allOutcomes(audit, simulator);
  const lost = new Map(simulator.deletions().map((deletion) => [deletion.id, deletion]));
  const gone = new Set<string>(
    outcomes
      .filter(({ outcome }) => outcome === 'deleted' || outcome === 'not_found' || outcome === 'unresolved')
      .map(({ conversationId }) => conversationId),
  );
  for (const id of lost.keys()) if (!gone.has(id)) broken.push(`${id} was lost, and no outcome says so.`);
  for (const id of gone) if (!lost.has(id)) broken.push(`${id} is said to be gone, and is still there.`);
  for (const { conversationId, outcome, retainMetrics } of outcomes) {
    const deletion = lost.get(conversationId);
    if (outcome === 'deleted' && deletion?.metricsRetained !== retainMetrics) {
      broken.push(
        `${conversationId} is said to be deleted with retain_metrics ${retainMetrics}, which is untrue.`,
      );
    }
  }
  broken.push(...(await intentsWithoutOneOutcome(audit, simulator, outcomes)));

  if (scenario.perDay !== undefined && lost.size > scenario.perDay) {
    broken.push(`${lost.size} were deleted, though per_day is ${scenario.perDay}.`);
  }
  for (const { id, json, deleted } of simulator.conversations()) {
    if (deleted === null) continue;
    if (held.has(id)) broken.push(`${id} was held, and is gone.`);
    if (isProtected(json)) broken.push(`${id} was protected, and is gone.`);
  }
  return broken;
}

/** By what nothing in a scenario ever changes: tags and tickets. */
function isProtected(json: Readonly<Record<string, unknown>>): boolean {
  const { tags } = json['tags'] as { readonly tags: readonly { readonly name: string }[] };
  return tags.some(({ name }) => name === protectedTag) || (json['ticket'] ?? null) !== null;
}

async function intentsWithoutOneOutcome(
  audit: AuditTrail,
  simulator: Simulator,
  outcomes: readonly Outcome[],
): Promise<string[]> {
  const workspaceId = brandId<WorkspaceId>(simulator.workspaceId);
  const found = countBy(outcomes.map(({ runId, conversationId }) => `${runId} ${conversationId}`));
  const broken: string[] = [];
  for await (const { runId, planId } of audit.summaries(workspaceId)) {
    if (planId === undefined) continue;
    for await (const { chunkNumber } of audit.planChunks(workspaceId, planId)) {
      // A chunk that was not come to, or of which the limits left nothing, has no intent.
      const intent = await audit.readIntent(workspaceId, runId, chunkNumber);
      for (const id of intent?.conversationIds ?? []) {
        const count = found[`${runId} ${id}`] ?? 0;
        delete found[`${runId} ${id}`];
        if (count !== 1) broken.push(`The intent to delete ${id} has ${count} outcomes.`);
      }
    }
  }
  for (const without of Object.keys(found)) broken.push(`There is an outcome without an intent: ${without}.`);
  return broken;
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
