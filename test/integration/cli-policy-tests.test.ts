import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPolicyFile } from '#handlers/policy-file.ts';
import { readDeployment } from '#infra/deployment.ts';
import { openDesk } from '#support/cli.ts';
import { oldConversations, openScene, twoYearsPolicy } from '#support/cli-scene.ts';

const facts = '{ state: closed, created: 2022-01-01, last_activity: 2024-06-15 }';
const withTest = (expected: string): string =>
  `${twoYearsPolicy}tests:\n  - name: silent\n    at: 2026-06-15\n    facts: ${facts}\n    expect: ${expected}\n`;
const failing = withTest('keep');

// Every command is a process of its own.
describe('retention, of the tests in a policy', { timeout: 120_000 }, () => {
  it('runs them in policy check, with neither token nor network', async () => {
    await using desk = await openDesk({ HTTPS_PROXY: 'http://127.0.0.1:9' });
    await desk.write('retention.yaml', withTest('delete'));
    const { code, stdout } = await desk.retention('policy', 'check', '--json');
    expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, valid: true, tests: 1 });
    expect((await desk.retention('policy', 'check')).stderr).toContain('It passes its 1 test.');
  });

  it('prints of each that fails what docs/policy.md shows', async () => {
    const page = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8');
    const [, section = ''] = page.split('\n## Tests\n');
    const [, policy = ''] = /```yaml\n([\s\S]*?)```/.exec(section) ?? [];
    const [, output = ''] = /```text\n([\s\S]*?)```/.exec(section) ?? [];
    await using desk = await openDesk({ NO_COLOR: '1' });
    await desk.write('retention.yaml', policy);
    expect((await desk.retention('policy', 'check')).code).toBe(0);
    await desk.write('retention.yaml', policy.replace('2024-06-16', '2024-06-15'));
    const { code, stderr } = await desk.retention('policy', 'check');
    expect({ code, stderr }).toEqual({ code: 2, stderr: output });
  });

  it('gives the explanation to a script, too', async () => {
    await using desk = await openDesk();
    await desk.write('retention.yaml', failing);
    const { code, stdout } = await desk.retention('policy', 'check', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error).toMatchObject({
      code: 'policy_tests_failed',
      problems: [
        {
          line: 14,
          column: 13,
          path: 'tests[0].expect',
          explanation: { verdict: { kind: 'delete', ruleId: 'old' }, rules: [{ matches: 'true' }] },
        },
      ],
    });
  });

  it('plans, runs and approves nothing by a policy that fails one, and still pauses, holds and shows', async () => {
    await using scene = await openScene({ policy: withTest('delete'), conversations: oldConversations(2) });
    const plan = await scene.json('plan');
    await scene.desk.write('retention.yaml', failing);
    const refusing = [
      ['plan'],
      ['run'],
      ['apply', 'latest'],
      ['approve', 'latest', '--yes'],
      ['erase', '--contact', '1', '--retain-metrics', 'true', '--reason', 'asked for'],
    ];
    for (const args of refusing) {
      const { code, document } = await scene.json(...args);
      expect({ args, code, document }).toMatchObject({
        code: 2,
        document: { error: { code: 'policy_tests_failed' } },
      });
    }
    expect(scene.simulator.stats().writeCalls).toBe(0);
    for (const args of [
      ['pause', '--reason', 'x'],
      ['plan', 'show', 'latest'],
      ['hold', 'list'],
      ['policy', 'explain', '1'],
    ]) {
      expect({ args, code: (await scene.retention(...args)).code }).toEqual({ args, code: 0 });
    }
    await scene.desk.write('retention.yaml', withTest('{ delete: { rule: old } }'));
    expect(await scene.json('plan')).toMatchObject({
      code: 0,
      document: { policy_hash: (plan.document as { policy_hash: string }).policy_hash },
    });
  });

  it('neither deploys nor runs a policy in the cloud that fails one', async () => {
    await using desk = await openDesk();
    await desk.write('retention.yaml', failing);
    const path = join(desk.folder, 'retention.yaml');
    expect(() => readPolicyFile(path)).toThrow('The test "silent" fails');
    const context = { stage: 'test', stages: { test: { policyFile: path } } };
    const tryGetContext = (name: string): unknown =>
      new Map<string, unknown>(Object.entries(context)).get(name);
    expect(() => readDeployment({ tryGetContext }, desk.folder)).toThrow(
      /cannot be deployed.*:14:13 The test "silent" fails/,
    );
  });

  it('writes a first policy whose tests pass', async () => {
    await using desk = await openDesk();
    await desk.retention('init', '--workspace', 'a86dr8yl');
    const { code, stdout } = await desk.retention('policy', 'check', '--json');
    expect({ code, tests: JSON.parse(stdout).tests }).toEqual({ code: 0, tests: 4 });
  });
});
