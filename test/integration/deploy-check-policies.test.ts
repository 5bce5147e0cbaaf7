import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DeployCheckScene, named, openDeployCheckScene } from '#support/deploy-check-scene.ts';
import { publicAccess } from '#support/deployed-aws-state.ts';
import {
  auditAdmin,
  auditTablePolicy,
  type PolicyJson,
  sealBucketPolicy,
  sealingRole,
  sealKeyArn,
  sealKeyPolicy,
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

const stranger = 'arn:aws:iam::123456789012:role/stranger';
const allow = (principal: unknown, action: unknown, more: object = {}) => ({
  Sid: 'Wide',
  Effect: 'Allow',
  Principal: principal,
  Action: action,
  Resource: '*',
  ...more,
});
const sparing = (...arns: string[]) => ({ Condition: { ArnNotEquals: { 'aws:PrincipalArn': arns } } });

const setKeyPolicy = (policy: PolicyJson) => Object.assign(scene.aws.sealKey!, { policy });
const setBucketPolicy = (policy: PolicyJson | undefined) => Object.assign(scene.aws.sealBucket!, { policy });
const setTopicPolicy = (policy: PolicyJson) => {
  scene.aws.topic.policy = policy;
};
const setTablePolicy = (policy: PolicyJson | undefined) =>
  Object.assign(scene.aws.tables.get('audit')!, { policy: policy && JSON.stringify(policy) });

type Finding = readonly [what: string, spoil: () => unknown, ...said: readonly RegExp[]];

const casesOf = (findings: readonly Finding[]) =>
  findings.map(([what, spoil, ...said]) => ({ what, spoil, said }));

async function expectSaid(check: string, status: string, said: readonly RegExp[]): Promise<void> {
  const found = named(await scene.checks(), check);
  expect(found).toMatchObject({ status });
  for (const each of said) expect(found?.message).toMatch(each);
}

const byHand = /see docs\/operations\.md, "A policy was changed by hand"\.$/;

describe('the check of who may sign', () => {
  it.each(
    casesOf([
      [
        'a further principal',
        () =>
          setKeyPolicy(
            withChanged(sealKeyPolicy(), 'TheSealingFunctionSigns', {
              Principal: { AWS: [sealingRole, stranger] },
            }),
          ),
        /"TheSealingFunctionSigns" lets arn:aws:iam::123456789012:role\/stranger \(a denial alone prevents it\) do kms:Sign, so take that out of it/,
      ],
      [
        'everybody',
        () =>
          setKeyPolicy(
            withStatement(withChanged(sealKeyPolicy(), 'NobodyElseSigns', undefined), allow('*', 'kms:Sign')),
          ),
        /"Wide" lets everybody \("\*"\) do kms:Sign, so take that out/,
        /it does not deny kms:Sign and kms:CreateGrant to everybody but .*sealing-role, so deny it again/,
      ],
      [
        'the account, by every action',
        () =>
          setKeyPolicy(
            withStatement(sealKeyPolicy(), allow({ AWS: 'arn:aws:iam::123456789012:root' }, 'kms:*')),
          ),
        /"Wide" lets .*:root \(a denial alone prevents it\) do kms:Sign, kms:CreateGrant, so/,
      ],
      [
        'another role, which the denial spares as well',
        () =>
          setKeyPolicy(
            withStatement(
              withChanged(sealKeyPolicy(), 'NobodyElseSigns', sparing(sealingRole, stranger)),
              allow({ AWS: stranger }, 'kms:sign'),
            ),
          ),
        /"Wide" lets .*role\/stranger do kms:Sign, so take/,
        /its denial spares .*role\/stranger, so take that out/,
      ],
      [
        'who lets others',
        () =>
          setKeyPolicy(
            withStatement(sealKeyPolicy(), allow({ AWS: stranger }, ['kms:CreateGrant', 'kms:PutKeyPolicy'])),
          ),
        /"Wide" lets .*role\/stranger do kms:PutKeyPolicy/,
        /"Wide" lets .*role\/stranger \(a denial alone prevents it\) do kms:CreateGrant/,
      ],
      [
        'an exception by a pattern',
        () => setKeyPolicy(withChanged(sealKeyPolicy(), 'NobodyElseSigns', sparing('arn:aws:iam::*:*'))),
        /it does not deny kms:Sign and kms:CreateGrant to everybody but/,
      ],
      [
        'all actions but one',
        () =>
          setKeyPolicy(
            withStatement(sealKeyPolicy(), allow({ AWS: stranger }, undefined, { NotAction: 'kms:Decrypt' })),
          ),
        /"Wide" lets .*role\/stranger \(a denial alone prevents it\) do kms:Sign, kms:CreateGrant, so/,
      ],
      [
        'the sealing function unless it is itself',
        () => setKeyPolicy(withChanged(sealKeyPolicy(), 'TheSealingFunctionSigns', sparing(sealingRole))),
        /it does not let .*sealing-role do kms:Sign, so no day is sealed: let it again/,
      ],
      [
        'nobody at all, by a denial without an exception',
        () => setKeyPolicy(withChanged(sealKeyPolicy(), 'NobodyElseSigns', { Condition: undefined })),
        /"NobodyElseSigns" denies kms:Sign to .*sealing-role, so no day is sealed: take that out/,
      ],
      [
        'nobody at all, by two denials with other exceptions',
        () =>
          setKeyPolicy(
            withStatement(sealKeyPolicy(), allow('*', 'kms:Sign', { Effect: 'Deny', ...sparing(stranger) })),
          ),
        /"Wide" denies kms:Sign to .*sealing-role, so no day is sealed/,
      ],
      [
        'everybody but the sealing function',
        () =>
          setKeyPolicy(
            withStatement(sealKeyPolicy(), allow({ AWS: sealingRole }, 'kms:Sign', { Effect: 'Deny' })),
          ),
        /"Wide" denies kms:Sign to .*sealing-role, so no day is sealed/,
      ],
      [
        'nobody at all',
        () => setKeyPolicy(withChanged(sealKeyPolicy(), 'TheSealingFunctionSigns', undefined)),
        /it does not let .*sealing-role do kms:Sign, so no day is sealed: let it again/,
      ],
    ]),
  )('finds that the policy lets $what', async ({ spoil, said }) => {
    spoil();
    await expectSaid('seal_key_policy', 'missing', [
      new RegExp(`^The policy of ${sealKeyArn} is not as it was deployed: `),
      ...said,
      byHand,
    ]);
  });

  it('says that it cannot judge on what condition the sealing function signs', async () => {
    const Condition = { StringEquals: { 'aws:PrincipalTag/team': 'audit' } };
    setKeyPolicy(withChanged(sealKeyPolicy(), 'TheSealingFunctionSigns', { Condition }));
    await expectSaid('seal_key_policy', 'could_not_be_checked', [
      /whether "TheSealingFunctionSigns" lets .*sealing-role do kms:Sign depends on its condition/,
    ]);
  });

  it('says that it cannot judge what it cannot read, and not that it is well', async () => {
    setKeyPolicy(withStatement(sealKeyPolicy(), allow({ AWS: stranger }, 'kms:Sign', { Unless: 'Tuesday' })));
    await expectSaid('seal_key_policy', 'could_not_be_checked', [
      /cannot be judged: "Wide" says something that this version does not know, so look at it yourself/,
      byHand,
    ]);
  });

  it.each(
    casesOf([
      [
        'a session',
        () =>
          setKeyPolicy(
            withStatement(
              sealKeyPolicy(),
              allow({ AWS: 'arn:aws:sts::123456789012:assumed-role/sealing-role/x' }, 'kms:Sign', {
                Effect: 'Deny',
              }),
            ),
          ),
        /"Wide" denies kms:Sign to somebody, perhaps to .*sealing-role/,
      ],
      [
        'the account on a condition',
        () =>
          setKeyPolicy(
            withStatement(
              sealKeyPolicy(),
              allow({ AWS: '123456789012' }, 'kms:*', {
                Effect: 'Deny',
                Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } },
              }),
            ),
          ),
        /"Wide" denies kms:Sign to somebody/,
      ],
    ]),
  )(
    'says that it cannot judge a denial to $what, which may be meant for the sealing function',
    async ({ spoil, said }) => {
      spoil();
      await expectSaid('seal_key_policy', 'could_not_be_checked', [/cannot be judged: /, ...said, byHand]);
    },
  );

  it.each([
    ['another role', { Principal: { AWS: stranger } }],
    ['another account', { Principal: { AWS: '999999999999' } }],
    ['a service', { Principal: { Service: 'lambda.amazonaws.com' } }],
    [
      'everybody over plain HTTP',
      { Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ],
    ['all but the sealing function', { Principal: undefined, NotPrincipal: { AWS: sealingRole } }],
  ])('lets a further denial be that is meant for %s', async (_whom, meant) => {
    setKeyPolicy(withStatement(sealKeyPolicy(), allow('*', 'kms:Sign', { Effect: 'Deny', ...meant })));
    await expectSaid('seal_key_policy', 'ok', []);
  });

  it('lets whoever may look at the key, and change nothing', async () => {
    setKeyPolicy(withStatement(sealKeyPolicy(), allow('*', ['kms:GetPublicKey', 'kms:Verify'])));
    await expectSaid('seal_key_policy', 'ok', [/^Nobody but .*sealing-role may sign/]);
  });

  it('judges nothing without the role of the sealing function', async () => {
    scene.aws.sealingRoles = [];
    for (const check of ['seal_key_policy', 'seal_bucket_policy'])
      await expectSaid(check, 'could_not_be_checked', [/has no role of a sealing function/]);
  });

  it('finds that role on whichever page of the resources it is', async () => {
    scene.aws.sealingRoles = ['first-page', ...scene.aws.sealingRoles];
    await expectSaid('seal_key_policy', 'ok', [/sealing-role/]);
  });
});

describe('the check of who changes the bucket of seals', () => {
  it.each(
    casesOf([
      [
        'lets nobody write',
        () =>
          setBucketPolicy(
            withChanged(sealBucketPolicy(), 'OnlyTheSealingFunctionWrites', { Condition: undefined }),
          ),
        /"OnlyTheSealingFunctionWrites" denies s3:PutObject to .*sealing-role, so no copy of a seal is kept/,
      ],
      [
        'has no policy',
        () => setBucketPolicy(undefined),
        /it does not deny requests over plain HTTP to everybody, so deny them again/,
        /it does not deny s3:PutObject to everybody but .*sealing-role/,
        /it does not deny s3:BypassGovernanceRetention, s3:DeleteObject, s3:DeleteObjectVersion to everybody but the audit's admin/,
      ],
      [
        'takes plain HTTP',
        () => setBucketPolicy({ ...sealBucketPolicy(), Statement: sealBucketPolicy().Statement.slice(1) }),
        /: it does not deny requests over plain HTTP to everybody, so deny them again; find out/,
      ],
      ...publicAccess.map(
        (flag): Finding => [
          `is open to the public by ${flag}`,
          () =>
            Object.assign(scene.aws.sealBucket!, {
              publicAccessBlock: { ...scene.aws.sealBucket!.publicAccessBlock, [flag]: false },
            }),
          /: the block of public access is not on, so switch all four of it on; find out/,
        ],
      ),
      [
        'has no block of public access',
        () => Object.assign(scene.aws.sealBucket!, { publicAccessBlock: undefined }),
        /the block of public access is not on/,
      ],
      [
        'lets somebody delete',
        () => setBucketPolicy(withStatement(sealBucketPolicy(), allow({ AWS: stranger }, 's3:Delete*'))),
        /"Wide" lets .*role\/stranger \(a denial alone prevents it\) do s3:DeleteObject, s3:DeleteObjectVersion/,
      ],
      [
        'lets another account bypass the lock',
        () =>
          setBucketPolicy(
            withStatement(
              withChanged(sealBucketPolicy(), 'OnlyTheAuditAdminDeletes', { Action: 's3:DeleteObject*' }),
              allow({ AWS: '999999999999' }, 's3:BypassGovernanceRetention'),
            ),
          ),
        /"Wide" lets 999999999999 do s3:BypassGovernanceRetention, so take that out/,
        /it does not deny s3:BypassGovernanceRetention to everybody but the audit's admin/,
      ],
      [
        'lets somebody write',
        () =>
          setBucketPolicy(
            withStatement(
              withChanged(sealBucketPolicy(), 'OnlyTheSealingFunctionWrites', sparing(sealingRole, stranger)),
              allow({ AWS: stranger }, 's3:PutObject'),
            ),
          ),
        /its denial of s3:PutObject spares .*role\/stranger, so take that out/,
        /"Wide" lets .*role\/stranger do s3:PutObject/,
      ],
      [
        'lets somebody shorten the lock, or the policy',
        () =>
          setBucketPolicy(
            withStatement(
              sealBucketPolicy(),
              allow({ AWS: stranger }, ['s3:PutObjectRetention', 's3:PutBucketPolicy']),
            ),
          ),
        /"Wide" lets .*role\/stranger do s3:PutBucketPolicy, s3:PutObjectRetention/,
      ],
      [
        'spares two from its denial of deletions',
        () =>
          setBucketPolicy(
            withChanged(sealBucketPolicy(), 'OnlyTheAuditAdminDeletes', sparing(stranger, auditAdmin)),
          ),
        /its denial of deletions spares .*stranger and .*audit-admin, so take all out of it but the audit's admin/,
      ],
      [
        'spares the sealing function from its denial of deletions',
        () =>
          setBucketPolicy(withChanged(sealBucketPolicy(), 'OnlyTheAuditAdminDeletes', sparing(sealingRole))),
        /its denial of deletions spares .*sealing-role/,
      ],
      [
        'denies deletions in another bucket',
        () =>
          setBucketPolicy(
            withChanged(sealBucketPolicy(), 'OnlyTheAuditAdminDeletes', {
              Resource: 'arn:aws:s3:::others/*',
            }),
          ),
        /it does not deny s3:BypassGovernanceRetention, s3:DeleteObject/,
      ],
    ]),
  )('finds a bucket that $what', async ({ spoil, said }) => {
    spoil();
    await expectSaid('seal_bucket_policy', 'missing', [
      /^The policy of seals is not as it was deployed: /,
      ...said,
      byHand,
    ]);
  });

  it('lets others read', async () => {
    setBucketPolicy(
      withStatement(sealBucketPolicy(), allow({ AWS: stranger }, ['s3:GetObject', 's3:ListBucket'])),
    );
    await expectSaid('seal_bucket_policy', 'ok', []);
  });

  it('says that it cannot judge what it cannot read', async () => {
    setBucketPolicy(withStatement(sealBucketPolicy(), { Effect: 'Perhaps' }));
    await expectSaid('seal_bucket_policy', 'could_not_be_checked', [
      /a statement without a Sid says something/,
    ]);
  });
});

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
        /"Wide" lets everybody/,
      ],
      [
        'takes plain HTTP',
        () => setTopicPolicy(withChanged(topicPolicy(), 'AllowPublishThroughSSLOnly', undefined)),
        /it does not deny sns:Publish over plain HTTP to everybody, so deny it again/,
      ],
    ]),
  )('finds a topic that $what', async ({ spoil, said }) => {
    spoil();
    await expectSaid('topic_policy', 'missing', [
      new RegExp(`^The policy of ${topicArn} is not as`),
      ...said,
      byHand,
    ]);
  });

  const org = { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } };
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
    await expectSaid('topic_policy', 'could_not_be_checked', [/cannot be judged: /, ...said, byHand]);
  });

  it('takes the policy that SNS gives a new topic for one that lets the alarms of the account in', async () => {
    const byDefault = allow({ AWS: '*' }, ['SNS:Publish', 'SNS:Subscribe', 'SNS:AddPermission'], {
      Resource: topicArn,
      Condition: { StringEquals: { 'AWS:SourceOwner': '123456789012' } },
    });
    setTopicPolicy(withStatement(withChanged(topicPolicy(), 'AlarmsMayTell', undefined), byDefault));
    await expectSaid('topic_policy', 'ok', []);
  });

  it('lets others in who are named', async () => {
    setTopicPolicy(withStatement(topicPolicy(), allow({ AWS: stranger }, 'sns:Publish')));
    await expectSaid('topic_policy', 'ok', []);
  });
});

describe('the check of who changes the audit trail', () => {
  it.each(
    casesOf([
      [
        'has no policy',
        () => setTablePolicy(undefined),
        /^audit has no policy that denies dynamodb:BatchWriteItem, .*UpdateTimeToLive to everybody/,
      ],
      [
        'has a policy with a gap',
        () =>
          setTablePolicy(
            withChanged(auditTablePolicy(), 'OnlyTheAuditAdminDeletes', { Action: ['dynamodb:DeleteItem'] }),
          ),
        /denies dynamodb:BatchWriteItem, dynamodb:DeleteTable/,
      ],
    ]),
  )('finds a table that $what', async ({ spoil, said }) => {
    spoil();
    await expectSaid('audit_table', 'missing', said);
  });
});
