import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NamedCheck } from '#cli/deploy-check/all-checks.ts';
import { checkDeployment } from '#cli/deploy-check/check-deployment.ts';
import { policyFileAt } from '#cli/policy-file.ts';
import { systemClock } from '#cli/system-clock.ts';
import { outputNames } from '#runtime/output-names.ts';
import type { Simulator } from '#simulator/running-simulator.ts';
import { type Desk, openDesk } from '#support/cli.ts';
import { auditTablePolicy, type DeployedAws, startDeployedAws } from '#support/deployed-aws.ts';
import { deployedStack } from '#support/deployed-aws-state.ts';
import { workspace } from '#support/simulated-workspace.ts';

/** Uses names, drops metrics, and so asks all that a policy can ask of a deployment. */
const policyText = `version: 1
workspace: simulated
mode: delete
protect: { tags: [legal-hold], teams: [Legal] }
rules:
  - id: old
    description: Closed and silent for two years.
    when: { state: closed, last_activity: { older_than: 2y }, assignee: { not: [Ada Archer] } }
    retain_metrics: false
`;

let aws: DeployedAws;
let simulator: Simulator & AsyncDisposable;
let desk: Desk;
let policyPath: string;

beforeEach(async () => {
  [aws, simulator] = await Promise.all([
    startDeployedAws(),
    workspace({ clock: Date.now, rateLimit: { perMinute: 600_000 }, conversations: [{ updatedDaysAgo: 1 }] }),
  ]);
  desk = await openDesk({ ...aws.env, NO_COLOR: '1' });
  await desk.write('retention.yaml', policyText);
  policyPath = `${desk.folder}/retention.yaml`;
  setOutput('intercomAddress', simulator.url);
  setOutput('policyHash', policyFileAt(policyPath).hash);
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all([aws, simulator, desk].map((each) => each[Symbol.asyncDispose]()));
});

const setOutput = (name: keyof typeof outputNames, value: string) =>
  aws.outputs.set(outputNames[name], value);
const setSecret = (entry: object) => {
  aws.secret = JSON.stringify({ workspaces: { simulated: entry } });
};
const change = <Value>(value: Value | undefined, changes: Partial<Value>) => Object.assign(value!, changes);

async function checks(
  options: { policyText?: string; webhookUrl?: string } = {},
): Promise<readonly NamedCheck[]> {
  if (options.policyText !== undefined) await desk.write('retention.yaml', options.policyText);
  return checkDeployment(deployedStack, {
    policyFile: policyFileAt(policyPath),
    webhookUrl: options.webhookUrl,
    clock: systemClock,
    environment: {},
  });
}

const named = (found: readonly NamedCheck[], name: string) => found.find((each) => each.name === name);
const statusesOf = (found: readonly NamedCheck[]) =>
  Object.fromEntries(found.filter(({ status }) => status !== 'ok').map(({ name, status }) => [name, status]));

describe('checkDeployment', () => {
  it('finds everything in order, but for the permission that cannot be tried', async () => {
    const found = await checks();
    expect(statusesOf(found)).toEqual({ delete_permission: 'not_checked' });
    const hash = policyFileAt(policyPath).hash.slice(0, 12);
    expect(found.map(({ name, message }) => `${name}: ${message}`)).toEqual([
      `stack: It is CREATE_COMPLETE, with ${Object.keys(outputNames).length} outputs.`,
      'secret: intercom-retention/test has an access token and a client secret for the workspace simulated.',
      'token: Intercom takes it, for the workspace Simulated workspace (simulated).',
      'read_conversations: The token may read conversations; it sees 1 conversation.',
      `read_names: The token may read tags, teams, teammates; every name in ${policyPath} is found.`,
      'delete_permission: Deleting cannot be tried without harm; look in the Developer Hub that the app has "Write conversations" and, for retain_metrics: false, "Delete conversations and metrics".',
      'api_version: Intercom answers in 2.16, which can do all that is asked of it.',
      `deployed_policy: ${policyPath} is what was deployed (${hash}, mode delete).`,
      `webhook: ${aws.endpoint}/webhook is there, and refuses a forged notification.`,
      'audit_table: audit cannot be removed, nor anything in it but by arn:aws:iam::123456789012:role/intercom-retention-audit-admin; it can be set back in time.',
      'state_table: state cannot be removed, and can be set back in time.',
      'sweep_schedule: It begins by cron(0 3 * * ? *) in Europe/Berlin.',
      'reconcile_schedule: It begins by cron(0 3 * * ? *) in Europe/Berlin.',
      'seal_schedule: It begins by cron(0 3 * * ? *) in Etc/UTC.',
      'seal_key: arn:aws:kms:eu-west-1:123456789012:key/1 is enabled. Who may sign with it was not looked at.',
      'seal_bucket: seals locks each seal for 3,650 days (governance); look whether that is what was deployed. Its policy was not looked at.',
      'subscribers: 1 subscriber of alarms and summaries confirmed.',
      'dead_requests: Nothing was given up.',
      'dead_starts: Nothing was given up.',
    ]);
  });

  it('writes nothing anywhere', async () => {
    await checks();
    expect(simulator.stats().writeCalls).toBe(0);
    expect(new Set(aws.calls)).toEqual(
      new Set([
        'DescribeStacks', 'GetSecretValue', 'DescribeTable', 'DescribeContinuousBackups', 'GetResourcePolicy', 'GetSchedule',
        'ListSubscriptionsByTopic', 'GetQueueAttributes', 'DescribeKey', 'GetObjectLockConfiguration',
      ]), // biome-ignore format: a list of names
    );
  });

  it('tells nobody a secret, nor an address of a person', async () => {
    const text = JSON.stringify(await checks());
    for (const secret of ['made-up-token', 'made-up-secret', 'somebody@example.test'])
      expect(text).not.toContain(secret);
  });

  type Miss = readonly [check: string, what: string, spoil: () => unknown, message: RegExp];
  it.each<Miss>([
    [
      'stack',
      'is being updated',
      () => (aws.stackStatus = 'UPDATE_IN_PROGRESS'),
      /wait until CloudFormation/,
    ],
    [
      'stack',
      'was rolled back',
      () => (aws.stackStatus = 'UPDATE_ROLLBACK_COMPLETE'),
      /see its events .* deploy again/,
    ],
    [
      'stack',
      'is of an older version',
      () => aws.outputs.delete('DashboardName'),
      /has no DashboardName; deploy this/,
    ],
    [
      'secret',
      'is empty as it was made',
      () => (aws.secret = '{}'),
      /has no readable "workspaces"; store \{.* It is intercom-retention\/test: see docs\/operations\.md, "Filling the secret"\.$/,
    ],
    [
      'secret',
      'is gone',
      () => (aws.secret = undefined),
      /no such secret, or nothing in it; deploy again, then fill/,
    ],
    ['secret', 'is no JSON', () => (aws.secret = 'a-token'), /has no readable "workspaces"/],
    [
      'secret',
      'is for another workspace',
      () => (aws.secret = '{"workspaces":{"b":{"access_token":"x"}}}'),
      /no entry for the workspace simulated/,
    ],
    [
      'secret',
      'lacks the client secret',
      () => setSecret({ access_token: 'made-up-token' }),
      /has no "client_secret", .* add the app's/,
    ],
    [
      'token',
      'is dead',
      () => simulator.set({ access: { status: 'token_revoked' } }),
      /does not accept the access token/,
    ],
    [
      'token',
      'is of another workspace',
      () => {
        setOutput('workspaceId', 'another');
        aws.secret = '{"workspaces":{"another":{"access_token":"x","client_secret":"y"}}}';
      },
      /of the workspace simulated .* but another was deployed for/,
    ],
    [
      'read_conversations',
      'is not allowed',
      () => simulator.set({ access: { missingScopes: ['read_conversations'] } }),
      /give its app the permission "Read conversations"/,
    ],
    [
      'read_names',
      'is not allowed for tags',
      () => simulator.set({ access: { missingScopes: ['read_tags'] } }),
      /permission "Read tags"/,
    ],
    [
      'read_names',
      'is not allowed for teams',
      () => simulator.set({ access: { missingScopes: ['read_admins'] } }),
      /permission "Read admins"/,
    ],
    [
      'api_version',
      'would ignore a flag of the policy',
      () => setOutput('intercomVersion', '2.15'),
      /2\.15 would ignore the retain_metrics: false of the rule "old"; set intercomVersion/,
    ],
    [
      'webhook',
      'is not there',
      () => (aws.webhook.head = 404),
      /HEAD of .* answered with 404 instead of 200/,
    ],
    [
      'webhook',
      'believes a forgery',
      () => (aws.webhook.forged = 200),
      /answered with 200 instead of 401; .* put no such address into Intercom/,
    ],
    [
      'webhook',
      'fails',
      () => (aws.webhook.forged = 502),
      /answered with 502 instead of 401; the function fails/,
    ],
    [
      'audit_table',
      'can be removed',
      () => change(aws.tables.get('audit'), { deletionProtected: false }),
      /has no deletion protection;/,
    ],
    [
      'audit_table',
      'cannot be set back',
      () => change(aws.tables.get('audit'), { pointInTimeRecovery: false }),
      /has no point-in-time recovery;/,
    ],
    [
      'audit_table',
      'has no policy',
      () => change(aws.tables.get('audit'), { policy: undefined }),
      /has no a?\s?policy that denies dynamodb:BatchWriteItem, .*UpdateTimeToLive to everybody/,
    ],
    [
      'audit_table',
      'has a policy with a gap',
      () =>
        change(aws.tables.get('audit'), { policy: auditTablePolicy({ Action: ['dynamodb:DeleteItem'] }) }),
      /denies dynamodb:BatchWriteItem, dynamodb:DeleteTable/,
    ],
    [
      'state_table',
      'can be removed',
      () => change(aws.tables.get('state'), { deletionProtected: false }),
      /state has no deletion protection/,
    ],
    [
      'state_table',
      'lacks both',
      () => change(aws.tables.get('state'), { deletionProtected: false, pointInTimeRecovery: false }),
      /no deletion protection and no point-in-time recovery/,
    ],
    [
      'sweep_schedule',
      'is switched off',
      () => change(aws.schedules.get('sweep'), { state: 'DISABLED' }),
      /switched off, and would begin by cron\(.*\) in Europe\/Berlin; set scheduleEnabled/,
    ],
    [
      'reconcile_schedule',
      'is gone',
      () => aws.schedules.delete('reconcile'),
      /There is no schedule reconcile any more/,
    ],
    ['seal_schedule', 'is gone', () => aws.schedules.delete('seal'), /There is no schedule seal any more/],
    [
      'seal_key',
      'is gone',
      () => (aws.sealKeyState = undefined),
      /key\/1 is gone, so no day is sealed any more/,
    ],
    [
      'seal_key',
      'is to be deleted',
      () => (aws.sealKeyState = 'PendingDeletion'),
      /is PendingDeletion, so no day/,
    ],
    ['seal_bucket', 'is gone', () => (aws.sealLockDays = undefined), /There is no bucket seals any more/],
    ['seal_bucket', 'is not locked', () => (aws.sealLockDays = 0), /seals locks nothing that is put into it/],
    [
      'subscribers',
      'are none',
      () => (aws.subscriptions = []),
      /Nobody hears of alarms; set notificationEmail/,
    ],
    [
      'subscribers',
      'have not confirmed',
      () => (aws.subscriptions = ['PendingConfirmation']),
      /1 subscription waits to be confirmed/,
    ],
    [
      'dead_requests',
      'wait',
      () => aws.queues.set(`${aws.endpoint}/123456789012/dead-requests`, 2),
      /Given up so far: 2 messages; see docs\/operations\.md, "Dead letters"/,
    ],
    [
      'dead_starts',
      'wait',
      () => aws.queues.set(`${aws.endpoint}/123456789012/dead-starts`, 1),
      /Given up so far: 1 message; see docs\/operations\.md, "A schedule could not begin"/,
    ],
  ])('%s misses it when it %s', async (check, _what, spoil, message) => {
    // biome-ignore format: a table
    await spoil();
    expect(named(await checks(), check)).toMatchObject({
      status: 'missing',
      message: expect.stringMatching(message),
    });
  });

  it('finds a policy file that was changed since, or is for another workspace', async () => {
    const changed = await checks({ policyText: policyText.replace('2y', '3y') });
    expect(named(changed, 'deployed_policy')).toMatchObject({
      status: 'missing',
      message: expect.stringMatching(
        /retention\.yaml is \w{12}, but \w{12} was deployed; deploy again, or undo/,
      ),
    });
    const other = await checks({ policyText: policyText.replace('workspace: simulated', 'workspace: b') });
    expect(named(other, 'deployed_policy')?.message).toContain(
      'is written for the workspace b, and the stack is for simulated',
    );
  });

  it('finds a name of the policy that the workspace does not have', async () => {
    const found = await checks({ policyText: policyText.replace('teams: [Legal]', 'teams: [Leagl]') });
    expect(named(found, 'read_names')).toMatchObject({
      status: 'missing',
      message: expect.stringContaining('Leagl'),
    });
  });

  it('asks for the reconciliation what the policy does not ask', async () => {
    setOutput('intercomVersion', '2.14');
    const found = await checks({
      policyText: policyText.replace('retain_metrics: false', 'retain_metrics: true'),
    });
    expect(named(found, 'api_version')).toMatchObject({
      status: 'missing',
      message: expect.stringContaining(
        '2.14 has no list of deleted conversations, so every reconciliation fails',
      ),
    });
    expect(named(found, 'delete_permission')?.message).not.toContain('Delete conversations and metrics');
  });

  it('needs no permission to delete for a policy that only observes', async () => {
    const found = await checks({ policyText: policyText.replace('mode: delete', 'mode: observe') });
    expect(named(found, 'delete_permission')).toMatchObject({ status: 'ok' });
  });

  it('counts one subscriber who confirmed, and tells of those who did not', async () => {
    aws.subscriptions = [...aws.subscriptions, 'PendingConfirmation'];
    expect(named(await checks(), 'subscribers')).toMatchObject({
      status: 'ok',
      message: expect.stringContaining('1 other did not confirm yet'),
    });
  });

  it('goes on without what one thing keeps from being looked at, and points there', async () => {
    aws.secret = '{}';
    const see = { status: 'could_not_be_checked', message: 'The token is not known; see "secret".' };
    const withoutToken = await checks();
    for (const name of ['token', 'read_conversations', 'read_names', 'api_version'])
      expect(named(withoutToken, name)).toEqual({ name, ...see });
    expect(named(withoutToken, 'webhook')).toMatchObject({
      status: 'could_not_be_checked',
      message: expect.stringMatching(/is there; whether it refuses forgeries shows once .* see "secret"/),
    });
    expect(named(withoutToken, 'audit_table')).toMatchObject({ status: 'ok' });

    setSecret({ access_token: 'made-up-token', client_secret: 'x' });
    simulator.set({ access: { status: 'unauthorized' } });
    const withDeadToken = await checks();
    for (const name of ['read_conversations', 'read_names', 'api_version'])
      expect(named(withDeadToken, name)).toMatchObject({
        status: 'could_not_be_checked',
        message: 'The token does not work; see "token".',
      });
  });

  type Unknown = readonly [operation: string, checks: readonly string[]];
  it.each<Unknown>([
    ['GetSecretValue', ['secret', 'token']],
    ['DescribeTable', ['audit_table', 'state_table']],
    ['DescribeContinuousBackups', ['audit_table', 'state_table']],
    ['GetResourcePolicy', ['audit_table', 'state_table']],
    ['GetSchedule', ['sweep_schedule', 'reconcile_schedule', 'seal_schedule']],
    ['ListSubscriptionsByTopic', ['subscribers']],
    ['GetQueueAttributes', ['dead_requests', 'dead_starts']],
    ['DescribeKey', ['seal_key']],
    ['GetObjectLockConfiguration', ['seal_bucket']],
  ])('does not take an AWS that allows no %s for a miss, nor for a yes', async (operation, unknown) => {
    aws.broken.set(operation, { error: 'AccessDeniedException', status: 400 });
    const found = await checks();
    for (const name of unknown) expect(named(found, name)).toMatchObject({ status: 'could_not_be_checked' });
    expect(named(found, unknown[0]!)?.message).toMatch(
      new RegExp(`:${operation}|:GetBucketObjectLockConfiguration`),
    );
  });

  it('does not take an Intercom or a webhook that is out of reach for a miss, nor for a yes', async () => {
    const found = await checks({ webhookUrl: 'http://127.0.0.1:1/' });
    expect(named(found, 'webhook')).toMatchObject({
      status: 'could_not_be_checked',
      message: expect.stringContaining('http://127.0.0.1:1/ does not answer this machine'),
    });
    simulator.set({ faults: [{ kind: 'server_error', on: ['list'] }] });
    expect(named(await checks(), 'read_conversations')).toMatchObject({ status: 'could_not_be_checked' });
  });

  it('takes the address that Intercom was given for the webhook', async () => {
    setOutput('webhookUrl', 'http://127.0.0.1:1/');
    const found = await checks({ webhookUrl: `${aws.endpoint}/webhook` });
    expect(named(found, 'webhook')).toMatchObject({ status: 'ok' });
  });

  it('says so when an older stack lacks what a check goes by', async () => {
    aws.outputs.delete(outputNames.deadStartsQueue);
    expect(named(await checks(), 'dead_starts')).toMatchObject({
      status: 'could_not_be_checked',
      message: expect.stringContaining('has no output DeadStartsQueueUrl'),
    });
  });

  it('looks at nothing else when there is no stack, or one that has made nothing', async () => {
    aws.stackStatus = undefined;
    expect(await checks()).toEqual([
      { name: 'stack', status: 'missing', message: expect.stringContaining('There is no stack') },
    ]);
    aws.stackStatus = 'ROLLBACK_COMPLETE';
    aws.outputs.clear();
    expect(statusesOf(await checks())).toEqual({ stack: 'missing' });
    expect(new Set(aws.calls)).toEqual(new Set(['DescribeStacks']));
  });
});

// Every command is a process of its own.
describe('retention deploy-check', { timeout: 60_000 }, () => {
  const deployCheck = (...args: string[]) =>
    desk.retention('deploy-check', '--stack', deployedStack, ...args);

  it('exits with 0 when all holds that can be known, a line for each', async () => {
    const { code, stderr } = await deployCheck();
    expect(code).toBe(0);
    expect(stderr).toContain('ok                    audit table         audit cannot be removed');
    expect(stderr).toContain('not checked           delete permission   Deleting cannot be tried');
    expect(stderr).toMatch(/\n18 ok, 1 not checked\.\n$/);
  });

  it('exits with 1 when something is missing or cannot be checked, with the same as a document', async () => {
    aws.subscriptions = [];
    const missing = await deployCheck('--json');
    expect(missing.code).toBe(1);
    const document = JSON.parse(missing.stdout);
    expect(document).toMatchObject({ stack: deployedStack, ok: false });
    expect(document.checks).toHaveLength(19);
    expect(document.checks).toContainEqual({
      check: 'subscribers',
      status: 'missing',
      message: 'Nobody hears of alarms; set notificationEmail and deploy, or subscribe to the topic by hand.',
    });

    aws.subscriptions = ['arn:aws:sns:eu-west-1:123456789012:notifications:1'];
    const unknown = await deployCheck('--json', '--webhook-url', 'http://127.0.0.1:1');
    expect(unknown.code).toBe(1);
    expect(JSON.parse(unknown.stdout)).toMatchObject({ ok: false });
  });

  it('needs no policy file, and tells what it then cannot compare', async () => {
    await using elsewhere = await openDesk(aws.env);
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
    const { code, stderr } = await desk.retention('deploy-check');
    expect(code).toBe(2);
    expect(stderr).toBe(
      'No deployed stack is named; say --stack or set RETENTION_STACK, such as IntercomRetention-production.\n',
    );
  });
});
