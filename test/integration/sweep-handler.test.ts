import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { personalMarker } from '#simulator/personal-data.ts';
import { type HandlerWorld, handlerWorld } from '#support/deployed-handler.ts';
import { lambdaContext } from '#support/lambda-context.ts';
import { type CapturedOutput, captureOutput } from '#support/lambda-output.ts';
import type { ConversationInDays } from '#support/simulated-workspace.ts';
import { startStoreProxy } from '#support/store-proxy.ts';

const old = (count: number): ConversationInDays[] =>
  Array.from({ length: count }, () => ({ updatedDaysAgo: 1000 }));
const policy = {
  rules: [
    { id: 'old', when: { state: 'closed', last_activity: { older_than: '2y' } }, retain_metrics: true },
  ],
};

type Sweep = typeof import('#handlers/sweep.ts')['handler'];
type Answer = Awaited<ReturnType<Sweep>>;

let output: CapturedOutput;
beforeEach(() => {
  output = captureOutput();
});
afterEach(() => {
  output[Symbol.dispose]();
  vi.useRealTimers();
});

/** The exported handler as a new Lambda instance has it, of a policy that somebody has approved unless `approved` says no. */
async function coldStart(
  { world, deploy }: HandlerWorld,
  options: { readonly approved?: false; readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<Sweep> {
  if (options.approved !== false) await world.approve(world.request(policy));
  await deploy(policy, options.environment);
  return (await import('#handlers/sweep.ts')).handler;
}

const longEnough = () => lambdaContext({ remainingMs: 600_000 });
const sliceOf = (ms: number) => lambdaContext({ remainingMs: 60_000 + ms });

/** Does what the state machine does. */
async function loop(handler: Sweep, first: object, sliceMs: number): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  let event = first;
  do {
    const answer = await handler(event, sliceOf(sliceMs));
    answers.push(answer);
    event = JSON.parse(JSON.stringify(answer)) as object;
  } while (answers.at(-1)?.done !== true);
  return answers;
}

const metricLines = (lines: readonly Readonly<Record<string, unknown>>[]) =>
  lines.filter((line) => '_aws' in line);

describe('handler of the sweep', { timeout: 120_000 }, () => {
  it('carries a sweep through many slices, each from where the one before stopped', async () => {
    const count = 1200;
    await using handlers = await handlerWorld({ conversations: [...old(count), { updatedDaysAgo: 100 }] });
    const { world } = handlers;
    const answers = await loop(await coldStart(handlers), { execution: 'nightly' }, 500);

    expect(answers.length).toBeGreaterThan(3);
    expect(answers.slice(0, -1).every(({ done, phase }) => !done && phase !== 'finished')).toBe(true);
    expect(answers.at(-1)).toMatchObject({
      execution: 'nightly',
      phase: 'finished',
      done: true,
      intended: count,
      counts: { deleted: count, not_found: 0, unresolved: 0, failed: 0, kept: 0 },
      stop_reason: 'done',
      refusals: [],
    });
    expect(new Set(answers.map(({ run_id }) => run_id)).size).toBe(1);
    expect(new Set(world.deletedIds()).size).toBe(count);
    // No conversation was sent two DELETEs, and none was recorded twice.
    expect(world.simulator.stats().writeCalls).toBe(count);
    expect(await world.outcomes()).toHaveLength(count);
    const metrics = metricLines(output.takeLines());
    const total = (name: string) => metrics.reduce((sum, line) => sum + Number(line[name] ?? 0), 0);
    expect(['SweepDeleted', 'SweepFailed', 'SweepFinished', 'SweepApiCalls'].map(total)).toEqual([
      count,
      0,
      1,
      world.simulator.stats().calls,
    ]);
  });

  it('lets the next slice of the same execution go on at once after one that died, and no other', async () => {
    await using handlers = await handlerWorld({ conversations: old(300) });
    const { world } = handlers;
    let isDown = false;
    await using proxy = await startStoreProxy(world.store.endpoint, (write) => {
      if (write > 120) isDown = true;
      return isDown ? 'lose_request' : 'forward';
    });
    const dying = await coldStart(handlers, { environment: { AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint } });
    await expect(dying({ execution: 'nightly' }, longEnough())).rejects.toMatchObject({ name: 'StoreError' });
    const gone = world.deletedIds().length;
    expect(gone).toBeGreaterThan(0);
    expect(gone).toBeLessThan(300);

    const handler = await coldStart(handlers);
    await expect(handler({ execution: 'another' }, longEnough())).rejects.toMatchObject({
      name: 'WorkspaceBusyError',
    });
    const answer = await handler({ execution: 'nightly' }, longEnough());
    expect(answer).toMatchObject({ done: true, stop_reason: 'done' });
    const { deleted, unresolved, not_found: notFound } = answer.counts;
    expect([deleted + unresolved, notFound, world.deletedIds().length]).toEqual([300, 0, 300]);
    expect(await world.outcomes()).toHaveLength(300);
  });

  it('counts what it settles of a run that it closes because the policy has changed since', async () => {
    await using handlers = await handlerWorld({ conversations: old(300) });
    const { world } = handlers;
    let isDown = false;
    await using proxy = await startStoreProxy(world.store.endpoint, (write) => {
      if (write > 120) isDown = true;
      return isDown ? 'lose_request' : 'forward';
    });
    const dying = await coldStart(handlers, { environment: { AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint } });
    await expect(dying({ execution: 'nightly' }, longEnough())).rejects.toMatchObject({ name: 'StoreError' });
    output.take();

    await handlers.deploy({ rules: [] });
    const { handler } = await import('#handlers/sweep.ts');
    expect(await handler({ execution: 'nightly' }, longEnough())).toMatchObject({ intended: 0, done: true });
    const outcomes = await world.outcomes();
    const unresolved = outcomes.filter(({ outcome }) => outcome === 'unresolved').length;
    expect(unresolved).toBeGreaterThan(0);
    // A metric that is counted twice in an invocation has both values in its line.
    const counted = metricLines(output.takeLines()).flatMap(
      (line) => line['SweepUnresolved'] as number | number[],
    );
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(unresolved);
  });

  it('gives the same answer to a slice that is repeated after the end, and begins nothing', async () => {
    await using handlers = await handlerWorld({ conversations: old(400) });
    const { world } = handlers;
    const handler = await coldStart(handlers);
    const answers = await loop(handler, { execution: 'nightly' }, 300);
    const before = [
      world.simulator.stats().calls,
      (await Array.fromAsync(world.audit.summaries(world.workspaceId))).length,
    ];
    for (const answer of answers) {
      expect(await handler(answer, longEnough())).toEqual(answers.at(-1));
    }
    const after = [
      world.simulator.stats().calls,
      (await Array.fromAsync(world.audit.summaries(world.workspaceId))).length,
    ];
    expect(after).toEqual(before);
    expect(after[1]).toBe(1);
  });

  it('turns an execution away that overlaps another, and does the other no harm', async () => {
    const { promise: isDeleting, resolve } = Promise.withResolvers<void>();
    await using handlers = await handlerWorld({
      conversations: old(500),
      hooks: { beforeEffect: ({ endpoint }) => (endpoint === 'delete' ? resolve() : undefined) },
    });
    const { world } = handlers;
    const handler = await coldStart(handlers);
    const first = handler({ execution: 'one' }, longEnough());
    await isDeleting;
    await expect(handler({ execution: 'two' }, longEnough())).rejects.toThrow('(sweep one)');
    expect(await first).toMatchObject({ done: true, counts: { deleted: 500 } });
    expect([world.simulator.stats().writeCalls, (await world.outcomes()).length]).toEqual([500, 500]);
    expect(await handler({ execution: 'two' }, longEnough())).toMatchObject({ done: true, intended: 0 });
  });

  it('ends with the reasons of the gate when the plan waits for an approval', async () => {
    await using handlers = await handlerWorld({ conversations: old(2) });
    const handler = await coldStart(handlers, { approved: false });
    const answer = await handler({}, longEnough());
    expect(answer).toMatchObject({
      phase: 'finished',
      done: true,
      stop_reason: 'refused',
      refusals: [{ code: 'not_approved', setting: 'approval', value: null, limit: 'standing' }],
      refusal_text: expect.stringMatching(/^- approval: standing asks for an approval .*\.$/),
      counts: { deleted: 0 },
    });
    expect(await handler(answer, longEnough())).toEqual(answer);
    expect(handlers.world.simulator.stats().writeCalls).toBe(0);
    const lines = output.takeLines();
    expect(metricLines(lines)[0]).toMatchObject({ SweepRefused: 1, SweepDeleted: 0 });
    expect(lines.find(({ message }) => message === 'sweep_refused')).toMatchObject({ code: 'not_approved' });
  });

  it.each([
    ['a limit alone', {}, 1],
    ['a limit in observe mode', { mode: 'observe' }, 0],
    ['a limit for want of an approval', { approval: 'each_run' }, 0],
  ])('counts a plan as stopped by limits when that is all: %s', async (_what, changes, stopped) => {
    await using handlers = await handlerWorld({ conversations: old(3) });
    const document = { ...policy, limits: { per_run: 2, share_of_workspace: '50%' }, ...changes };
    await handlers.world.approve(handlers.world.request(document));
    await handlers.deploy(document);
    const { handler } = await import('#handlers/sweep.ts');
    const answer = await handler({}, longEnough());
    const codes = answer.refusals.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['per_run', 'share_of_workspace']));
    await handler(answer, longEnough());
    const lines = output.takeLines();
    const metrics = metricLines(lines);
    expect(metrics.flatMap((line) => line['SweepRefused'] ?? [])).toEqual([1]);
    expect(metrics.flatMap((line) => line['SweepStoppedByLimits'] ?? [])).toEqual(stopped === 0 ? [] : [1]);
    expect(lines.flatMap(({ message, code }) => (message === 'sweep_refused' ? [code] : []))).toEqual(codes);
  });

  it('ends its execution while deletion is paused, and goes on with the same run afterwards', async () => {
    let deletes = 0;
    await using handlers = await handlerWorld({
      conversations: old(600),
      hooks: {
        async beforeEffect({ endpoint }) {
          if (endpoint === 'delete') deletes += 1;
          if (deletes !== 50) return;
          const { workspaceId, state, clock } = handlers.world;
          await state.writePause(workspaceId, { by: 'on-call', reason: 'complaint', at: clock.now() });
        },
      },
    });
    const { world } = handlers;
    const handler = await coldStart(handlers);
    const paused = await handler({ execution: 'one' }, longEnough());
    expect(paused).toMatchObject({ done: true, phase: 'applying', stop_reason: 'paused' });
    expect(paused.counts.deleted).toBeLessThan(600);
    const still = await handler(paused, longEnough());
    expect(still).toMatchObject({ done: true, refusals: [{ code: 'paused', value: 'complaint' }] });
    expect(world.deletedIds()).toHaveLength(paused.counts.deleted);

    await world.state.writePause(world.workspaceId, undefined);
    const resumed = await handler({ execution: 'two' }, longEnough());
    expect(resumed).toMatchObject({
      run_id: paused.run_id,
      done: true,
      stop_reason: 'done',
      counts: { deleted: 600 },
    });
  });

  it('takes the token from the secret, and a new one once when Intercom refuses the one that it knows', async () => {
    await using handlers = await handlerWorld({ conversations: old(3), access: { token: 'made-up-token' } });
    const { world, aws } = handlers;
    const handler = await coldStart(handlers);
    await handler({}, longEnough());
    expect(aws.secretReads).toBe(1);
    aws.secret = JSON.stringify({ workspaces: { [world.workspaceId]: { access_token: 'changed-token' } } });
    // A secret is read again half a minute after the last time at the earliest.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
    world.simulator.set({ access: { token: 'changed-token' } });
    expect(await handler({}, longEnough())).toMatchObject({ done: true });
    expect(aws.secretReads).toBe(2);
    expect(output.take()).not.toMatch(/made-up-token|changed-token/);
  });

  it.each([
    ['is filled in', '{}', 'no readable "workspaces"'],
    ['gets an entry for it', '{"workspaces":{}}', 'no entry for the workspace simulated'],
  ])('goes on half a minute after the secret %s', async (_what, before, sentence) => {
    await using handlers = await handlerWorld({ conversations: old(1) });
    const { aws } = handlers;
    const filled = aws.secret;
    const handler = await coldStart(handlers);
    aws.secret = before;
    await expect(handler({}, longEnough())).rejects.toThrow(sentence);
    await expect(handler({}, longEnough())).rejects.toThrow(sentence);
    expect(aws.secretReads).toBe(1);
    aws.secret = filled;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
    expect(await handler({}, longEnough())).toMatchObject({ done: true });
    expect(aws.secretReads).toBe(2);
    output.take();
  });

  it('throws on what it cannot do, and says in the log what is to be corrected', async () => {
    await using handlers = await handlerWorld({ conversations: old(1) });
    const handler = await coldStart(handlers);
    await expect(handler({ run_id: 'nobody-knows' }, longEnough())).rejects.toThrow(
      'The workspace simulated has no run nobody-knows; begin a sweep without "run_id".',
    );
    await expect(handler({}, lambdaContext({ remainingMs: 60_000 }))).rejects.toThrow('raise its time-out');
    const lost = await coldStart(handlers, {
      environment: { POLICY_FILE: '/nowhere/policy.yaml', INTERCOM_REGION: 'eu' },
    });
    await expect(lost({}, longEnough())).rejects.toThrow('POLICY_FILE names cannot be read');
    const misread = await coldStart(handlers, {
      environment: { INTERCOM_REGION: 'tok-4711', AUDIT_TABLE: '' },
    });
    await expect(misread({}, longEnough())).rejects.toThrow(
      'AUDIT_TABLE is not set; give it a value. INTERCOM_REGION is nothing that this tool knows; set it to us, eu or au.',
    );
    const strange = await coldStart(handlers);
    handlers.aws.secret = JSON.stringify({ workspaces: { another: { access_token: 'made-up-token' } } });
    await expect(strange({}, longEnough())).rejects.toThrow('no entry for the workspace simulated');
    expect(output.takeLines().filter(({ message }) => message === 'invocation_failed')).toHaveLength(5);
    expect(handlers.world.simulator.stats().calls).toBe(0);
  });

  it('begins a run as the person or the schedule that started the execution, and goes on with another as it was begun', async () => {
    await using handlers = await handlerWorld({ conversations: old(600) });
    const { world } = handlers;
    const handler = await coldStart(handlers);
    const first = await handler({ execution: 'by-hand', input: { trigger: 'manual' } }, sliceOf(300));
    expect(first).toMatchObject({ trigger: 'manual', done: false });
    expect(await world.state.readRun(world.workspaceId, first.run_id)).toMatchObject({ trigger: 'manual' });
    const [, answer] = [first, ...(await loop(handler, { execution: 'nightly' }, 600_000))];
    expect(answer).toMatchObject({ trigger: 'schedule', run_id: first.run_id, done: true });
    expect(new Set((await world.outcomes()).map(({ trigger }) => trigger))).toEqual(new Set(['manual']));
    const [summary] = await Array.fromAsync(world.audit.summaries(world.workspaceId));
    expect(summary).toMatchObject({ runId: first.run_id, trigger: 'manual' });
  });

  it('takes no other word for what started an execution, and keeps the one it has in every answer', async () => {
    await using handlers = await handlerWorld();
    const handler = await coldStart(handlers);
    const notAWord = fc
      .anything()
      .filter((value) => value !== undefined && value !== 'manual' && value !== 'schedule');
    await fc.assert(
      fc.asyncProperty(notAWord, fc.boolean(), async (trigger, isOfSlice) => {
        const event = isOfSlice ? { trigger } : { input: { trigger } };
        await expect(handler(event, longEnough())).rejects.toMatchObject({ name: 'ConfigurationError' });
      }),
      { numRuns: 60 },
    );
    expect(handlers.world.simulator.stats().calls).toBe(0);
    for (const trigger of ['manual', 'schedule'])
      expect(await handler({ input: { trigger } }, longEnough())).toMatchObject({ trigger });
    expect(
      await handler({ input: { id: 'a-start', time: '2026-11-21T03:00:00Z' } }, longEnough()),
    ).toMatchObject({
      trigger: 'schedule',
    });
  });

  it('takes nothing for a slice but {} and the answer of a slice', async () => {
    await using handlers = await handlerWorld();
    const handler = await coldStart(handlers);
    const noEvent = fc.oneof(
      fc.constantFrom(null, 7, 'x', [], [{}]),
      fc
        .oneof(fc.integer({ max: 0 }), fc.constantFrom('', 'a b', 'a@b', {}, [], true))
        .chain((value) =>
          fc.constantFrom({ run_id: value }, { execution: value }, { counts: { deleted: value } }),
        ),
    );
    await fc.assert(
      fc.asyncProperty(noEvent, async (event) => {
        await expect(handler(event, longEnough())).rejects.toMatchObject({ code: 'unreadable_event' });
      }),
      { numRuns: 30 },
    );
  });

  it('writes neither personal data nor a token into its log', async () => {
    await using handlers = await handlerWorld({ generate: 300, seed: 7 });
    const handler = await coldStart(handlers);
    const answer = await handler({}, longEnough());
    expect(answer.counts.deleted).toBeGreaterThan(0);
    const logged = output.take() + JSON.stringify(answer);
    expect(logged).toContain('sweep_slice');
    expect(logged).not.toContain(personalMarker);
    expect(logged).not.toContain('made-up-token');
  });
});
