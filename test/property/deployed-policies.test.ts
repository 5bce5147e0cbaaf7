import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeAuditTablePolicy } from '#cli/deploy-check/audit-table-policy.ts';
import { readPolicyDocument } from '#cli/deploy-check/policy-document.ts';
import { judgeSealBucketPolicy } from '#cli/deploy-check/seal-bucket-policy.ts';
import { judgeSealKeyPolicy } from '#cli/deploy-check/seal-key-policy.ts';
import { judgeTopicPolicy } from '#cli/deploy-check/topic-policy.ts';
import { arbitraryStatements, type StatementJson, strangers } from '#support/arbitrary-resource-policy.ts';
import { evaluate, type PolicyRequest } from '#support/naive-iam.ts';
import {
  auditAdmin,
  auditTablePolicy,
  type PolicyJson,
  sealBucketName,
  sealBucketPolicy,
  sealingRole,
  sealKeyArn,
  sealKeyPolicy,
  topicArn,
  topicPolicy,
  withStatement,
} from '#support/stack-policies.ts';

const everybody = [sealingRole, auditAdmin, ...strangers];
const bucketArn = `arn:aws:s3:::${sealBucketName}`;
const read = (policy: PolicyJson) => readPolicyDocument(JSON.stringify(policy));

/** Some or all of what the stack says, and more. */
const changed = (policy: PolicyJson, more: fc.Arbitrary<StatementJson>): fc.Arbitrary<PolicyJson> =>
  fc
    .tuple(
      fc.oneof(
        { weight: 3, arbitrary: fc.constant([...policy.Statement]) },
        fc.subarray([...policy.Statement]),
      ),
      fc.array(more, { maxLength: 2 }),
    )
    .map(([Statement, others]) => withStatement({ ...policy, Statement }, ...others));

interface Way {
  readonly overTls?: boolean;
  readonly sourceAccount?: string;
}

const request = (
  principal: string,
  action: string,
  resource: string,
  { overTls = true, sourceAccount }: Way = {},
): PolicyRequest => ({
  principal,
  action,
  resource,
  context: new Map([
    ['aws:securetransport', String(overTls)],
    ...(principal.startsWith('arn:') ? [['aws:principalarn', principal] as const] : []),
    ...(sourceAccount === undefined ? [] : [['aws:sourceaccount', sourceAccount] as const]),
  ]),
});

/** Judges many policies, and has each that is found well looked at. */
function expectOfWell(
  policies: fc.Arbitrary<PolicyJson>,
  judge: (policy: PolicyJson) => string,
  look: (policy: PolicyJson) => void,
): void {
  let well = 0;
  fc.assert(
    fc.property(policies, (policy) => {
      if (judge(policy) !== 'ok') return;
      well += 1;
      look(policy);
    }),
    { numRuns: 2000 },
  );
  expect(well).toBeGreaterThan(0);
}

describe('judgeSealKeyPolicy', () => {
  const { allow, deny, either } = arbitraryStatements({
    roles: [sealingRole],
    actions: ['kms:Sign', 'KMS:sign', 'kms:*', '*', 'kms:S?gn', 'kms:Verify', 'kms:CreateGrant'],
    resources: ['*', sealKeyArn, 'arn:aws:kms:eu-west-1:123456789012:key/2'],
  });
  const judge = (policy: PolicyJson) =>
    judgeSealKeyPolicy(read(policy), { key: sealKeyArn, sealer: sealingRole }).status;

  it('says that all is well only when the sealing function may sign, and nobody else may or may let others', () => {
    expectOfWell(changed(sealKeyPolicy(), either), judge, (policy) => {
      for (const who of everybody.filter((each) => each !== sealingRole))
        for (const action of ['kms:Sign', 'kms:CreateGrant'])
          for (const overTls of [true, false]) {
            const { isDenied, isAllowed } = evaluate(policy, request(who, action, sealKeyArn, { overTls }));
            expect({ who, action, isDenied, isAllowed }).toMatchObject({ isDenied: true, isAllowed: false });
          }
      expect(evaluate(policy, request(sealingRole, 'kms:Sign', sealKeyArn)).isAllowed).toBe(true);
    });
  });

  it('finds nothing well again because more is allowed, as long as the sealing function may sign', () => {
    fc.assert(
      fc.property(
        fc.array(deny, { maxLength: 2 }),
        fc.array(allow, { maxLength: 2 }),
        allow,
        (denied, allowed, more) => {
          const before = withStatement(sealKeyPolicy(), ...denied, ...allowed);
          if (judge(before) !== 'ok') expect(judge(withStatement(before, more))).not.toBe('ok');
        },
      ),
    );
  });
});

describe('judgeSealBucketPolicy', () => {
  const { either } = arbitraryStatements({
    roles: [sealingRole, auditAdmin],
    actions: ['s3:*', 's3:PutObject', 's3:put*', 's3:DeleteObject*', 's3:GetObject', 's3:PutBucketPolicy'],
    resources: ['*', bucketArn, `${bucketArn}/*`, 'arn:aws:s3:::others/*'],
  });
  const judge = (policy: PolicyJson) =>
    judgeSealBucketPolicy(read(policy), {
      bucket: sealBucketName,
      arn: bucketArn,
      sealer: sealingRole,
      admin: auditAdmin,
      isClosedToThePublic: true,
    }).status;
  const object = `${bucketArn}/2026-11-21/seal.txt`;

  it('says that all is well only when one role writes, one deletes, and nothing goes over plain HTTP', () => {
    expectOfWell(changed(sealBucketPolicy(), either), judge, (policy) => {
      for (const who of everybody) {
        const isDenied = (action: string, way: Way = {}) =>
          evaluate(policy, request(who, action, object, way)).isDenied;
        expect({ who, writes: !isDenied('s3:PutObject') }).toEqual({ who, writes: who === sealingRole });
        if (who !== auditAdmin)
          for (const action of ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention'])
            expect({ who, action, isDenied: isDenied(action) }).toEqual({ who, action, isDenied: true });
        for (const action of ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'])
          expect(isDenied(action, { overTls: false })).toBe(true);
        expect(evaluate(policy, request(who, 's3:PutBucketPolicy', bucketArn)).isAllowed).toBe(false);
      }
    });
  });
});

describe('judgeAuditTablePolicy', () => {
  const tableArn = 'arn:aws:dynamodb:eu-west-1:123456789012:table/audit';
  const { either } = arbitraryStatements({
    roles: [auditAdmin],
    actions: ['dynamodb:*', 'dynamodb:PutItem', 'DynamoDB:query', 'dynamodb:Delete*', 'dynamodb:UpdateItem'],
    resources: ['*', tableArn, `${tableArn}-of-others`],
  });
  const judged = (policy: PolicyJson) =>
    judgeAuditTablePolicy(read(policy), { table: 'audit', admin: auditAdmin });
  const judge = (policy: PolicyJson) => {
    const { wrong, unclear } = judged(policy);
    return [...wrong, ...unclear].length === 0 ? 'ok' : 'not';
  };

  it('says that all is well only when one role at most changes, and nobody adds or reads from outside', () => {
    expectOfWell(changed(auditTablePolicy(), either), judge, (policy) => {
      const { admins } = judged(policy);
      expect([[], [auditAdmin]]).toContainEqual(admins);
      for (const who of everybody) {
        const asked = (action: string) => evaluate(policy, request(who, action, tableArn));
        for (const action of ['dynamodb:DeleteItem', 'dynamodb:UpdateItem'])
          expect({ who, isDenied: admins.includes(who) || asked(action).isDenied }).toEqual({
            who,
            isDenied: true,
          });
        expect({ who, adds: asked('dynamodb:PutItem').isAllowed }).toEqual({ who, adds: false });
        if (!who.includes('::123456789012:'))
          expect({ who, reads: asked('dynamodb:Query').isAllowed }).toEqual({ who, reads: false });
      }
    });
  });
});

describe('judgeTopicPolicy', () => {
  const { either } = arbitraryStatements({
    roles: [],
    actions: ['sns:Publish', 'SNS:publish', 'sns:*', 'sns:Subscribe', 'sns:GetTopicAttributes'],
    resources: ['*', topicArn, `${topicArn}-of-others`],
  });
  const judge = (policy: PolicyJson) =>
    judgeTopicPolicy(read(policy), { topic: topicArn, encryptionKey: undefined }).status;
  const own = { sourceAccount: '123456789012' };
  const unnamed = 'arn:aws:iam::888888888888:role/unnamed';
  const outsiders = [unnamed, ...everybody.filter((who) => !who.includes('::123456789012:'))];

  it('says that all is well only when alarms are heard, and nobody of another account is', () => {
    expectOfWell(changed(topicPolicy(), either), judge, (policy) => {
      const alarm = request('cloudwatch.amazonaws.com', 'sns:Publish', topicArn, own);
      expect(evaluate(policy, alarm)).toEqual({ isDenied: false, isAllowed: true });
      for (const action of ['sns:Publish', 'sns:Subscribe'])
        for (const who of outsiders)
          expect({ who, may: evaluate(policy, request(who, action, topicArn)).isAllowed }).toEqual({
            who,
            may: false,
          });
      for (const who of [...everybody, unnamed]) {
        expect(evaluate(policy, request(who, 'sns:Publish', topicArn, { overTls: false })).isDenied).toBe(
          true,
        );
        expect(evaluate(policy, request(who, 'sns:Publish', topicArn)).isDenied).toBe(false);
      }
    });
  });
});
