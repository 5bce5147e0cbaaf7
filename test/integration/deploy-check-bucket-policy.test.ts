import { afterEach, beforeEach, describe, it } from 'vitest';
import { type DeployCheckScene, openDeployCheckScene } from '#support/deploy-check-scene.ts';
import { publicAccess } from '#support/deployed-aws-state.ts';
import {
  allow,
  byHand,
  casesOf,
  expectSaid,
  type Finding,
  sparing,
  stranger,
} from '#support/policy-findings.ts';
import {
  auditAdmin,
  type PolicyJson,
  sealBucketPolicy,
  sealingRole,
  withChanged,
  withStatement,
} from '#support/stack-policies.ts';

let scene: DeployCheckScene;
beforeEach(async () => {
  scene = await openDeployCheckScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

const setBucketPolicy = (policy: PolicyJson | undefined) => Object.assign(scene.aws.sealBucket!, { policy });

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
        /it does not deny s3:BypassGovernanceRetention, s3:DeleteObject, s3:DeleteObjectVersion to everybody but .*audit-admin/,
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
        /it does not deny s3:BypassGovernanceRetention to everybody but .*audit-admin/,
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
        /its denial of deletions spares .*role\/stranger, so take that out/,
      ],
      [
        'spares somebody in the place of the audit admin',
        () => setBucketPolicy(withChanged(sealBucketPolicy(), 'OnlyTheAuditAdminDeletes', sparing(stranger))),
        /its denial of deletions spares .*role\/stranger, so take that out/,
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
    await expectSaid(scene, 'seal_bucket_policy', 'missing', [
      /^The policy of seals is not as it was deployed: /,
      ...said,
      byHand,
    ]);
  });

  it('lets others read', async () => {
    setBucketPolicy(
      withStatement(sealBucketPolicy(), allow({ AWS: stranger }, ['s3:GetObject', 's3:ListBucket'])),
    );
    await expectSaid(scene, 'seal_bucket_policy', 'ok', []);
  });

  it('says that it cannot judge what it cannot read', async () => {
    setBucketPolicy(withStatement(sealBucketPolicy(), { Effect: 'Perhaps' }));
    await expectSaid(scene, 'seal_bucket_policy', 'could_not_be_checked', [
      /a statement without a Sid says something/,
    ]);
  });
});
