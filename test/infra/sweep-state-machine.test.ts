import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createRunState } from '#audit/run-state.ts';
import { brandId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import type { Simulator } from '#simulator/running-simulator.ts';
import { type Deployed, deploy } from '#support/deployed.ts';
import type { LambdaFunction } from '#support/runtime-api.ts';
import { workspace } from '#support/simulated-workspace.ts';
import { definitionOf, type Execution, execute } from '#support/state-machine.ts';
import { type Json, synthesizeTemplate } from '#support/template.ts';

const policy = (changes: string) => `
version: 1
workspace: simulated
approval: standing
limits: { per_run: 10000, per_day: 10000, share_of_workspace: 100%, failures: 100% }
protect: { minimum_age: 0d }
rules:
  - id: old
    description: Closed for a year.
    legal_basis: A test
    when: { state: closed, last_activity: { older_than: 1y } }
    retain_metrics: true
${changes}
`;

/** More than are in flight at once and those that a slice comes to before it stops. */
const doomed = 100;
/** A slice ends a minute before its time-out, so this is how long one works. */
const sliceTimeoutMs = 60_000 + 1000;

interface Scene {
  readonly simulator: Simulator;
  readonly deployed: Deployed;
  readonly definition: Json;
  readonly mails: Json[];
  readonly sweep: LambdaFunction;
  /** One execution, started as the schedule does; `slice` stands between the state machine and the function. */
  run(name: string, slice?: (input: Json) => Promise<Json>): Promise<Execution>;
  /** One execution that is started with this. */
  start(name: string, input: Json): Promise<Execution>;
  /** Does something when that many conversations are deleted, before Intercom says so. */
  atDeletion(count: number, act: () => void): void;
  /** What started the run whose deletions are recorded, each word once. */
  triggers(): Promise<ReadonlySet<string>>;
  invoke(input: Json): Promise<Json>;
  /** Conversations by how many outcomes of each kind they have. */
  outcomes(): Promise<readonly string[]>;
}

async function inScene(policyText: string, work: (scene: Scene) => Promise<void>): Promise<void> {
  const atDeletions = new Map<number, () => void>();
  await using simulator = await workspace({
    clock: Date.now,
    rateLimit: { perMinute: 3_000 }, // some seconds for them all, and so some slices
    hooks: {
      afterEffect({ endpoint }) {
        if (endpoint === 'delete') atDeletions.get(simulator.deletions().length)?.();
      },
    },
    conversations: Array.from({ length: doomed }, () => ({ updatedDaysAgo: 400 })),
    faults: [{ kind: 'slow', on: ['delete'], delayMs: 150 }],
  });
  const template = synthesizeTemplate({ intercomBaseUrl: simulator.url });
  await using deployed = await deploy({ template, policyText, workspaceId: 'simulated' });
  const sweep = await deployed.start('SweepSlice', 'sweep');
  const definition = definitionOf(template, 'Sweep');
  const mails: Json[] = [];
  const tell = async (input: Json): Promise<Json> => {
    mails.push(input);
    return {};
  };
  const invoke = (input: Json): Promise<Json> => sweep.invoke(input, { timeoutMs: sliceTimeoutMs });
  const audit = createAuditTrail(deployed.store.client, deployed.store.tables.audit, {
    now: () => instantFromMs(Date.now()),
    sleep: () => Promise.resolve(),
  });
  const start = (name: string, input: Json, slice = invoke) =>
    execute(definition, {
      name,
      input,
      tasks: {
        Sweep: slice,
        'Tell: a sweep ended': tell,
        'Tell: a sweep was refused': tell,
        'Tell: a sweep stopped early': tell,
      },
    });
  const outcomes = () => Array.fromAsync(audit.queryOutcomes(brandId('simulated'), {}));
  await work({
    simulator,
    deployed,
    definition,
    mails,
    sweep,
    invoke,
    start,
    atDeletion: (count, act) => void atDeletions.set(count, act),
    run: (name, slice) => start(name, {}, slice),
    triggers: async () => new Set((await outcomes()).map(({ outcome }) => outcome.trigger)),
    outcomes: async () =>
      (await outcomes()).map(({ outcome }) => `${outcome.conversationId} ${outcome.outcome}`),
  });
}

/** One outcome for each conversation, and all of them true. */
async function expectEachDeletedOnce({ simulator, outcomes }: Scene): Promise<void> {
  const deletions = simulator.deletions().map(({ id }) => `${id} deleted`);
  expect(deletions).toHaveLength(doomed);
  expect((await outcomes()).toSorted()).toEqual(deletions.toSorted());
}

const deleting = policy('mode: delete');

/** Makes a plan that waits, and approves the policy as `retention approve` does. */
async function approve({ deployed, sweep }: Scene): Promise<void> {
  // In one slice, however slow the machine is.
  const refused = await sweep.invoke({ execution: 'before' }, { timeoutMs: 120_000 });
  expect(refused).toMatchObject({ done: true, stop_reason: 'refused' });
  const state = createRunState(deployed.store.client, deployed.store.tables.state);
  const [plan] = await Array.fromAsync(state.plans(brandId('simulated')));
  await state.writeApproval({
    workspaceId: brandId('simulated'),
    planId: plan!.planId,
    policyHash: plan!.policyHash,
    covers: 'policy',
    approvedBy: 'test',
    approvedAt: instantFromMs(Date.now()),
  });
}

describe('the state machine of the sweep, with bundled slices', { timeout: 120_000 }, () => {
  it('sweeps in several slices, deletes each conversation once, and tells how it ended', () =>
    inScene(deleting, async (scene) => {
      await approve(scene);
      const { status, states, output } = await scene.run('nightly');
      expect(status).toBe('SUCCEEDED');
      expect(states.filter((state) => state === 'Sweep').length).toBeGreaterThan(1);
      expect(states.at(-1)).toBe('Finished');
      expect(output).toMatchObject({
        counts: { deleted: doomed },
        stop_reason: 'done',
        execution: 'nightly',
      });
      expect(scene.mails).toHaveLength(1);
      expect(scene.mails[0].Message).toContain(`${doomed} were deleted`);
      await expectEachDeletedOnce(scene);
    }));

  it('records who started it, in every slice and in the plan, and is the schedule where nobody says', () =>
    inScene(deleting, async (scene) => {
      await approve(scene);
      const { status, states, output } = await scene.start('by-hand', {
        trigger: 'manual',
        comment: 'after a fix',
      });
      expect(status).toBe('SUCCEEDED');
      expect(states.filter((state) => state === 'Sweep').length).toBeGreaterThan(1);
      expect(output).toMatchObject({ trigger: 'manual', counts: { deleted: doomed } });
      expect(await scene.triggers()).toEqual(new Set(['manual']));

      const nightly = await scene.run('nightly');
      expect(nightly).toMatchObject({ status: 'SUCCEEDED', output: { trigger: 'schedule' } });
      await scene.start('again', { trigger: 'manual' });
      const state = createRunState(scene.deployed.store.client, scene.deployed.store.tables.state);
      const plans = await Array.fromAsync(state.plans(brandId('simulated')));
      expect(plans.map(({ trigger }) => trigger)).toEqual(['manual', 'schedule', 'schedule']);
    }));

  it.each([
    { trigger: 'somebody' },
    { trigger: 'webhook' },
    { trigger: null },
    { trigger: ['manual'] },
    'manual',
    [],
  ])('fails at once over an input that says %j, and deletes nothing', (input) =>
    inScene(deleting, async (scene) => {
      await approve(scene);
      const { status, states } = await scene.start('mistaken', input);
      expect(status).toBe('FAILED');
      expect(states).toEqual(['Begin', 'Sweep']);
      expect(scene.simulator.deletions()).toEqual([]);
    }),
  );

  it('goes on after a slice that was killed, with a new one of the same execution', () =>
    inScene(deleting, async (scene) => {
      await approve(scene);
      scene.atDeletion(6, () => scene.sweep.kill());
      const { status, states } = await scene.run('killed');
      expect(status).toBe('SUCCEEDED');
      expect(states.at(-1)).toBe('Finished');
      expect(scene.sweep.coldStarts).toBe(2);
      expect(scene.simulator.deletions()).toHaveLength(doomed);
      const ids = (await scene.outcomes()).map((outcome) => outcome.split(' ')[0]);
      expect(new Set(ids).size).toBe(doomed);
      expect(ids).toHaveLength(doomed);
    }));

  it('repeats a slice that fails with the store in the midst of its deletions, and deletes each conversation once', () =>
    inScene(deleting, async (scene) => {
      await approve(scene);
      const { simulator, deployed } = scene;
      deployed.isStoreDown = () => simulator.deletions().length > 5;
      const errors: string[] = [];
      const { status, states, output } = await scene.run('interrupted', async (input) => {
        try {
          return await scene.invoke(input);
        } catch (error) {
          errors.push((error as Error).name);
          expect(simulator.deletions().length).toBeLessThan(doomed);
          deployed.isStoreDown = () => false;
          throw error;
        }
      });
      expect(errors).toEqual(['StoreError']);
      expect({ status, end: states.at(-1) }).toEqual({ status: 'SUCCEEDED', end: 'Finished' });
      expect(scene.sweep.coldStarts).toBe(1);

      expect(simulator.stats().byPath['DELETE /conversations/{id}']).toBe(doomed);
      const ids = simulator.deletions().map(({ id }) => id);
      expect(new Set(ids).size).toBe(doomed);
      const outcomes = await scene.outcomes();
      expect(outcomes.map((outcome) => outcome.split(' ')[0]).toSorted()).toEqual(ids.toSorted());
      const { deleted, unresolved } = output.counts;
      expect(unresolved).toBeGreaterThan(0); // of which only Intercom's list can tell
      expect(deleted + unresolved).toBe(doomed);
    }));

  it('gives the same answer for a slice that is repeated after its answer was lost', () =>
    inScene(deleting, async (scene) => {
      await approve(scene);
      const answers: Json[] = [];
      const { status } = await scene.run('repeated', async (input) => {
        await scene.invoke(input);
        const again = await scene.invoke(input);
        answers.push(again);
        return again;
      });
      expect(status).toBe('SUCCEEDED');
      expect(answers.at(-1)).toMatchObject({ done: true, counts: { deleted: doomed } });
      await expectEachDeletedOnce(scene);
    }));

  it('holds off an overlapping execution, which ends in peace and deletes nothing', () =>
    inScene(deleting, async (scene) => {
      await approve(scene);
      const other = await scene.deployed.start('SweepSlice', 'sweep');
      const underWay = Promise.withResolvers<void>();
      scene.atDeletion(1, underWay.resolve);
      const first = scene.run('first');
      await underWay.promise;
      const second = await scene.run(
        'second',
        (input) => other.invoke(input, { timeoutMs: sliceTimeoutMs }) as Json,
      );
      expect(second).toMatchObject({ status: 'SUCCEEDED' });
      expect(second.states.at(-1)).toBe('Held off');
      expect((await first).states.at(-1)).toBe('Finished');
      await expectEachDeletedOnce(scene);
    }));

  it('ends a sweep whose plan waits for approval as refused, and tells why', () =>
    inScene(deleting, async (scene) => {
      const { status, states } = await scene.run('waiting');
      expect(status).toBe('SUCCEEDED');
      expect(states).toEqual([
        'Begin',
        'Sweep',
        'Is it over?',
        'How did it end?',
        'Tell: a sweep was refused',
        'Refused',
      ]);
      expect(scene.simulator.deletions()).toEqual([]);
      const { Subject: subject, Message: message } = scene.mails[0];
      expect(subject).toBe('Intercom retention (test): a sweep was refused');
      expect(message).toMatch(
        /^The gate did not let this sweep delete\. Deleted by its run before that: 0\.\n\n/,
      );
      expect(message).toContain(
        '\n- approval: standing asks for an approval and there is none; look at the plan and approve it with "retention approve".\n',
      );
      expect(message).not.toMatch(/[{}]|not_approved/);
    }));

  it('tells each of several reasons in a sentence of its own', () =>
    inScene(
      policy('mode: observe').replace('share_of_workspace: 100%', 'share_of_workspace: 50%'),
      async (scene) => {
        const { status, output } = await scene.run('watching');
        expect({ status, stopReason: output.stop_reason }).toEqual({
          status: 'SUCCEEDED',
          stopReason: 'refused',
        });
        const sentences: string[] = scene.mails[0].Message.split('\n').filter((line: string) =>
          line.startsWith('- '),
        );
        expect(sentences).toHaveLength(3);
        expect(sentences.map((sentence) => sentence.slice(2, sentence.indexOf(':')))).toEqual([
          'mode',
          'approval',
          'limits.share_of_workspace',
        ]);
        expect(sentences[2]).toContain('would delete 100 conversations');
        for (const sentence of sentences) expect(sentence).toMatch(/\.$/);
      },
    ));

  it('ends a sweep that its error budget stops as failed, with a mail that says how far it came', () =>
    inScene(deleting.replace('failures: 100%', 'failures: 2%'), async (scene) => {
      await approve(scene);
      scene.simulator.set({ faults: [{ kind: 'error_after', on: ['delete'] }] });
      const { status, error, states, output: runId } = await scene.run('failing');
      expect({ status, error }).toEqual({ status: 'FAILED', error: 'failures' });
      expect(states.slice(-4)).toEqual([
        'Is it over?',
        'How did it end?',
        'Tell: a sweep stopped early',
        'Stopped',
      ]);
      const gone = scene.simulator.deletions().length;
      expect(gone).toBeLessThan(doomed);
      expect(scene.mails).toHaveLength(1);
      const { Subject: subject, Message: message } = scene.mails[0];
      expect(subject).toBe('Intercom retention (test): a sweep stopped early');
      expect(message).toMatch(
        new RegExp(
          `^A sweep stopped before its end \\(failures\\)\\. Of ${doomed} conversations that it was to delete, 0 were deleted, 0 were gone already, ${gone} are unresolved, 0 failed and `,
        ),
      );
      expect(message).toContain(
        `\n\nRun: ${runId}\nWhat to do is in docs/operations.md, under "A sweep failed".`,
      );
      expect(message).not.toMatch(/[{}]/);
    }));

  it('fails at once, and loudly, over what no repetition mends', () =>
    inScene(policy('mode: delete').replace('workspace: simulated', 'workspace: elsewhere'), async (scene) => {
      const { status, error, states } = await scene.run('misconfigured');
      expect({ status, error }).toEqual({ status: 'FAILED', error: 'ConfigurationError' });
      expect(states).toEqual(['Begin', 'Sweep']);
      expect(scene.sweep.coldStarts).toBe(1);
    }));
});

describe('every definition', { timeout: 120_000 }, () => {
  it('satisfies the validator of the States Language', () => {
    const template = synthesizeTemplate();
    const folder = mkdtempSync(join(tmpdir(), 'retention-asl-'));
    for (const idStart of ['Sweep', 'Reconciliation', 'Sealing']) {
      const file = join(folder, `${idStart}.asl.json`);
      writeFileSync(file, JSON.stringify(definitionOf(template, idStart)));
      const validator = join(import.meta.dirname, '../../node_modules/.bin/asl-validator');
      const { status, stdout, stderr } = spawnSync(validator, ['--json-path', file], { encoding: 'utf8' });
      expect(stdout + stderr).not.toContain('✗');
      expect(status).toBe(0);
    }
  });
});
