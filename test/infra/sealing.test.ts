import { describe, expect, it } from 'vitest';
import { type Json, type Resource, roleOf, synthesizeTemplate } from '#support/template.ts';

const template = synthesizeTemplate({ timeZone: 'Asia/Tokyo' });
const sealer = template.one('AWS::Lambda::Function', 'SealingSlice');
const keys = template.all('AWS::KMS::Key');
const buckets = template.all('AWS::S3::Bucket');

const list = (value: Json): Json[] => (Array.isArray(value) ? value : [value]);
const statementsAbout = (bucket: Resource): Json[] =>
  template
    .all('AWS::S3::BucketPolicy')
    .filter(({ properties }) => properties.Bucket.Ref === bucket.id)
    .flatMap(({ properties }) => properties.PolicyDocument.Statement);
const kept = ({ deletionPolicy, updateReplacePolicy }: Resource) => [deletionPolicy, updateReplacePolicy];
/** CloudFormation then deletes it in one case only: the deployment that makes it is rolled back. */
const onceInUse = ['RetainExceptOnCreate', 'Retain'];
const sealersRole = { 'Fn::GetAtt': [roleOf(sealer), 'Arn'] };

describe('the key', () => {
  it('is one, on the curve P-256, for signing only', () => {
    expect(keys.map(({ properties }) => [properties.KeySpec, properties.KeyUsage])).toEqual([
      ['ECC_NIST_P256', 'SIGN_VERIFY'],
    ]);
  });

  it('stays when the stack goes, but not when the deployment that makes it fails', () => {
    expect(keys.map(kept)).toEqual([onceInUse]);
  });

  it('signs for the sealing function, and for nobody whom the account or a grant would let', () => {
    const statements: Json[] = keys[0]!.properties.KeyPolicy.Statement;
    const allowed = statements.filter(
      ({ Effect, Action }) => Effect === 'Allow' && list(Action).includes('kms:Sign'),
    );
    expect(allowed.map(({ Principal }) => Principal)).toEqual([{ AWS: sealersRole }]);
    expect(JSON.stringify(statements)).not.toMatch(/kms:[A-Za-z]*\*/);
    const [denied, ...others] = statements.filter(({ Effect }) => Effect === 'Deny');
    expect(others).toEqual([]);
    expect(denied).toMatchObject({
      Principal: { AWS: '*' },
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': sealersRole } },
    });
    expect(list(denied.Action).toSorted()).toEqual(['kms:CreateGrant', 'kms:Sign']);
  });
});

describe('the bucket of seals', { timeout: 120_000 }, () => {
  const [bucket, ...others] = buckets as [Resource, ...Resource[]];

  it('is one, closed to the public, encrypted and versioned', () => {
    expect(others).toEqual([]);
    expect(bucket.properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
    expect(bucket.properties.BucketEncryption.ServerSideEncryptionConfiguration).toHaveLength(1);
  });

  it('stays when the stack goes, but not when the deployment that makes it fails', () => {
    expect(kept(bucket)).toEqual(onceInUse);
  });

  it('keeps its policy when the stack goes, or anybody could empty it then', () => {
    expect(template.all('AWS::S3::BucketPolicy').map(kept)).toEqual([onceInUse]);
  });

  it.each([
    [{}, 'GOVERNANCE', 3650],
    [{ sealLock: 'compliance', sealRetentionDays: 2557 }, 'COMPLIANCE', 2557],
  ])('locks each seal as the settings say: %j', (settings, mode, days) => {
    const [locked] = synthesizeTemplate(settings).all('AWS::S3::Bucket');
    expect(locked!.properties.ObjectLockEnabled).toBe(true);
    expect(locked!.properties.ObjectLockConfiguration.Rule.DefaultRetention).toEqual({
      Mode: mode,
      Days: days,
    });
  });

  it('takes seals from the sealing function alone, and deletes for nobody but one named role, over TLS', () => {
    const denied = new Map(
      statementsAbout(bucket).map((statement) => {
        expect(statement).toMatchObject({ Effect: 'Deny', Principal: { AWS: '*' } });
        return [list(statement.Action).toSorted().join(' '), JSON.stringify(statement.Condition)];
      }),
    );
    expect([...denied.keys()].toSorted()).toEqual([
      's3:*',
      's3:BypassGovernanceRetention s3:DeleteObject s3:DeleteObjectVersion',
      's3:PutObject',
    ]);
    expect(denied.get('s3:*')).toBe('{"Bool":{"aws:SecureTransport":"false"}}');
    expect(denied.get('s3:PutObject')).toBe(
      JSON.stringify({ ArnNotEquals: { 'aws:PrincipalArn': sealersRole } }),
    );
    expect(denied.get('s3:BypassGovernanceRetention s3:DeleteObject s3:DeleteObjectVersion')).toMatch(
      /^\{"ArnNotEquals":\{"aws:PrincipalArn":.*:role\/intercom-retention-audit-admin"\]\]\}\}\}$/,
    );
  });
});

describe('sealing', { timeout: 120_000 }, () => {
  it('begins every night when the UTC day is over and late records had their hour, whatever zone the rest is in', () => {
    const { properties } = template.one('AWS::Scheduler::Schedule', 'SealingLoopSchedule');
    expect(properties).toMatchObject({
      ScheduleExpression: 'cron(30 2 * * ? *)',
      ScheduleExpressionTimezone: 'Etc/UTC',
      State: 'ENABLED',
    });
  });

  it('knows its key, its bucket and how long to wait', () => {
    const variables = (settings: object): Json =>
      synthesizeTemplate({ ...settings }).one('AWS::Lambda::Function', 'SealingSlice').properties.Environment
        .Variables;
    expect(variables({})).toMatchObject({
      SEAL_KEY_ID: { 'Fn::GetAtt': [keys[0]!.id, 'Arn'] },
      SEAL_BUCKET: { Ref: buckets[0]!.id },
    });
    expect(variables({})).not.toHaveProperty('SEAL_SETTLING_DELAY');
    expect(variables({ sealSettlingDelay: '3h' })).toMatchObject({ SEAL_SETTLING_DELAY: '3h' });
  });

  it('is told by outputs', () => {
    const named = Object.keys(template.outputs).filter((name) => name.startsWith('Seal'));
    expect(named.toSorted()).toEqual([
      'SealBucketName',
      'SealFunctionName',
      'SealKeyArn',
      'SealScheduleName',
      'SealStateMachineArn',
    ]);
  });
});
