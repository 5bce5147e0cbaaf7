import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { policyFileAt } from '#cli/policy-file.ts';
import { outputNames } from '#runtime/output-names.ts';
import {
  type DeployCheckScene,
  named,
  openDeployCheckScene,
  statusesOf,
} from '#support/deploy-check-scene.ts';
import { auditAdmin, sealingRole, sealKeyArn, topicArn } from '#support/stack-policies.ts';

let scene: DeployCheckScene;
beforeEach(async () => {
  scene = await openDeployCheckScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

describe('checkDeployment', () => {
  it('finds everything in order, but for the permission that cannot be tried', async () => {
    const found = await scene.checks();
    expect(statusesOf(found)).toEqual({ delete_permission: 'not_checked' });
    const hash = policyFileAt(scene.policyPath).hash.slice(0, 12);
    expect(found.map(({ name, message }) => `${name}: ${message}`)).toEqual([
      `stack: It is CREATE_COMPLETE, with ${Object.keys(outputNames).length} outputs.`,
      'secret: intercom-retention/test has an access token and a client secret for the workspace simulated.',
      'token: Intercom takes it, for the workspace Simulated workspace (simulated).',
      'read_conversations: The token may read conversations; it sees 1 conversation.',
      `read_names: The token may read tags, teams, teammates; every name in ${scene.policyPath} is found.`,
      'delete_permission: Deleting cannot be tried without harm; look in the Developer Hub that the app has "Write conversations" and, for retain_metrics: false, "Delete conversations and metrics".',
      'api_version: Intercom answers in 2.16, which can do all that is asked of it.',
      `deployed_policy: ${scene.policyPath} is what was deployed (${hash}, mode delete).`,
      `webhook: ${scene.aws.endpoint}/webhook is there, and refuses a forged notification.`,
      'audit_table: audit cannot be removed, nor anything in it but by arn:aws:iam::123456789012:role/intercom-retention-audit-admin; it can be set back in time.',
      'state_table: state cannot be removed, and can be set back in time.',
      'sweep_schedule: It begins by cron(0 3 * * ? *) in Europe/Berlin.',
      'reconcile_schedule: It begins by cron(0 3 * * ? *) in Europe/Berlin.',
      'seal_schedule: It begins by cron(0 3 * * ? *) in Etc/UTC.',
      `seal_key: ${sealKeyArn} is enabled, and signs with ECC_NIST_P256.`,
      `seal_key_policy: Nobody but ${sealingRole} may sign with ${sealKeyArn}.`,
      'seal_bucket: seals locks each version of a seal for 3,650 days (governance); look whether that is what was deployed.',
      `seal_bucket_policy: Nobody but ${sealingRole} writes into seals, and nobody but ${auditAdmin} deletes there; it is closed to the public and to plain HTTP.`,
      `topic_policy: CloudWatch may tell alarms to ${topicArn}, nothing keeps the sweep's state machine out, and it is closed to strangers and to plain HTTP.`,
      'subscribers: 1 subscriber of alarms and summaries confirmed.',
      'dead_requests: Nothing was given up.',
      'dead_starts: Nothing was given up.',
    ]);
  });

  it('writes nothing anywhere', async () => {
    await scene.checks();
    expect(scene.simulator.stats().writeCalls).toBe(0);
    expect(new Set(scene.aws.calls)).toEqual(
      new Set([
        'DescribeStacks', 'GetSecretValue', 'DescribeTable', 'DescribeContinuousBackups', 'GetResourcePolicy', 'GetSchedule',
        'ListSubscriptionsByTopic', 'GetQueueAttributes', 'DescribeKey', 'GetKeyPolicy', 'GetObjectLockConfiguration', 'GetBucketVersioning',
        'GetBucketPolicy', 'GetPublicAccessBlock', 'GetTopicAttributes', 'ListStackResources',
      ]), // biome-ignore format: a list of names
    );
  });

  it('tells nobody a secret, nor an address of a person', async () => {
    const text = JSON.stringify(await scene.checks());
    for (const secret of ['made-up-token', 'made-up-secret', 'somebody@example.test'])
      expect(text).not.toContain(secret);
  });

  it('goes on without what one thing keeps from being looked at, and points there', async () => {
    scene.aws.secret = '{}';
    const see = { status: 'could_not_be_checked', message: 'The token is not known; see "secret".' };
    const withoutToken = await scene.checks();
    for (const name of ['token', 'read_conversations', 'read_names', 'api_version'])
      expect(named(withoutToken, name)).toEqual({ name, ...see });
    expect(named(withoutToken, 'webhook')).toMatchObject({
      status: 'could_not_be_checked',
      message: expect.stringMatching(/is there; whether it refuses forgeries shows once .* see "secret"/),
    });
    expect(named(withoutToken, 'audit_table')).toMatchObject({ status: 'ok' });

    scene.setSecret({ access_token: 'made-up-token', client_secret: 'x' });
    scene.simulator.set({ access: { status: 'unauthorized' } });
    const withDeadToken = await scene.checks();
    for (const name of ['read_conversations', 'read_names', 'api_version'])
      expect(named(withDeadToken, name)).toMatchObject({
        status: 'could_not_be_checked',
        message: 'The token does not work; see "token".',
      });
  });

  const unknown = 'could_not_be_checked';
  type Forbidden = readonly [permission: string, operation: string, checks: readonly string[]];
  it.each<Forbidden>([
    [
      'secretsmanager:GetSecretValue',
      'GetSecretValue',
      ['secret', 'token', 'read_conversations', 'read_names', 'api_version', 'webhook'],
    ],
    ['cloudformation:ListStackResources', 'ListStackResources', ['seal_key_policy', 'seal_bucket_policy']],
    ['dynamodb:DescribeTable', 'DescribeTable', ['audit_table', 'state_table']],
    ['dynamodb:DescribeContinuousBackups', 'DescribeContinuousBackups', ['audit_table', 'state_table']],
    ['dynamodb:GetResourcePolicy', 'GetResourcePolicy', ['audit_table', 'state_table']],
    ['scheduler:GetSchedule', 'GetSchedule', ['sweep_schedule', 'reconcile_schedule', 'seal_schedule']],
    ['kms:DescribeKey', 'DescribeKey', ['seal_key']],
    ['kms:GetKeyPolicy', 'GetKeyPolicy', ['seal_key_policy']],
    ['s3:GetBucketObjectLockConfiguration', 'GetObjectLockConfiguration', ['seal_bucket']],
    ['s3:GetBucketVersioning', 'GetBucketVersioning', ['seal_bucket']],
    ['s3:GetBucketPolicy', 'GetBucketPolicy', ['seal_bucket_policy']],
    ['s3:GetBucketPublicAccessBlock', 'GetPublicAccessBlock', ['seal_bucket_policy']],
    ['sns:GetTopicAttributes', 'GetTopicAttributes', ['topic_policy']],
    ['sns:ListSubscriptionsByTopic', 'ListSubscriptionsByTopic', ['subscribers']],
    ['sqs:GetQueueAttributes', 'GetQueueAttributes', ['dead_requests', 'dead_starts']],
  ])(
    'takes an AWS that does not allow %s neither for a miss nor for a yes, and names it',
    async (permission, operation, checks) => {
      scene.aws.broken.set(operation, { error: 'AccessDeniedException', status: 400 });
      const found = await scene.checks();
      const unknowns = Object.fromEntries(checks.map((name) => [name, unknown]));
      expect(statusesOf(found)).toEqual({ delete_permission: 'not_checked', ...unknowns });
      expect(named(found, checks[0]!)?.message).toContain(permission);
      expect(await readFile('docs/deploy.md', 'utf8')).toContain(`\`${permission}\``);
    },
  );

  it('does not take an Intercom or a webhook that is out of reach for a miss, nor for a yes', async () => {
    const found = await scene.checks({ webhookUrl: 'http://127.0.0.1:1/' });
    expect(named(found, 'webhook')).toMatchObject({
      status: 'could_not_be_checked',
      message: expect.stringContaining('http://127.0.0.1:1/ does not answer this machine'),
    });
    scene.simulator.set({ faults: [{ kind: 'server_error', on: ['list'] }] });
    expect(named(await scene.checks(), 'read_conversations')).toMatchObject({
      status: 'could_not_be_checked',
    });
  });

  it('takes the address that Intercom was given for the webhook', async () => {
    scene.setOutput('webhookUrl', 'http://127.0.0.1:1/');
    const found = await scene.checks({ webhookUrl: `${scene.aws.endpoint}/webhook` });
    expect(named(found, 'webhook')).toMatchObject({ status: 'ok' });
  });

  it('says so when an older stack lacks what a check goes by', async () => {
    scene.aws.outputs.delete(outputNames.deadStartsQueue);
    expect(named(await scene.checks(), 'dead_starts')).toMatchObject({
      status: 'could_not_be_checked',
      message: expect.stringContaining('has no output DeadStartsQueueUrl'),
    });
  });

  it('looks at nothing else when there is no stack, or one that has made nothing', async () => {
    scene.aws.stackStatus = undefined;
    expect(await scene.checks()).toEqual([
      { name: 'stack', status: 'missing', message: expect.stringContaining('There is no stack') },
    ]);
    scene.aws.stackStatus = 'ROLLBACK_COMPLETE';
    scene.aws.outputs.clear();
    expect(statusesOf(await scene.checks())).toEqual({ stack: 'missing' });
    expect(new Set(scene.aws.calls)).toEqual(new Set(['DescribeStacks']));
  });
});
