import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CliResult } from '#support/cli.ts';
import { type CliScene, oldConversations, openScene, twoYearsPolicy } from '#support/cli-scene.ts';
import { startTestStore } from '#support/dynamodb.ts';

/** A chunk and a bit, and more than a pipe takes at once. */
const count = 200;

/** A moment in a run at which the simulator holds every DELETE back until the test lets go. */
function holdAtDeletion(number: number) {
  let deletions = 0;
  let reach: (() => void) | undefined;
  let letGo: (() => void) | undefined;
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const released = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return {
    reached,
    letGo: () => letGo?.(),
    hooks: {
      async beforeEffect({ method }: { readonly method: string }) {
        if (method !== 'DELETE') return;
        deletions += 1;
        if (deletions < number) return;
        reach?.();
        await released;
      },
    },
  };
}

async function approvedScene(hooks: ReturnType<typeof holdAtDeletion>['hooks'], env = {}): Promise<CliScene> {
  const scene = await openScene({
    policy: twoYearsPolicy.replace('failures: 100%', 'failures: 100%, per_run: 1000'),
    conversations: oldConversations(count),
    hooks,
    env,
  });
  await scene.retention('plan');
  expect((await scene.retention('approve', 'latest', '--yes')).code).toBe(0);
  return scene;
}

const documentOf = ({ stdout }: CliResult) => JSON.parse(stdout);

async function outcomesOf({
  retention,
}: CliScene): Promise<readonly { conversation_id: string; outcome: string }[]> {
  const { stdout } = await retention('audit', 'query');
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

// Every command is a process of its own.
describe('retention run', { timeout: 120_000 }, () => {
  it('stops at Ctrl-C after the calls in flight, says how to go on, and goes on to one outcome for each', async () => {
    const moment = holdAtDeletion(100);
    await using scene = await approvedScene(moment.hooks);
    const run = scene.desk.start('run', '--json');
    await moment.reached;
    run.child.kill('SIGINT');
    await once(run.child.stderr!, 'data');
    moment.letGo();
    const stopped = await run.ended;

    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toContain('Stopping after the calls in flight, with the state saved.');
    expect(stopped.stderr).toContain('"retention run" goes on where it stopped.');
    const deleted = scene.simulator.deletions().length;
    expect(deleted).toBeGreaterThanOrEqual(99);
    expect(deleted).toBeLessThan(count);
    expect(documentOf(stopped)).toMatchObject({ stop_reason: 'interrupted', counts: { deleted } });

    const next = await scene.retention('run', '--json');
    expect(next.code).toBe(0);
    expect(documentOf(next)).toMatchObject({
      run_id: documentOf(stopped).run_id,
      stop_reason: 'done',
      counts: { deleted: count },
      gate: { allowed: true, refusals: [] },
    });
    const outcomes = await outcomesOf(scene);
    expect(new Set(outcomes.map(({ conversation_id: id }) => id)).size).toBe(count);
    expect(outcomes.filter(({ outcome }) => outcome === 'deleted')).toHaveLength(count);
  });

  it('ends at once at a second Ctrl-C, and the next run settles what is left', async () => {
    const moment = holdAtDeletion(10);
    await using scene = await approvedScene(moment.hooks);
    const run = scene.desk.start('run');
    await moment.reached;
    run.child.kill('SIGINT');
    await once(run.child.stderr!, 'data');
    run.child.kill('SIGINT');
    expect((await run.ended).code).toBe(130);
    moment.letGo();

    const next = await scene.retention('run', '--json');
    expect(documentOf(next).stop_reason).toBe('done');
    const outcomes = await outcomesOf(scene);
    expect(new Set(outcomes.map(({ conversation_id: id }) => id)).size).toBe(count);
    expect(outcomes).toHaveLength(count);
    expect(scene.simulator.size()).toBe(0);
  });

  it('refuses a second sweep of the workspace while the first is under way, and says whose it is', async () => {
    const moment = holdAtDeletion(10);
    await using scene = await approvedScene(moment.hooks);
    const first = scene.desk.start('run', '--json');
    await moment.reached;
    const second = await scene.retention('run', '--json');
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(
      new RegExp(`Another sweep of the workspace simulated is under way \\(process ${first.child.pid} on `),
    );
    moment.letGo();
    expect((await first.ended).code).toBe(0);
    expect(scene.simulator.deletions()).toHaveLength(count);
  });

  it('takes over at once from a run that was killed', async () => {
    const moment = holdAtDeletion(10);
    await using scene = await approvedScene(moment.hooks);
    const first = scene.desk.start('run');
    await moment.reached;
    first.child.kill('SIGKILL');
    await first.ended;
    moment.letGo();
    const next = await scene.retention('run', '--json');
    expect(documentOf(next)).toMatchObject({ stop_reason: 'done' });
    expect((await outcomesOf(scene)).length).toBe(count);
  });

  it('deletes nothing more once the store is down, and loses nothing', async () => {
    const moment = holdAtDeletion(100);
    await using scene = await approvedScene(moment.hooks);
    const run = scene.desk.start('run', '--json');
    await moment.reached;
    const { pid } = JSON.parse(await readFile(join(scene.desk.folder, '.retention', 'store.json'), 'utf8'));
    process.kill(pid, 'SIGKILL');
    moment.letGo();
    const failed = await run.ended;
    expect(failed.code).toBe(1);
    expect(documentOf(failed)).toMatchObject({ error: { code: 'store' } });
    expect(failed.stderr).toMatch(/The store on this machine .* has stopped answering/);
    // Only the chunk whose intent is stored can have been at work.
    expect(scene.simulator.deletions().length).toBeLessThanOrEqual(150);

    const next = await scene.retention('run', '--json');
    expect(documentOf(next)).toMatchObject({ stop_reason: 'done' });
    const outcomes = await outcomesOf(scene);
    expect(outcomes).toHaveLength(count);
    expect(new Set(outcomes.map(({ conversation_id: id }) => id)).size).toBe(count);
    expect(scene.simulator.size()).toBe(0);
  });
});

describe('retention audit query', { timeout: 120_000 }, () => {
  it('ends in silence and success when its reader has seen enough', async () => {
    await using store = await startTestStore();
    await using scene = await approvedScene(holdAtDeletion(Number.POSITIVE_INFINITY).hooks, {
      ...store.env,
      RETENTION_STORE: 'dynamodb',
    });
    expect((await scene.retention('run')).code).toBe(0);
    const { child, ended } = scene.desk.start('audit', 'query', '--format', 'ndjson');
    const closed = once(child, 'close');
    let stderr = '';
    child.stderr!.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdout!.once('data', () => child.stdout!.destroy());
    await expect(ended).rejects.toThrow('Premature close');
    const [code] = await closed;
    expect([code, stderr]).toEqual([0, '']);
  });
});
