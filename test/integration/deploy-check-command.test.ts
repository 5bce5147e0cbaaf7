import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDesk } from '#support/cli.ts';
import { type DeployCheckScene, openDeployCheckScene } from '#support/deploy-check-scene.ts';
import { deployedStack } from '#support/deployed-aws-state.ts';
import { topicArn } from '#support/stack-policies.ts';

let scene: DeployCheckScene;
beforeEach(async () => {
  scene = await openDeployCheckScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

// Every command is a process of its own.
describe('retention deploy-check', { timeout: 60_000 }, () => {
  const deployCheck = (...args: string[]) =>
    scene.desk.retention('deploy-check', '--stack', deployedStack, ...args);

  it('exits with 0 when all holds that can be known, a line for each', async () => {
    const { code, stderr } = await deployCheck();
    expect(code).toBe(0);
    expect(stderr).toContain('ok                    audit table         audit cannot be removed');
    expect(stderr).toContain('not checked           delete permission   Deleting cannot be tried');
    expect(stderr).toMatch(/\n21 ok, 1 not checked\.\n$/);
  });

  it('exits with 1 when something is missing or cannot be checked, with the same as a document', async () => {
    scene.aws.subscriptions = [];
    const missing = await deployCheck('--json');
    expect(missing.code).toBe(1);
    const document = JSON.parse(missing.stdout);
    expect(document).toMatchObject({ stack: deployedStack, ok: false });
    expect(document.checks).toHaveLength(22);
    expect(document.checks).toContainEqual({
      check: 'subscribers',
      status: 'missing',
      message: 'Nobody hears of alarms; set notificationEmail and deploy, or subscribe to the topic by hand.',
    });

    scene.aws.subscriptions = [`${topicArn}:1`];
    const unknown = await deployCheck('--json', '--webhook-url', 'http://127.0.0.1:1');
    expect(unknown.code).toBe(1);
    expect(JSON.parse(unknown.stdout)).toMatchObject({ ok: false });
  });

  it('needs no policy file, and tells what it then cannot compare', async () => {
    await using elsewhere = await openDesk(scene.aws.env);
    const { code, stdout } = await elsewhere.retention('deploy-check', '--stack', deployedStack, '--json');
    expect(code).toBe(0);
    const { checks: found } = JSON.parse(stdout);
    expect(found).toContainEqual({
      check: 'deployed_policy',
      status: 'not_checked',
      message: expect.stringMatching(
        /^There is no policy file here to compare with \w{12}; name one with --policy\.$/,
      ),
    });
    expect(found).toContainEqual({
      check: 'read_names',
      status: 'ok',
      message: 'The token may read tags, teams and teammates.',
    });
    const named = await elsewhere.retention(
      'deploy-check',
      '--stack',
      deployedStack,
      '--policy',
      'none.yaml',
    );
    expect(named.code).toBe(2);
  });

  it('asks for a stack', async () => {
    const { code, stderr } = await scene.desk.retention('deploy-check');
    expect(code).toBe(2);
    expect(stderr).toBe(
      'No deployed stack is named; say --stack or set RETENTION_STACK, such as IntercomRetention-production.\n',
    );
  });
});
