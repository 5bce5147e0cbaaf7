import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type DeployCheckScene,
  named,
  openDeployCheckScene,
  policyText,
} from '#support/deploy-check-scene.ts';

let scene: DeployCheckScene;
beforeEach(async () => {
  scene = await openDeployCheckScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

const change = <Value>(value: Value | undefined, changes: Partial<Value>) => Object.assign(value!, changes);

/** A deployment of the same template changes nothing, so the message must not ask for one. */
const broughtBack = (what: string) =>
  new RegExp(
    `^${what}, and an unchanged template does not bring it back; .* "Something of the stack was removed"\\.$`,
  );

describe('checkDeployment', () => {
  type Miss = readonly [check: string, what: string, spoil: () => unknown, message: RegExp];
  it.each<Miss>([
    [
      'stack',
      'is being updated',
      () => (scene.aws.stackStatus = 'UPDATE_IN_PROGRESS'),
      /wait until CloudFormation/,
    ],
    [
      'stack',
      'was rolled back',
      () => (scene.aws.stackStatus = 'UPDATE_ROLLBACK_COMPLETE'),
      /see its events .* deploy again/,
    ],
    [
      'stack',
      'is of an older version',
      () => scene.aws.outputs.delete('DashboardName'),
      /has no DashboardName; deploy this/,
    ],
    [
      'secret',
      'is empty as it was made',
      () => (scene.aws.secret = '{}'),
      /has no readable "workspaces"; store \{.* It is intercom-retention\/test: see docs\/operations\.md, "Filling the secret"\.$/,
    ],
    [
      'secret',
      'is gone',
      () => (scene.aws.secret = undefined),
      /no such secret, or nothing in it; fill it, or bring it back first .*"Something of the stack was removed"/,
    ],
    ['secret', 'is no JSON', () => (scene.aws.secret = 'a-token'), /has no readable "workspaces"/],
    [
      'secret',
      'is for another workspace',
      () => (scene.aws.secret = '{"workspaces":{"b":{"access_token":"x"}}}'),
      /no entry for the workspace simulated/,
    ],
    [
      'secret',
      'lacks the client secret',
      () => scene.setSecret({ access_token: 'made-up-token' }),
      /has no "client_secret", .* add the app's/,
    ],
    [
      'token',
      'is dead',
      () => scene.simulator.set({ access: { status: 'token_revoked' } }),
      /does not accept the access token/,
    ],
    [
      'token',
      'is of another workspace',
      () => {
        scene.setOutput('workspaceId', 'another');
        scene.aws.secret = '{"workspaces":{"another":{"access_token":"x","client_secret":"y"}}}';
      },
      /of the workspace simulated .* but another was deployed for/,
    ],
    [
      'read_conversations',
      'is not allowed',
      () => scene.simulator.set({ access: { missingScopes: ['read_conversations'] } }),
      /give its app the permission "Read conversations"/,
    ],
    [
      'read_names',
      'is not allowed for tags',
      () => scene.simulator.set({ access: { missingScopes: ['read_tags'] } }),
      /permission "Read tags"/,
    ],
    [
      'read_names',
      'is not allowed for teams',
      () => scene.simulator.set({ access: { missingScopes: ['read_admins'] } }),
      /permission "Read admins"/,
    ],
    [
      'api_version',
      'would ignore a flag of the policy',
      () => scene.setOutput('intercomVersion', '2.15'),
      /2\.15 would ignore the retain_metrics: false of the rule "old"; set intercomVersion/,
    ],
    [
      'webhook',
      'is not there',
      () => (scene.aws.webhook.head = 404),
      /HEAD of .* answered with 404 instead of 200/,
    ],
    [
      'webhook',
      'believes a forgery',
      () => (scene.aws.webhook.forged = 200),
      /answered with 200 instead of 401; .* put no such address into Intercom/,
    ],
    [
      'webhook',
      'fails',
      () => (scene.aws.webhook.forged = 502),
      /answered with 502 instead of 401; the function fails/,
    ],
    [
      'audit_table',
      'can be removed',
      () => change(scene.aws.tables.get('audit'), { deletionProtected: false }),
      /^audit is not as it was deployed: it has no deletion protection, so switch it on \(aws dynamodb update-table --table-name audit --deletion-protection-enabled\); find out who/,
    ],
    [
      'audit_table',
      'cannot be set back',
      () => change(scene.aws.tables.get('audit'), { pointInTimeRecovery: false }),
      /it has no point-in-time recovery, so .*update-continuous-backups --table-name audit --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true\);/,
    ],
    [
      'state_table',
      'can be removed',
      () => change(scene.aws.tables.get('state'), { deletionProtected: false }),
      /^state is not as it was deployed: it has no deletion protection, .* --table-name state --deletion/,
    ],
    [
      'state_table',
      'lacks both',
      () => change(scene.aws.tables.get('state'), { deletionProtected: false, pointInTimeRecovery: false }),
      /it has no deletion protection, .*; it has no point-in-time recovery, .* see docs\/operations\.md, "A policy was changed by hand"\.$/,
    ],
    [
      'sweep_schedule',
      'is switched off',
      () => change(scene.aws.schedules.get('sweep'), { state: 'DISABLED' }),
      /switched off, and would begin by cron\(.*\) in Europe\/Berlin; set scheduleEnabled/,
    ],
    [
      'reconcile_schedule',
      'is gone',
      () => scene.aws.schedules.delete('reconcile'),
      broughtBack('There is no schedule reconcile any more'),
    ],
    [
      'seal_schedule',
      'is gone',
      () => scene.aws.schedules.delete('seal'),
      broughtBack('There is no schedule seal any more'),
    ],
    [
      'seal_key',
      'is gone',
      () => (scene.aws.sealKey = undefined),
      broughtBack('arn:.*key/1 is gone, so no day is sealed any more'),
    ],
    [
      'seal_key',
      'is to be deleted',
      () => change(scene.aws.sealKey, { state: 'PendingDeletion' }),
      /is PendingDeletion, so no day .* cancel its deletion/,
    ],
    [
      'seal_key',
      'is disabled',
      () => change(scene.aws.sealKey, { state: 'Disabled' }),
      /is Disabled, so no day .* enable it/,
    ],
    [
      'seal_key',
      'encrypts instead',
      () => change(scene.aws.sealKey, { usage: 'ENCRYPT_DECRYPT', spec: 'SYMMETRIC_DEFAULT' }),
      /is for ENCRYPT_DECRYPT with SYMMETRIC_DEFAULT, and seals are signed .* find out who took it in its place/,
    ],
    [
      'seal_key',
      'signs on another curve',
      () => change(scene.aws.sealKey, { spec: 'ECC_SECG_P256K1' }),
      /with ECC_SECG_P256K1, and seals are signed \(SIGN_VERIFY\) with ECC_NIST_P256/,
    ],
    [
      'seal_bucket',
      'is gone',
      () => (scene.aws.sealBucket = undefined),
      broughtBack('There is no bucket seals any more'),
    ],
    [
      'seal_bucket',
      'is not locked',
      () => change(scene.aws.sealBucket, { lockDays: 0 }),
      /seals locks nothing that is put into it/,
    ],
    [
      'seal_bucket',
      'keeps no versions any more',
      () => change(scene.aws.sealBucket, { versioning: 'Suspended' }),
      /seals keeps no versions \(suspended\), .* enable its versioning again/,
    ],
    [
      'seal_bucket',
      'never kept versions',
      () => change(scene.aws.sealBucket, { versioning: undefined }),
      /seals keeps no versions \(off\)/,
    ],
    [
      'subscribers',
      'are none',
      () => (scene.aws.subscriptions = []),
      /Nobody hears of alarms; set notificationEmail/,
    ],
    [
      'subscribers',
      'have not confirmed',
      () => (scene.aws.subscriptions = ['PendingConfirmation']),
      /1 subscription waits to be confirmed/,
    ],
    [
      'dead_requests',
      'wait',
      () => scene.aws.queues.set(`${scene.aws.endpoint}/123456789012/dead-requests`, 2),
      /Given up so far: 2 messages; see docs\/operations\.md, "Dead letters"/,
    ],
    [
      'dead_starts',
      'wait',
      () => scene.aws.queues.set(`${scene.aws.endpoint}/123456789012/dead-starts`, 1),
      /Given up so far: 1 message; see docs\/operations\.md, "A schedule could not begin"/,
    ],
  ])('%s misses it when it %s', async (check, _what, spoil, message) => {
    // biome-ignore format: a table
    await spoil();
    expect(named(await scene.checks(), check)).toMatchObject({
      status: 'missing',
      message: expect.stringMatching(message),
    });
  });

  it('finds a policy file that was changed since, or is for another workspace', async () => {
    const changed = await scene.checks({ policyText: policyText.replace('2y', '3y') });
    expect(named(changed, 'deployed_policy')).toMatchObject({
      status: 'missing',
      message: expect.stringMatching(
        /retention\.yaml is \w{12}, but \w{12} was deployed; deploy again, or undo/,
      ),
    });
    const other = await scene.checks({
      policyText: policyText.replace('workspace: simulated', 'workspace: b'),
    });
    expect(named(other, 'deployed_policy')?.message).toContain(
      'is written for the workspace b, and the stack is for simulated',
    );
  });

  it('finds a name of the policy that the workspace does not have', async () => {
    const found = await scene.checks({ policyText: policyText.replace('teams: [Legal]', 'teams: [Leagl]') });
    expect(named(found, 'read_names')).toMatchObject({
      status: 'missing',
      message: expect.stringContaining('Leagl'),
    });
  });

  it('asks for the reconciliation what the policy does not ask', async () => {
    scene.setOutput('intercomVersion', '2.14');
    const found = await scene.checks({
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
    const found = await scene.checks({ policyText: policyText.replace('mode: delete', 'mode: observe') });
    expect(named(found, 'delete_permission')).toMatchObject({ status: 'ok' });
  });

  it('counts one subscriber who confirmed, and tells of those who did not', async () => {
    scene.aws.subscriptions = [...scene.aws.subscriptions, 'PendingConfirmation'];
    expect(named(await scene.checks(), 'subscribers')).toMatchObject({
      status: 'ok',
      message: expect.stringContaining('1 other did not confirm yet'),
    });
  });
});
