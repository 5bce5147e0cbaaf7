import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contactId } from '#simulator/personal-data.ts';
import type { CliResult } from '#support/cli.ts';
import { type CliScene, oldConversations, openScene, twoYearsPolicy } from '#support/cli-scene.ts';

/** Neither is where a command looks that is told nothing. */
const where = ['--policy', 'our policies/two years.yaml', '--data-dir', "the auditor's data"];

const policyText = twoYearsPolicy.replace('mode: delete', 'mode: delete\napproval: standing');

let scene: CliScene;
beforeEach(async () => {
  scene = await openScene({ policy: undefined, conversations: oldConversations(3) });
  await mkdir(join(scene.desk.folder, 'our policies'));
  await scene.desk.write('our policies/two years.yaml', policyText);
});
afterEach(() => scene[Symbol.asyncDispose]());

const there = (...args: readonly string[]) => scene.retention(...args, ...where);

/** The arguments of a command that was told, as a shell reads them. */
function told({ stderr }: CliResult, before: string, after: string): readonly string[] {
  const start = stderr.indexOf(`${before}retention `);
  expect({ start, stderr }).not.toMatchObject({ start: -1 });
  const line = stderr.slice(start + before.length, stderr.indexOf(after, start + before.length));
  const words = execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' }).split('\0');
  expect(words[0]).toBe('retention');
  return words.slice(1, -1);
}
const next = (result: CliResult) => told(result, 'Next: ', '\n');

// Every command is a process of its own.
describe('the command that is told to come next', { timeout: 60_000 }, () => {
  it('leads from a plan to its deletions, where the first one was told to look', async () => {
    const planned = await there('plan');
    const approve = next(planned);
    expect(approve.slice(0, 1)).toEqual(['approve']);
    const approved = await scene.retention(...approve, '--yes');
    expect(approved.code).toBe(0);
    const applied = await scene.retention(...next(approved), '--json');
    expect(applied.code).toBe(0);
    expect(JSON.parse(applied.stdout)).toMatchObject({ counts: { deleted: 3 } });
  });

  it('leads from a refused run to its approval, and from there to a plan that needs none', async () => {
    const refused = await there('run');
    expect(refused.code).toBe(3);
    expect((await scene.retention(...next(refused), '--yes')).code).toBe(0);
    const apply = next(await there('plan'));
    expect(apply.slice(0, 1)).toEqual(['apply']);
    expect((await scene.retention(...apply)).code).toBe(0);
    expect(scene.simulator.deletions()).toHaveLength(3);
  });

  it('leads to the conversations of a plan that the gate refuses for more', async () => {
    await scene.desk.write(
      'our policies/two years.yaml',
      twoYearsPolicy.replace('mode: delete', 'mode: observe'),
    );
    const planned = await there('plan');
    const shown = await scene.retention(...told(planned, 'look at all of it with "', '", and change'));
    expect(shown).toMatchObject({ code: 0 });
  });

  it('leads from a pause to its end', async () => {
    const resumed = await scene.retention(...next(await there('pause', '--reason', 'A test')));
    expect(resumed).toMatchObject({ code: 0, stderr: expect.stringContaining('switched on again') });
  });

  it('leads from a run that a pause refused to the same plan', async () => {
    await there('pause', '--reason', 'A test');
    const refused = await there('run');
    const shown = await scene.retention(...told(refused, 'look at all of it with "', '", and change'));
    expect(shown).toMatchObject({ code: 0 });
  });

  it('leads from an erasure without approval to both commands that carry it out', async () => {
    await using withContact = await openScene({
      policy: undefined,
      conversations: [{ updatedDaysAgo: 1, contacts: [7] }],
    });
    await withContact.desk.write('p.yaml', twoYearsPolicy);
    const erase = ['erase', '--contact', contactId(7), '--retain-metrics', 'true', '--reason', 'Request 1'];
    const refused = await withContact.retention(...erase, '--policy', 'p.yaml', '--data-dir', 'd d');
    expect(refused.code).toBe(3);
    expect((await withContact.retention(...told(refused, 'against it: "', '" and'), '--yes')).code).toBe(0);
    expect((await withContact.retention(...told(refused, '" and "', '".'))).code).toBe(0);
    expect(withContact.simulator.deletions()).toHaveLength(1);
  });

  it('leads from no plan to the making of one, and from another plan to the list', async () => {
    const plan = told(await there('plan', 'show', 'latest'), 'make one with "', '".');
    expect(plan).toEqual(['plan', ...where]);
    expect(told(await there('plan', 'list'), 'make one with "', '".')).toEqual(plan);
    expect((await scene.retention(...plan)).code).toBe(0);
    const list = told(await there('approve', 'not-there', '--yes'), '; "', '" shows');
    expect((await scene.retention(...list)).stderr).toContain('planned');
  });

  it('leads from a new policy to its check', async () => {
    const made = await scene.retention('init', '--workspace', 'simulated', '--policy', 'new policy.yaml');
    const checked = await scene.retention(...told(made, 'then ', '\n'));
    expect(checked.stderr).toContain('Rule "spam": the workspace has no tag'); // of the new policy
  });

  it('leads from a release of no hold to the list of those there are', async () => {
    const of = ['--conversation', '1', '--reason', 'A test', '--matter'];
    const released = await there('hold', 'release', ...of, 'Another');
    const list = told(released, '; "', '" shows');
    expect(list).toEqual(['hold', 'list', ...where]);
    expect((await scene.retention(...list)).code).toBe(0);
  });

  it('leads from a conversation that Intercom does not know to what is known of it', async () => {
    const explained = await there('policy', 'explain', '999');
    const status = told(explained, 'in this workspace; "', '" tells');
    expect(status).toEqual(['status', '999', ...where]);
    expect((await scene.retention(...status)).code).toBe(0);
  });
});
