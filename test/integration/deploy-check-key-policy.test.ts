import { afterEach, beforeEach, describe, it } from 'vitest';
import { type DeployCheckScene, openDeployCheckScene } from '#support/deploy-check-scene.ts';
import { allow, byHand, casesOf, expectSaid, sparing, stranger } from '#support/policy-findings.ts';
import {
  type PolicyJson,
  sealingRole,
  sealKeyArn,
  sealKeyPolicy,
  withChanged,
  withStatement,
} from '#support/stack-policies.ts';

let scene: DeployCheckScene;
beforeEach(async () => {
  scene = await openDeployCheckScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

const setKeyPolicy = (policy: PolicyJson) => Object.assign(scene.aws.sealKey!, { policy });

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
    await expectSaid(scene, 'seal_key_policy', 'missing', [
      new RegExp(`^The policy of ${sealKeyArn} is not as it was deployed: `),
      ...said,
      byHand,
    ]);
  });

  it('says that it cannot judge on what condition the sealing function signs', async () => {
    const Condition = { StringEquals: { 'aws:PrincipalTag/team': 'audit' } };
    setKeyPolicy(withChanged(sealKeyPolicy(), 'TheSealingFunctionSigns', { Condition }));
    await expectSaid(scene, 'seal_key_policy', 'could_not_be_checked', [
      /whether "TheSealingFunctionSigns" lets .*sealing-role do kms:Sign depends on its condition/,
    ]);
  });

  it('says that it cannot judge what it cannot read, and not that it is well', async () => {
    setKeyPolicy(withStatement(sealKeyPolicy(), allow({ AWS: stranger }, 'kms:Sign', { Unless: 'Tuesday' })));
    await expectSaid(scene, 'seal_key_policy', 'could_not_be_checked', [
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
      await expectSaid(scene, 'seal_key_policy', 'could_not_be_checked', [
        /cannot be judged: /,
        ...said,
        byHand,
      ]);
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
    await expectSaid(scene, 'seal_key_policy', 'ok', []);
  });

  it('lets whoever may look at the key, and change nothing', async () => {
    setKeyPolicy(withStatement(sealKeyPolicy(), allow('*', ['kms:GetPublicKey', 'kms:Verify'])));
    await expectSaid(scene, 'seal_key_policy', 'ok', [/^Nobody but .*sealing-role may sign/]);
  });

  it('judges nothing without the role of the sealing function', async () => {
    scene.aws.sealingRoles = [];
    for (const check of ['seal_key_policy', 'seal_bucket_policy'])
      await expectSaid(scene, check, 'could_not_be_checked', [/has no role of a sealing function/]);
  });

  it('finds that role on whichever page of the resources it is', async () => {
    scene.aws.sealingRoles = ['first-page', ...scene.aws.sealingRoles];
    await expectSaid(scene, 'seal_key_policy', 'ok', [/sealing-role/]);
  });
});
