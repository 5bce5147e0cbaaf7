import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createRunState } from '#audit/run-state.ts';
import { createOutput } from '#cli/output.ts';
import { observeRun } from '#cli/remote-run-report.ts';
import { toRunDocument } from '#cli/run-document.ts';
import { runRemotely } from '#cli/run-remotely.ts';
import { parsePolicy } from '#policy/parse-policy.ts';
import { outputNames } from '#runtime/output-names.ts';
import { aPlan, aRun, later, noon, stoppedClock, workspaceId } from '#support/audit-builders.ts';
import { type Desk, openDesk } from '#support/cli.ts';
import { twoYearsPolicy } from '#support/cli-scene.ts';
import { type DeployedAws, startDeployedAws } from '#support/deployed-aws.ts';
import { deployedStack, executionArn } from '#support/deployed-aws-state.ts';
import { startTestStore, type TestStore } from '#support/dynamodb.ts';
import type { AuditTrail, Fence, RunState } from '#sweep/ports.ts';
import { noOutcomes } from '#sweep/run-counts.ts';
import type { PlanRecord, Refusal, RunRecord } from '#sweep/run-record.ts';
import type { SweepEvent } from '#sweep/sweep-deps.ts';

const policyText = twoYearsPolicy.replace('workspace: simulated', `workspace: ${workspaceId}`);
const parsed = parsePolicy(policyText);
if (!parsed.ok) throw new Error('the policy is not valid');
const { hash: policyHash } = parsed;

let aws: DeployedAws;
let store: TestStore;
let audit: AuditTrail;
let state: RunState;
let fence: Fence;
let desk: Desk;

beforeEach(async () => {
  [aws, store] = await Promise.all([startDeployedAws(), startTestStore()]);
  const outputs = {
    auditTable: store.tables.audit,
    stateTable: store.tables.state,
    workspaceId,
    policyHash,
  } as const;
  for (const [name, value] of Object.entries(outputs))
    aws.outputs.set(outputNames[name as keyof typeof outputs], value);
  audit = createAuditTrail(store.client, store.tables.audit, stoppedClock(noon));
  state = createRunState(store.client, store.tables.state);
  const lease = {
    workspaceId,
    holder: 'sweep',
    now: noon,
    expiresAt: later(noon, 60_000),
    isGone: () => false,
  };
  const granted = await state.takeLease(lease);
  if (!granted.granted) throw new Error('the lease is new');
  fence = granted.fence;
  desk = await openDesk({ ...aws.env, AWS_ENDPOINT_URL_DYNAMODB: store.endpoint, NO_COLOR: '1' });
  await desk.write('retention.yaml', policyText);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all([aws, store, desk].map((each) => each[Symbol.asyncDispose]()));
});

const remoteArgs = ['run', '--remote', '--stack', deployedStack];
const remote = (...args: string[]) => desk.retention(...remoteArgs, ...args);

/** What the functions would have left in the tables. */
async function carriedOut(
  changes: Partial<RunRecord>,
  refusals: readonly Refusal[] = [],
): Promise<{ readonly run: RunRecord; readonly plan: PlanRecord }> {
  const plan = aPlan({ status: 'applied', gate: { allowed: true, refusals: [] } });
  const finishedAt = later(noon, 60_000);
  const run = aRun({
    phase: 'finished',
    planId: plan.planId,
    policyHash,
    stopReason: 'done',
    counts: { ...noOutcomes, deleted: 5 },
    countsByRule: {},
    finishedAt,
    ...changes,
  });
  await state.writePlan(plan, fence);
  await state.writeRun(run, fence);
  if (run.stopReason !== undefined && run.phase === 'finished')
    await audit.putSummary({ ...run, finishedAt, stopReason: run.stopReason, refusals });
  return { run, plan };
}

/** The last slice's answer, as far as the command line reads it. */
const succeeded = ({ runId }: RunRecord, stopReason = 'done') => ({
  status: 'SUCCEEDED',
  output: JSON.stringify({ execution: 'x', run_id: runId, done: true, stop_reason: stopReason }),
});

// Every command is a process of its own.
describe('retention run --remote', { timeout: 60_000 }, () => {
  it('starts the sweep and ends with the document of a local run', async () => {
    const { run, plan } = await carriedOut({});
    aws.executions.push({ status: 'FAILED', name: 'last-night', asked: 0 });
    aws.newExecution = succeeded(run);
    const { code, stdout, stderr } = await remote('--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(toRunDocument({ run, plan, done: true }))));
    expect(aws.executions.map(({ name }) => name)).toEqual([
      'last-night',
      expect.stringMatching(/^by-hand-[\w-]{36}$/),
    ]);
    expect(stderr).toBe(`Started the execution ${aws.executions[1]?.name}.\n`);
    expect(JSON.parse(aws.executions[1]?.input ?? '')).toEqual({ trigger: 'manual' });
  });

  it('tells people what it tells of a local run', async () => {
    const { run } = await carriedOut({ intended: 7, counts: { ...noOutcomes, deleted: 5, failed: 2 } });
    aws.newExecution = succeeded(run);
    const { code, stderr } = await remote();
    expect(code).toBe(4);
    expect(stderr).toContain(`Run ${run.runId}: 7 deletions intended`);
    expect(stderr).toContain('2 deletions failed and 0 are unresolved; see "retention audit query --run');
  });

  it('exits with 3 and the reasons when the gate refused', async () => {
    const refusals: readonly Refusal[] = [
      { code: 'not_approved', setting: 'approval', value: null, limit: 'each_run' },
    ];
    const { run } = await carriedOut({ stopReason: 'refused', counts: noOutcomes, intended: 0 }, refusals);
    aws.newExecution = succeeded(run, 'refused');
    const { code, stdout, stderr } = await remote('--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ stop_reason: 'refused', gate: { allowed: false, refusals } });
    expect(stderr).toContain('approval: each_run asks for an approval and there is none');
  });

  it('exits with 3 when it was paused before anything went, and says how it goes on', async () => {
    const { run } = await carriedOut({
      phase: 'applying',
      stopReason: undefined,
      finishedAt: undefined,
      counts: noOutcomes,
    });
    await state.writePause(workspaceId, { by: 'on-call', reason: 'A complaint', at: noon });
    aws.newExecution = succeeded(run, 'paused');
    const { code, stdout, stderr } = await remote('--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      run_id: run.runId,
      stop_reason: 'paused',
      gate: { allowed: false, refusals: [{ code: 'paused', value: 'A complaint' }] },
    });
    expect(stderr).toContain(
      `"retention resume --stack ${deployedStack}" and then "retention run --remote --stack ${deployedStack}"`,
    );
  });

  it('exits with 4 when the state machine failed for a run in which too many deletions failed', async () => {
    const { run } = await carriedOut({ stopReason: 'failures', counts: { ...noOutcomes, failed: 3 } });
    aws.newExecution = { status: 'FAILED', error: 'failures', cause: run.runId };
    const { code, stdout, stderr } = await remote('--json');
    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ run_id: run.runId, stop_reason: 'failures' });
    expect(stderr).toContain('more deletions failed than limits.failures allows');
  });

  it.each([
    [
      'FAILED',
      'ConfigurationError',
      JSON.stringify({
        errorType: 'ConfigurationError',
        errorMessage: 'The secret has no entry.',
        trace: ['x'],
      }),
      'failed (ConfigurationError: The secret has no entry.). Its run ',
    ],
    ['TIMED_OUT', 'States.Timeout', '', 'was ended by its time limit (States.Timeout). Its run '],
    ['ABORTED', '', 'Looking into it', 'was stopped by somebody (Looking into it). Its run '],
  ])(
    'exits with 1, the cause and the way on when the execution is %s',
    async (status, error, cause, text) => {
      const { run } = await carriedOut({
        phase: 'applying',
        stopReason: undefined,
        finishedAt: undefined,
        intended: 9,
      });
      aws.newExecution = { status, error, cause };
      const { code, stdout, stderr } = await remote('--json');
      expect(code).toBe(1);
      expect(stderr).toContain(
        `${text}${run.runId} has deleted 5 of 9 conversations so far. Mend what is named there (docs/operations.md, "A sweep failed"); "retention run --remote --stack ${deployedStack}" then goes on where it stopped.`,
      );
      expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'outside' } });
    },
  );

  it('exits with 1 when another sweep kept the workspace', async () => {
    const output = JSON.stringify({ execution: 'x', held_off: { Error: 'WorkspaceBusyError' } });
    aws.newExecution = { status: 'SUCCEEDED', output };
    const { code, stderr } = await remote();
    expect(code).toBe(1);
    expect(stderr).toContain('found another sweep at work in this workspace');
  });

  it('exits with 1 when the tables know nothing of the run', async () => {
    aws.newExecution = succeeded(aRun());
    const { code, stderr } = await remote();
    expect(code).toBe(1);
    expect(stderr).toContain(`The state table knows nothing of the run ${aRun().runId}`);
  });

  it('joins the execution under way instead of starting another', async () => {
    const { run } = await carriedOut({});
    aws.executions.push({ ...succeeded(run), name: 'nightly', runningFor: 1, asked: 0 });
    const { code, stderr } = await remote('--json');
    expect(code).toBe(0);
    expect(stderr).toBe('A sweep is under way already (execution nightly); this is how it goes on.\n');
    expect(aws.calls).not.toContain('StartExecution');
  });

  it('ends the watching alone on Ctrl-C, and says how to see it again', async () => {
    aws.newExecution = { status: 'SUCCEEDED', output: '{}', runningFor: 1000 };
    const { child, ended } = desk.start(...remoteArgs, '--json');
    while (!aws.calls.includes('DescribeExecution')) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    const { name = '' } = aws.executions[0] ?? {};
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ execution_arn: executionArn(name), detached: true });
    expect(stderr).toContain(
      `The execution ${name} goes on; "retention run --remote --stack ${deployedStack}" shows it again`,
    );
    expect(aws.calls).not.toContain('StopExecution');
  });

  it('asks again when AWS does not answer, and says that the sweep goes on when it never does', async () => {
    const { run } = await carriedOut({});
    aws.newExecution = succeeded(run);
    aws.broken.set('StartExecution', { error: 'InternalFailure', status: 500, times: 1 });
    aws.broken.set('DescribeExecution', { error: 'ThrottlingException', status: 400, times: 2 });
    expect(await remote('--json')).toMatchObject({ code: 0 });
    expect(aws.executions).toHaveLength(1);

    aws.broken.set('DescribeExecution', { error: 'AccessDeniedException', status: 400 });
    const { code, stderr } = await remote();
    expect(code).toBe(1);
    expect(stderr).toContain(
      `AWS does not allow states:DescribeExecution; give this role or user that permission. The sweep itself goes on; "retention run --remote --stack ${deployedStack}" shows it again.`,
    );
  });

  it('refuses to begin with a policy file that is not the one deployed', async () => {
    await desk.write('retention.yaml', policyText.replace('2y', '3y'));
    const { code, stderr } = await remote();
    expect(code).toBe(2);
    expect(stderr).toContain(`retention.yaml is not the policy that the stack ${deployedStack} carries out`);
    expect(aws.executions).toEqual([]);
  });

  it('refuses to begin while the stack is being updated, since its outputs may be of another policy', async () => {
    aws.stackStatus = 'UPDATE_IN_PROGRESS';
    const { code, stderr } = await remote();
    expect(code).toBe(2);
    expect(stderr).toContain(
      `The stack ${deployedStack} is UPDATE_IN_PROGRESS; wait until CloudFormation is done, and try again.`,
    );
    expect(aws.executions).toEqual([]);
  });

  it('is what approving a plan of the stack leads to', async () => {
    await state.writePlan(aPlan({ status: 'planned', policyHash }), fence);
    const args = ['approve', 'latest', '--yes', '--by', 'privacy', '--stack', deployedStack];
    const { code, stderr } = await desk.retention(...args);
    expect(code).toBe(0);
    expect(stderr).toMatch(/\nNext: retention run --remote --stack IntercomRetention-test\n$/);
  });

  it('asks for a stack', async () => {
    const { code, stderr } = await desk.retention('run', '--remote', '--store', 'local');
    expect(code).toBe(2);
    expect(stderr).toBe('--remote runs what a stack has deployed; name the stack with --stack.\n');
  });
});

describe('runRemotely', () => {
  it('shows how far the sweep has got, as a local run does', async () => {
    for (const [name, value] of Object.entries({ ...aws.env, AWS_ENDPOINT_URL_DYNAMODB: store.endpoint }))
      vi.stubEnv(name, value);
    const counts = { ...noOutcomes, deleted: 150 };
    const { run } = await carriedOut({
      phase: 'applying',
      stopReason: undefined,
      finishedAt: undefined,
      intended: 400,
      counts,
    });
    aws.newExecution = { ...succeeded(run, 'paused'), runningFor: 3 };
    const shown: string[] = [];
    const stderr = new Writable({
      write(chunk, _encoding, done) {
        shown.push(String(chunk));
        done();
      },
    });
    const output = createOutput({
      stdout: stderr,
      stderr: Object.assign(stderr, { isTTY: true }),
      json: false,
      quiet: false,
    });
    let looks = 0;
    const clock = {
      now() {
        looks += 1;
        return later(noon, looks * 1000);
      },
      sleep: () => Promise.resolve(),
    };
    const flags = { json: false, quiet: false, policy: join(desk.folder, 'retention.yaml') };
    const environment = { RETENTION_STACK: deployedStack };
    await runRemotely({ output, clock, flags, environment }, { pollMs: 1 });
    expect(shown.filter((text) => text.includes('Deleting: 150 of 400, 150 deleted')).length).toBe(3);
  });
});

describe('observeRun', () => {
  async function observed(): Promise<readonly SweepEvent[]> {
    const events: SweepEvent[] = [];
    await observeRun({ state, observe: (event) => events.push(event) }, workspaceId);
    return events;
  }

  it('tells nothing while there is no run', async () => {
    expect(await observed()).toEqual([]);
  });

  it('tells how far the reading is, and of how many when the whole list is read', async () => {
    await state.writeRun(aRun({ phase: 'planning', planId: undefined }), fence);
    const plan = aPlan({
      status: 'planning',
      scan: 'list',
      scanned: 300,
      candidates: 12,
      workspaceTotal: 900,
    });
    await state.writePlan(plan, fence);
    const reading = { kind: 'scanning', scanned: 300, candidates: 12 };
    expect(await observed()).toEqual([{ ...reading, scan: 'list', expected: 900 }]);
    await state.writePlan({ ...plan, scan: 'search' }, fence);
    expect(await observed()).toEqual([{ ...reading, scan: 'search', expected: undefined }]);
  });

  it('tells how far the deleting is', async () => {
    const counts = { ...noOutcomes, deleted: 150, failed: 1 };
    await state.writeRun(aRun({ phase: 'applying', intended: 400, counts }), fence);
    expect(await observed()).toEqual([{ kind: 'deleting', intended: 400, counts }]);
  });
});
