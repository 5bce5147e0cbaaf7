import { afterEach, beforeEach, describe, it } from 'vitest';
import { type DeployCheckScene, openDeployCheckScene } from '#support/deploy-check-scene.ts';
import {
  allow,
  byHand,
  casesOf,
  expectSaid,
  foreigner,
  sparing,
  stranger,
} from '#support/policy-findings.ts';
import {
  type PolicyJson,
  topicArn,
  topicPolicy,
  withChanged,
  withStatement,
} from '#support/stack-policies.ts';

let scene: DeployCheckScene;
beforeEach(async () => {
  scene = await openDeployCheckScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

const setTopicPolicy = (policy: PolicyJson) => {
  scene.aws.topic.policy = policy;
};

const org = { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } };

describe('the check of who tells the topic', () => {
  it.each(
    casesOf([
      [
        'lets no alarm in',
        () => setTopicPolicy(withChanged(topicPolicy(), 'AlarmsMayTell', undefined)),
        /it does not let cloudwatch\.amazonaws\.com do sns:Publish, so alarms are silent: let it again/,
      ],
      [
        'lets alarms of another account in',
        () =>
          setTopicPolicy(
            withChanged(topicPolicy(), 'AlarmsMayTell', {
              Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } },
            }),
          ),
        /it does not let cloudwatch\.amazonaws\.com do sns:Publish/,
      ],
      [
        'denies to everybody',
        () =>
          setTopicPolicy(withStatement(topicPolicy(), allow('*', 'sns:*', { Effect: 'Deny', Sid: 'Quiet' }))),
        /"Quiet" denies sns:Publish to alarms, so that they are silent: take it out of it/,
      ],
      [
        'denies to everybody but a role',
        () =>
          setTopicPolicy(
            withStatement(topicPolicy(), allow('*', 'sns:Publish', { Effect: 'Deny', ...sparing(stranger) })),
          ),
        /"Wide" denies sns:Publish to alarms/,
      ],
      [
        'denies to alarms',
        () =>
          setTopicPolicy(
            withStatement(
              topicPolicy(),
              allow({ Service: 'cloudwatch.amazonaws.com' }, 'sns:Publish', { Effect: 'Deny' }),
            ),
          ),
        /"Wide" denies sns:Publish to alarms/,
      ],
      [
        'is encrypted with the key of AWS',
        () => (scene.aws.topic.encryptionKey = 'alias/aws/sns'),
        /its messages are encrypted with alias\/aws\/sns, which CloudWatch may not use: take that off/,
      ],
      [
        'lets everybody tell and listen',
        () =>
          setTopicPolicy(withStatement(topicPolicy(), allow({ AWS: '*' }, ['sns:Publish', 'sns:Subscribe']))),
        /"Wide" lets everybody \("\*"\) do sns:Publish, sns:Subscribe, so take that out/,
      ],
      [
        'lets everybody in over plain HTTP',
        () =>
          setTopicPolicy(
            withStatement(
              topicPolicy(),
              allow('*', 'sns:Publish', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
            ),
          ),
        /"Wide" lets everybody/,
      ],
      [
        'lets everybody of another account in',
        () =>
          setTopicPolicy(
            withStatement(
              topicPolicy(),
              allow('*', 'sns:Publish', {
                Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } },
              }),
            ),
          ),
        /"Wide" lets everybody \("\*"\) on behalf of 999999999999 do sns:Publish, so take that out/,
      ],
      [
        'lets another account tell and listen',
        () =>
          setTopicPolicy(
            withStatement(
              topicPolicy(),
              allow({ AWS: 'arn:aws:iam::999999999999:root' }, ['sns:Publish', 'sns:Subscribe']),
            ),
          ),
        /"Wide" lets arn:aws:iam::999999999999:root do sns:Publish, sns:Subscribe, so take that out/,
      ],
      [
        'lets another account in on a condition',
        () =>
          setTopicPolicy(
            withStatement(topicPolicy(), allow({ AWS: '999999999999' }, 'sns:*', { Condition: org })),
          ),
        /"Wide" lets 999999999999 do sns:AddPermission, sns:DeleteTopic, .*sns:Subscribe, so take that out/,
      ],
      [
        'lets a role of another account in',
        () => setTopicPolicy(withStatement(topicPolicy(), allow({ AWS: foreigner }, 'sns:Subscribe'))),
        /"Wide" lets arn:aws:iam::999999999999:role\/foreigner do sns:Subscribe/,
      ],
      [
        'lets a service in that the stack does not name',
        () =>
          setTopicPolicy(withStatement(topicPolicy(), allow({ Service: 's3.amazonaws.com' }, 'sns:Publish'))),
        /"Wide" lets s3\.amazonaws\.com do sns:Publish, so take that out/,
      ],
      [
        'lets that service in on behalf of the account',
        () =>
          setTopicPolicy(
            withStatement(
              topicPolicy(),
              allow({ Service: 's3.amazonaws.com' }, 'sns:Publish', {
                Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
              }),
            ),
          ),
        /"Wide" lets s3\.amazonaws\.com on behalf of 123456789012 do sns:Publish/,
      ],
      [
        'lets alarms of another account in beside its own',
        () =>
          setTopicPolicy(
            withStatement(
              topicPolicy(),
              allow({ Service: 'cloudwatch.amazonaws.com' }, 'sns:Publish', {
                Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } },
              }),
            ),
          ),
        /"Wide" lets cloudwatch\.amazonaws\.com on behalf of 999999999999 do sns:Publish/,
      ],
      [
        'lets alarms listen',
        () =>
          setTopicPolicy(
            withStatement(topicPolicy(), allow({ Service: 'cloudwatch.amazonaws.com' }, 'sns:Subscribe')),
          ),
        /"Wide" lets cloudwatch\.amazonaws\.com do sns:Subscribe/,
      ],
      [
        'takes plain HTTP',
        () => setTopicPolicy(withChanged(topicPolicy(), 'AllowPublishThroughSSLOnly', undefined)),
        /it does not deny sns:Publish over plain HTTP to everybody, so deny it again/,
      ],
    ]),
  )('finds a topic that $what', async ({ spoil, said }) => {
    spoil();
    await expectSaid(scene, 'topic_policy', 'missing', [
      new RegExp(`^The policy of ${topicArn} is not as`),
      ...said,
      byHand,
    ]);
  });

  it.each(
    casesOf([
      [
        'lets alarms in on a condition of another kind',
        () => setTopicPolicy(withChanged(topicPolicy(), 'AlarmsMayTell', { Condition: org })),
        /whether "AlarmsMayTell" lets cloudwatch\.amazonaws\.com do sns:Publish depends on its condition/,
      ],
      [
        'lets everybody in on a condition of another kind',
        () => setTopicPolicy(withStatement(topicPolicy(), allow('*', 'sns:Publish', { Condition: org }))),
        /"Wide" lets everybody \("\*"\) do sns:Publish, on a condition that this version does not know/,
      ],
      [
        'denies to somebody',
        () =>
          setTopicPolicy(
            withStatement(topicPolicy(), allow({ AWS: stranger }, 'sns:Publish', { Effect: 'Deny' })),
          ),
        /"Wide" denies sns:Publish to somebody, perhaps to alarms or the state machine/,
      ],
      [
        'denies to all but somebody',
        () =>
          setTopicPolicy(
            withStatement(
              topicPolicy(),
              allow(undefined, 'sns:Publish', { Effect: 'Deny', NotPrincipal: { AWS: stranger } }),
            ),
          ),
        /"Wide" denies sns:Publish to somebody/,
      ],
      [
        'is encrypted with a key of its own',
        () => (scene.aws.topic.encryptionKey = 'alias/ours'),
        /encrypted with alias\/ours, so look whether CloudWatch may use that/,
      ],
    ]),
  )('says that it cannot judge a topic that $what', async ({ spoil, said }) => {
    spoil();
    await expectSaid(scene, 'topic_policy', 'could_not_be_checked', [/cannot be judged: /, ...said, byHand]);
  });

  it('takes the policy that SNS gives a new topic for one that lets the alarms of the account in', async () => {
    const byDefault = allow({ AWS: '*' }, ['SNS:Publish', 'SNS:Subscribe', 'SNS:AddPermission'], {
      Resource: topicArn,
      Condition: { StringEquals: { 'AWS:SourceOwner': '123456789012' } },
    });
    setTopicPolicy(withStatement(withChanged(topicPolicy(), 'AlarmsMayTell', undefined), byDefault));
    await expectSaid(scene, 'topic_policy', 'ok', []);
  });

  it.each([stranger, 'arn:aws:iam::123456789012:root', '123456789012'])(
    'lets %s in, who is named and of its own account',
    async (principal) => {
      setTopicPolicy(withStatement(topicPolicy(), allow({ AWS: principal }, 'sns:Publish')));
      await expectSaid(scene, 'topic_policy', 'ok', []);
    },
  );
});
