import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { contactId } from '#simulator/personal-data.ts';
import { type CliScene, oldConversations, openScene, twoYearsPolicy } from '#support/cli-scene.ts';
import type { ConversationInDays } from '#support/simulated-workspace.ts';

const oneYearPolicy = twoYearsPolicy
  .replace('older_than: 2y', 'older_than: 1y')
  .replace('retain_metrics: true', 'retain_metrics: false');
const oneYearOld: readonly ConversationInDays[] = [{ updatedDaysAgo: 500 }, { updatedDaysAgo: 600 }];
const young: ConversationInDays = { updatedDaysAgo: 100 };

/** Three that both delete (1 to 3), two that only the new policy deletes (4, 5), one that both keep. */
async function openDiffScene(env: Readonly<Record<string, string>> = {}): Promise<CliScene> {
  const scene = await openScene({
    policy: twoYearsPolicy,
    conversations: [...oldConversations(3), ...oneYearOld, young],
    env,
  });
  await scene.desk.write('new.yaml', oneYearPolicy);
  await scene.desk.write('bad.yaml', twoYearsPolicy.replace('version: 1', 'version: 2'));
  return scene;
}

const diff = ['policy', 'diff', 'retention.yaml', 'new.yaml'] as const;

// Every command is a process of its own.
describe('retention policy diff', { timeout: 120_000 }, () => {
  it('says what would newly go, what stays, and what changes for the rest, and sends and stores nothing', async () => {
    await using scene = await openDiffScene();
    const { code, document } = await scene.json(...diff);
    expect(code).toBe(0);
    expect(document).toMatchObject({
      headline: 'This change would delete 2 more conversations and spare none.',
      old: { path: 'retention.yaml', mode: 'delete', failed_tests: 0 },
      new: { path: 'new.yaml' },
      workspace_id: 'simulated',
      on: 'schedule',
      source: { kind: 'workspace', workspace_total: 6, holds: 0 },
      totals: {
        deleted_by_old: 3,
        deleted_by_new: 5,
        newly_caught: 2,
        newly_spared: 0,
        changed: 3,
        unchanged: 0,
        metrics_newly_removed: 3,
        metrics_newly_retained: 0,
        undecided: 0,
      },
      by_rule: [{ rule_id: 'old', deleted_by_old: 3, deleted_by_new: 5 }],
      transitions: [
        {
          old: { verdict: 'delete', rule_id: 'old', retain_metrics: true },
          new: { verdict: 'delete', rule_id: 'old', retain_metrics: false },
          count: 3,
        },
        { old: { verdict: 'keep', reason: 'no_rule_matched' }, new: { verdict: 'delete' }, count: 2 },
      ],
      changes: [{ path: 'rules.old.when' }, { path: 'rules.old.retain_metrics', old: 'true', new: 'false' }],
      warnings: [
        '3 conversations that both delete would vanish from reports, too (retain_metrics: false).',
        '2 conversations of the newly caught would vanish from reports, too (retain_metrics: false).',
        'rules.old.retain_metrics: What it deletes vanishes from reports, too.',
      ],
    });
    const { samples } = document as { samples: Record<string, { conversation_id: string; facts: object }[]> };
    expect(samples['newly_caught']?.map(({ conversation_id }) => conversation_id).sort()).toEqual(['4', '5']);
    expect(samples['newly_caught']?.[0]?.facts).toMatchObject({ state: 'closed', has_ticket: false });
    expect(scene.simulator.stats().writeCalls).toBe(0);
    expect(await scene.retention('plan', 'list', '--json')).toMatchObject({ code: 0, stdout: '' });
  });

  it('leaves with both what is under a legal hold', async () => {
    await using scene = await openDiffScene();
    await scene.retention(
      'hold',
      'add',
      '--conversation',
      '4',
      '--matter',
      'M',
      '--owner',
      'legal',
      '--reason',
      'x',
    );
    const { document } = await scene.json(...diff);
    expect(document).toMatchObject({ source: { holds: 1 }, totals: { newly_caught: 1, changed: 3 } });
  });

  it('writes a comment for a pull request, also of a policy from standard input', async () => {
    await using scene = await openDiffScene();
    const { code, stdout } = await scene.retention(...diff, '--markdown', '--sample', '1');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^## This change would delete 2 more conversations and spare none\n\n> \[!WARNING\]\n> - 3 conv/,
    );
    expect(stdout).toContain('| `old` | 3 | 5 |');
    expect(stdout).toMatch(
      /<details>\n<summary>Newly caught: 1 of 2<\/summary>\n\n\| conversation \|.*\n.*\n\| [45] \| keep: no rule/,
    );
    expect(stdout).toContain('| `rules.old.retain_metrics` | `true` | `false` |');
    const piped = await withInput(scene, twoYearsPolicy, ['policy', 'diff', '-', 'new.yaml', '--markdown']);
    expect(piped.replaceAll('standard input', 'retention.yaml').split('\nJudged')[0]).toBe(
      (await scene.retention(...diff, '--markdown')).stdout.split('\nJudged')[0],
    );
  });

  it('says the same to a person, in words', async () => {
    await using scene = await openDiffScene();
    const { code, stderr, stdout } = await scene.retention(...diff);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^This change would delete 2 more conversations and spare none\.\n/);
    expect(stderr).toMatch(/all rules +3 +5\n/);
    expect(stderr).toContain('keep: no rule matches        delete by old, metrics removed              2');
  });

  it('finds no difference between a policy and itself, whatever its comments', async () => {
    await using scene = await openDiffScene();
    await scene.desk.write('new.yaml', `# a comment\n${twoYearsPolicy}`);
    expect(await scene.json(...diff)).toMatchObject({
      code: 0,
      document: {
        headline: 'This change would delete the same conversations as before.',
        totals: { newly_caught: 0, newly_spared: 0, changed: 0, unchanged: 3 },
        changes: [],
        warnings: [],
      },
    });
  });

  it('compares a policy that fails its own tests, and says that it would be refused', async () => {
    await using scene = await openDiffScene();
    const facts = '{ state: open, created: 2022-01-01, last_activity: 2022-01-01 }';
    const test = `tests: [{ name: a, at: 2026-06-15, facts: ${facts}, expect: delete }]\n`;
    await scene.desk.write('new.yaml', `${oneYearPolicy}${test}`);
    const { code, document } = await scene.json(...diff);
    expect(code).toBe(0);
    expect((document as { warnings: string[] }).warnings[0]).toBe(
      'The new policy fails 1 test of its own, and is refused until it passes.',
    );
  });

  it('judges the rules on another trigger when it is asked to, and says what it leaves out', async () => {
    await using scene = await openDiffScene();
    const erase = `  - { id: erase, on: contact.deleted, when: { state: closed }, despite: [minimum_age], retain_metrics: true }\n`;
    await scene.desk.write('new.yaml', `${twoYearsPolicy}${erase}`);
    const { document } = await scene.json(...diff);
    expect(document).toMatchObject({ totals: { newly_caught: 0, unchanged: 3 } });
    expect((document as { notes: string[] }).notes).toContain(
      'The change bears on the rule erase, which is not judged here, since it is on contact.deleted; see --on.',
    );
    const onEvent = await scene.json(...diff, '--on', 'contact.deleted');
    expect(onEvent).toMatchObject({
      code: 0,
      document: { on: 'contact.deleted', totals: { newly_caught: 6, unchanged: 0 } },
    });
    expect(JSON.stringify(onEvent.document)).not.toContain('not judged here');
  });

  it('warns of what the new limits would stop', async () => {
    await using scene = await openDiffScene();
    await scene.desk.write('new.yaml', oneYearPolicy.replace('limits: {', 'limits: { per_run: 4,'));
    const { document } = await scene.json(...diff);
    expect((document as { warnings: string[] }).warnings).toContain(
      'limits.per_run: a run would exceed it, with 5 where there may be 4.',
    );
  });

  it('compares on a stored plan with no token and no call to Intercom, and decides what follows from it', async () => {
    await using scene = await openDiffScene();
    await scene.retention('plan');
    const callsBefore = scene.simulator.stats().calls;
    await scene.desk.write('.env', 'INTERCOM_BASE_URL=http://127.0.0.1:9\n');
    await scene.desk.write(
      'new.yaml',
      twoYearsPolicy
        .replace('rules:', 'protect: { teams: [Legal], minimum_age: 3y }\nrules:')
        .replace('state: closed', 'state: closed, channel: email'),
    );
    const { code, document } = await scene.json(...diff, '--plan', 'latest');
    expect({ code, document }).toMatchObject({
      code: 0,
      document: {
        headline:
          'Of the 3 conversations of a plan (and of nothing beyond it), this change would spare 3 conversations and delete no more.',
        source: { kind: 'plan', conversations: 3 },
        transitions: [{ new: { verdict: 'keep', reason: 'not_told' }, count: 3 }],
      },
    });
    await scene.desk.write(
      'new.yaml',
      twoYearsPolicy.replace('state: closed', 'state: closed, channel: email'),
    );
    expect(await scene.json(...diff, '--plan', 'latest')).toMatchObject({
      document: {
        headline:
          'Of the 3 conversations of a plan (and of nothing beyond it), this change would delete 0 as before; 3 cannot be decided.',
        totals: { undecided: 3, deleted_by_old: 3, deleted_by_new: 0 },
        transitions: [
          { old: { verdict: 'delete', rule_id: 'old' }, new: { verdict: 'undecided' }, count: 3 },
        ],
        undecided: [{ policy: 'new', rule_id: 'old', conversations: 3, needs: ['channel'] }],
      },
    });
    const markdown = await scene.retention(...diff, '--plan', 'latest', '--markdown');
    expect(markdown.stdout).toContain('- new policy, rule old: 3, for want of channel');
    expect(markdown.stdout).toContain(
      'The old policy made the plan. What the new one would delete beyond it cannot be told',
    );
    expect(scene.simulator.stats().calls).toBe(callsBefore);
  });

  it.each([
    {
      what: 'two workspaces',
      newPolicy: oneYearPolicy.replace('workspace: simulated', 'workspace: another'),
      error: 'other_workspace',
      says: /retention\.yaml is written for the workspace simulated and new\.yaml for another; compare two/,
    },
    {
      what: 'a policy with problems',
      newPolicy: oneYearPolicy.replace('version: 1', 'version: 2'),
      error: 'policy_invalid',
      says: /new\.yaml:1:10 version: Expected 1/,
    },
    {
      what: 'two policies with problems',
      args: ['bad.yaml', 'bad.yaml'],
      error: 'policy_invalid',
      says: /^The policy has 1 problem to correct:\nbad\.yaml:.*\nThe policy has 1 problem to correct:\nbad\.yaml:/,
    },
    {
      what: 'a file that is not there',
      args: ['retention.yaml', 'no.yaml'],
      error: 'usage',
      says: /no policy at no\.yaml/,
    },
    { what: 'one policy', args: ['retention.yaml'], error: 'usage', says: /missing required argument 'new'/ },
    {
      what: 'standard input twice',
      args: ['-', '-'],
      error: 'usage',
      says: /Only one of the two policies can come from/,
    },
    { what: 'two forms', flags: ['--markdown'], error: 'usage', says: /--markdown and --json are two forms/ },
    {
      what: 'too many samples',
      flags: ['--sample', '1001'],
      error: 'usage',
      says: /whole number from 0 to 1000/,
    },
    {
      what: 'a trigger with a plan',
      flags: ['--plan', 'latest', '--on', 'schedule'],
      error: 'usage',
      says: /leave --on or --plan out/,
    },
    {
      what: 'a plan that is not there',
      flags: ['--plan', 'latest'],
      error: 'usage',
      says: /There is no plan yet/,
    },
    {
      what: 'no token',
      env: { INTERCOM_ACCESS_TOKEN: '' },
      error: 'settings_invalid',
      says: /INTERCOM_ACCESS_TOKEN is not set/,
    },
  ])(
    'refuses $what with code 2 and a sentence',
    async ({ newPolicy, args, flags = [], env = {}, error, says }) => {
      await using scene = await openDiffScene(env);
      if (newPolicy !== undefined) await scene.desk.write('new.yaml', newPolicy);
      const given = ['policy', 'diff', ...(args ?? ['retention.yaml', 'new.yaml']), ...flags, '--json'];
      const { code, stdout, stderr } = await scene.retention(...given);
      expect(stderr).toMatch(says);
      expect(stderr).not.toContain('    at ');
      expect({ code, error: JSON.parse(stdout).error.code }).toEqual({ code: 2, error });
    },
  );

  it('refuses the plan of an erasure', async () => {
    await using scene = await openScene({
      policy: twoYearsPolicy,
      conversations: [{ contacts: [7], updatedDaysAgo: 1000 }],
    });
    await scene.desk.write('new.yaml', oneYearPolicy);
    const because = ['--retain-metrics', 'true', '--reason', 'asked for', '--by', 'privacy-officer'];
    await scene.retention('erase', '--contact', contactId(7), ...because);
    const { code, stderr } = await scene.retention(...diff, '--plan', 'latest');
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /is not one of all rules, but for one contact; name a plan that "retention plan" has made/,
    );
  });
});

/** Runs the command with something to read on its standard input, and gives what it writes. */
function withInput({ desk, simulator }: CliScene, input: string, args: readonly string[]): Promise<string> {
  const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, ...args], {
    cwd: desk.folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      INTERCOM_BASE_URL: simulator.url,
      INTERCOM_ACCESS_TOKEN: 'made-up-token',
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.stdin.end(input);
  return text(child.stdout);
}
