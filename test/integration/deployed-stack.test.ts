import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRunState } from '#audit/run-state.ts';
import { CliError } from '#cli/cli-error.ts';
import { outputOf, requireStack, tablesIn } from '#cli/deployed-stack.ts';
import { brandId } from '#policy/ids.ts';
import { outputNames } from '#runtime/output-names.ts';
import { openDesk } from '#support/cli.ts';
import { twoYearsPolicy } from '#support/cli-scene.ts';
import { type DeployedAws, startDeployedAws } from '#support/deployed-aws.ts';
import { deployedStack } from '#support/deployed-aws-state.ts';
import { startTestStore } from '#support/dynamodb.ts';

let aws: DeployedAws;
let client: CloudFormationClient;
beforeEach(async () => {
  aws = await startDeployedAws();
  client = new CloudFormationClient(aws.clientSettings);
});
afterEach(() => aws[Symbol.asyncDispose]());

describe('requireStack', () => {
  it('reads the outputs of a stack, and so its tables and its workspace', async () => {
    const stack = await requireStack(client, deployedStack);
    expect(tablesIn(stack)).toEqual({ auditTable: 'audit', stateTable: 'state', workspaceId: 'simulated' });
  });

  it.each(['UPDATE_IN_PROGRESS', 'UPDATE_ROLLBACK_FAILED', 'UPDATE_COMPLETE'])(
    'takes a stack that is %s: its tables are there, and somebody may have to stop deletions',
    async (status) => {
      aws.stackStatus = status;
      expect(await requireStack(client, deployedStack)).toMatchObject({ name: deployedStack, status });
    },
  );

  it.each(['CREATE_IN_PROGRESS', 'ROLLBACK_COMPLETE', 'DELETE_IN_PROGRESS', 'REVIEW_IN_PROGRESS'])(
    'refuses a stack that is %s',
    async (status) => {
      aws.stackStatus = status;
      await expect(requireStack(client, deployedStack)).rejects.toThrow(
        `The stack ${deployedStack} is ${status}; deploy it again`,
      );
    },
  );

  it('says what to check when there is no such stack', async () => {
    await expect(requireStack(client, 'Another')).rejects.toMatchObject({
      code: 'stack_missing',
      message: expect.stringMatching(
        /^There is no stack Another in this account and region; check the name.*deploy it/,
      ),
    });
  });

  it.each([
    ['AccessDenied', 403, 'AWS does not allow cloudformation:DescribeStacks; give this role or user that'],
    ['ExpiredToken', 403, 'The AWS credentials are missing, wrong or expired (ExpiredToken); sign in again'],
    ['InvalidClientTokenId', 403, 'The AWS credentials are missing, wrong or expired'],
    ['Throttling', 400, 'AWS throttles cloudformation:DescribeStacks (Throttling); run again later.'],
    ['InternalFailure', 500, 'AWS failed at cloudformation:DescribeStacks (InternalFailure); run again'],
    ['ValidationError', 400, 'AWS refused cloudformation:DescribeStacks (ValidationError: out of order)'],
  ])('tells of %s in a sentence with its remedy', async (error, status, sentence) => {
    aws.broken.set('DescribeStacks', { error, status });
    await expect(requireStack(client, deployedStack)).rejects.toThrow(sentence);
  });

  it('tells that nobody answers', async () => {
    const nowhere = new CloudFormationClient({ ...aws.clientSettings, endpoint: 'http://127.0.0.1:1' });
    await expect(requireStack(nowhere, deployedStack)).rejects.toThrow(
      'AWS does not answer cloudformation:DescribeStacks (ECONNREFUSED); check the network and AWS_REGION',
    );
  });
});

describe('outputOf', () => {
  it('names the output that an older stack does not have', async () => {
    aws.outputs.delete(outputNames.stateTable);
    const stack = await requireStack(client, deployedStack);
    expect(() => outputOf(stack, 'stateTable')).toThrow(CliError);
    expect(() => tablesIn(stack)).toThrow(
      `The stack ${deployedStack} has no output StateTableName, so an older version made it, or another program; deploy this version.`,
    );
  });
});

// Every command is a process of its own.
describe('retention --stack', { timeout: 60_000 }, () => {
  it('works on the tables that the stack says, and nowhere else', async () => {
    await using store = await startTestStore();
    aws.outputs.set(outputNames.auditTable, store.tables.audit);
    aws.outputs.set(outputNames.stateTable, store.tables.state);
    const env = { ...aws.env, AWS_ENDPOINT_URL_DYNAMODB: store.endpoint };
    await using desk = await openDesk(env);
    await using other = await openDesk({ ...env, RETENTION_STACK: deployedStack });
    for (const each of [desk, other]) await each.write('retention.yaml', twoYearsPolicy);

    const why = ['--reason', 'A complaint', '--by', 'on-call'];
    expect(await desk.retention('pause', ...why, '--stack', deployedStack)).toMatchObject({ code: 0 });
    const again = await other.retention('pause', ...why, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ paused: true, by: 'on-call' });
    expect(again.stderr).toBe('');
    const named = { AUDIT_TABLE: store.tables.audit, STATE_TABLE: store.tables.state };
    await using third = await openDesk({ ...env, ...named, RETENTION_STORE: 'dynamodb' });
    await third.write('retention.yaml', twoYearsPolicy);
    expect((await third.retention('pause', ...why)).stderr).toContain('Deletion is paused already');
  });

  it('refuses the policy of another workspace, whose pause would stop nothing here', async () => {
    await using desk = await openDesk(aws.env);
    await desk.write('other.yaml', twoYearsPolicy.replace('workspace: simulated', 'workspace: another'));
    const args = ['--reason', 'x', '--policy', 'other.yaml', '--stack', deployedStack];
    const { code, stderr } = await desk.retention('pause', ...args);
    expect(code).toBe(2);
    expect(stderr).toBe(
      "The stack is for the workspace simulated, but other.yaml is written for another; name that workspace's stack, or its policy with --policy.\n",
    );
  });

  it.each([
    ['none', undefined],
    ['one that cannot be read', 'version: 1\nrules: {'],
  ])(
    'pauses the workspace of the stack with no policy at hand, or a broken one: %s',
    async (_what, policy) => {
      await using store = await startTestStore();
      aws.outputs.set(outputNames.auditTable, store.tables.audit);
      aws.outputs.set(outputNames.stateTable, store.tables.state);
      await using desk = await openDesk({ ...aws.env, AWS_ENDPOINT_URL_DYNAMODB: store.endpoint });
      if (policy !== undefined) await desk.write('retention.yaml', policy);
      const pause = ['pause', '--reason', 'Stop', '--by', 'on-call', '--stack', deployedStack];
      const { code, stderr } = await desk.retention(...pause);
      expect(code).toBe(0);
      expect(stderr).toMatch(
        /^Deletion is paused in the workspace simulated, since .* by on-call \(Stop\)\./,
      );
      const state = createRunState(store.client, store.tables.state);
      expect(await state.readPause(brandId('simulated'))).toMatchObject({ by: 'on-call', reason: 'Stop' });

      const named = await desk.retention(...pause, '--policy', 'nowhere.yaml');
      expect([named.code, named.stderr]).toEqual([
        2,
        expect.stringMatching(/^There is no policy at nowhere\.yaml/),
      ]);
      const resumed = await desk.retention('resume', '--by', 'on-call', '--stack', deployedStack);
      expect(resumed.code).toBe(2);
      expect(await state.readPause(brandId('simulated'))).toBeDefined();
    },
  );

  it.each([
    ['there is no such stack', {}, 2, 'stack_missing', /^There is no stack Elsewhere/],
    [
      'no region is set',
      { AWS_REGION: '' },
      2,
      'configuration',
      /^The AWS region is not set, or none that there is; set AWS_REGION/,
    ],
    [
      'there are no credentials',
      { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
      1,
      'outside',
      /^The AWS credentials are missing, wrong or expired/,
    ],
  ])('says what to do when %s', async (_what, change, code, word, sentence) => {
    await using desk = await openDesk({ ...aws.env, ...change });
    await desk.write('retention.yaml', twoYearsPolicy);
    const result = await desk.retention('resume', '--by', 'on-call', '--json', '--stack', 'Elsewhere');
    expect(result.code).toBe(code);
    const { error } = JSON.parse(result.stdout);
    expect(error.code).toBe(word);
    expect(error.message).toMatch(sentence);
    expect(result.stderr).toBe(`${error.message}\n`);
  });
});
