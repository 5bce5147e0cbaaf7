/** The policies of what a stack makes, as the template has them with these names; test/infra/deployed-policies.test.ts compares. */

const account = 'arn:aws:iam::123456789012';

export const sealKeyArn = 'arn:aws:kms:eu-west-1:123456789012:key/1';
export const sealBucketName = 'seals';
export const topicArn = 'arn:aws:sns:eu-west-1:123456789012:notifications';
export const sealingRoleName = 'sealing-role';
export const sealingRole = `${account}:role/${sealingRoleName}`;
export const auditAdmin = `${account}:role/intercom-retention-audit-admin`;

/** A policy before it is text. Tests change it. */
export interface PolicyJson {
  readonly Version: string;
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

const policyOf = (...statements: PolicyJson['Statement']): PolicyJson => ({
  Version: '2012-10-17',
  Statement: statements,
});

const everybodyBut = (role: string) => ({ ArnNotEquals: { 'aws:PrincipalArn': role } });
const overPlainHttp = { Bool: { 'aws:SecureTransport': 'false' } };

export const auditTablePolicy = (): PolicyJson =>
  policyOf({
    Action: [
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:DeleteTable',
      'dynamodb:PartiQLDelete',
      'dynamodb:PartiQLUpdate',
      'dynamodb:UpdateItem',
      'dynamodb:UpdateTimeToLive',
    ],
    Condition: everybodyBut(auditAdmin),
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Resource: '*',
    Sid: 'OnlyTheAuditAdminDeletes',
  });

export const sealKeyPolicy = (): PolicyJson =>
  policyOf(
    {
      Action: [
        'kms:CancelKeyDeletion',
        'kms:DescribeKey',
        'kms:DisableKey',
        'kms:EnableKey',
        'kms:GetKeyPolicy',
        'kms:GetKeyRotationStatus',
        'kms:GetPublicKey',
        'kms:ListGrants',
        'kms:ListKeyPolicies',
        'kms:ListResourceTags',
        'kms:PutKeyPolicy',
        'kms:RevokeGrant',
        'kms:ScheduleKeyDeletion',
        'kms:TagResource',
        'kms:UntagResource',
        'kms:UpdateKeyDescription',
      ],
      Effect: 'Allow',
      Principal: { AWS: `${account}:root` },
      Resource: '*',
      Sid: 'TheAccountAdministers',
    },
    {
      Action: ['kms:GetPublicKey', 'kms:Sign'],
      Effect: 'Allow',
      Principal: { AWS: sealingRole },
      Resource: '*',
      Sid: 'TheSealingFunctionSigns',
    },
    {
      Action: ['kms:CreateGrant', 'kms:Sign'],
      Condition: everybodyBut(sealingRole),
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Resource: '*',
      Sid: 'NobodyElseSigns',
    },
  );

export const sealBucketPolicy = (): PolicyJson =>
  policyOf(
    {
      Action: 's3:*',
      Condition: overPlainHttp,
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Resource: [`arn:aws:s3:::${sealBucketName}`, `arn:aws:s3:::${sealBucketName}/*`],
    },
    {
      Action: 's3:PutObject',
      Condition: everybodyBut(sealingRole),
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Resource: `arn:aws:s3:::${sealBucketName}/*`,
      Sid: 'OnlyTheSealingFunctionWrites',
    },
    {
      Action: ['s3:BypassGovernanceRetention', 's3:DeleteObject', 's3:DeleteObjectVersion'],
      Condition: everybodyBut(auditAdmin),
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Resource: `arn:aws:s3:::${sealBucketName}/*`,
      Sid: 'OnlyTheAuditAdminDeletes',
    },
  );

export const topicPolicy = (): PolicyJson =>
  policyOf(
    {
      Action: 'sns:Publish',
      Condition: overPlainHttp,
      Effect: 'Deny',
      Principal: '*',
      Resource: topicArn,
      Sid: 'AllowPublishThroughSSLOnly',
    },
    {
      Action: 'sns:Publish',
      Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Resource: topicArn,
      Sid: 'AlarmsMayTell',
    },
  );

/** The same policy with more said at its end. */
export const withStatement = (
  { Statement, ...policy }: PolicyJson,
  ...more: PolicyJson['Statement']
): PolicyJson => ({ ...policy, Statement: [...Statement, ...more] });

/** The same policy with something else in the statement of a Sid; undefined takes the statement out. */
export const withChanged = (
  { Statement, ...policy }: PolicyJson,
  sid: string,
  change: object | undefined,
): PolicyJson => ({
  ...policy,
  Statement: Statement.flatMap((statement) => {
    if (statement['Sid'] !== sid) return [statement];
    return change === undefined ? [] : [{ ...statement, ...change }];
  }),
});
