import { describe, expect, it } from 'vitest';
import { judgeAuditTablePolicy } from '#cli/deploy-check/audit-table-policy.ts';
import { readPolicyDocument } from '#cli/deploy-check/policy-document.ts';
import { judgeSealBucketPolicy } from '#cli/deploy-check/seal-bucket-policy.ts';
import { judgeSealKeyPolicy } from '#cli/deploy-check/seal-key-policy.ts';
import { isSealingRole } from '#cli/deploy-check/sealing-role.ts';
import { judgeTopicPolicy } from '#cli/deploy-check/topic-policy.ts';
import { outputNames } from '#runtime/output-names.ts';
import {
  auditAdmin,
  auditTablePolicy,
  sealBucketName,
  sealBucketPolicy,
  sealingRole,
  sealKeyArn,
  sealKeyPolicy,
  topicArn,
  topicPolicy,
} from '#support/stack-policies.ts';
import { type Json, roleOf, synthesizeTemplate } from '#support/template.ts';

const template = synthesizeTemplate();
const sealersRole = roleOf(template.one('AWS::Lambda::Function', 'SealingSlice'));

/** A policy of the template with the names that CloudFormation would put into it. */
function deployed(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(deployed);
  if (value['Fn::Join'] !== undefined) return deployed(value['Fn::Join'][1]).join(value['Fn::Join'][0]);
  if (value['Fn::GetAtt'] !== undefined) return arnOf(value['Fn::GetAtt'][0]);
  if (value.Ref !== undefined)
    return (
      { 'AWS::Partition': 'aws', 'AWS::AccountId': '123456789012' }[value.Ref as string] ?? arnOf(value.Ref)
    );
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, deployed(each)]));
}

function arnOf(id: string): string {
  if (id === sealersRole) return sealingRole;
  if (id.startsWith('SealingKeptBucket')) return `arn:aws:s3:::${sealBucketName}`;
  if (id.startsWith('NotificationsTopic')) return topicArn;
  throw new Error(`No ARN is known for ${id}.`);
}

const only = (type: string): Json => {
  const [one, ...others] = template.all(type);
  expect(others).toEqual([]);
  return one!.properties;
};
const keyPolicy = deployed(only('AWS::KMS::Key').KeyPolicy);
const bucketPolicy = deployed(only('AWS::S3::BucketPolicy').PolicyDocument);
const topicsPolicy = deployed(only('AWS::SNS::TopicPolicy').PolicyDocument);
const tablePolicy = deployed(
  template.one('AWS::DynamoDB::Table', 'StoresAudit').properties.ResourcePolicy.PolicyDocument,
);
const read = (policy: Json) => readPolicyDocument(JSON.stringify(policy));

describe('the policies of the synthesized template', () => {
  it('are what deploy-check takes for well', () => {
    expect(judgeSealKeyPolicy(read(keyPolicy), { key: sealKeyArn, sealer: sealingRole })).toEqual({
      status: 'ok',
      message: `Nobody but ${sealingRole} may sign with ${sealKeyArn}.`,
    });
    expect(
      judgeSealBucketPolicy(read(bucketPolicy), {
        bucket: sealBucketName,
        arn: `arn:aws:s3:::${sealBucketName}`,
        sealer: sealingRole,
        admin: auditAdmin,
        isClosedToThePublic: true,
      }),
    ).toMatchObject({ status: 'ok', message: expect.stringContaining(`nobody but ${auditAdmin} deletes`) });
    expect(judgeTopicPolicy(read(topicsPolicy), { topic: topicArn, encryptionKey: undefined })).toMatchObject(
      {
        status: 'ok',
      },
    );
    expect(judgeAuditTablePolicy(read(tablePolicy), { table: 'audit', admin: auditAdmin })).toEqual({
      admins: [auditAdmin],
      wrong: [],
      unclear: [],
    });
  });

  it('are what the look-alike of a deployed stack has', () => {
    expect(keyPolicy).toEqual(sealKeyPolicy());
    expect(bucketPolicy).toEqual(sealBucketPolicy());
    expect(topicsPolicy).toEqual(topicPolicy());
    expect(tablePolicy).toEqual(auditTablePolicy());
  });

  it('spare the role that the outputs name', () => {
    expect(deployed(template.outputs[outputNames.auditAdminRole].Value)).toBe(auditAdmin);
  });

  it('are about a topic that is not encrypted with a key that CloudWatch may not use', () => {
    expect(only('AWS::SNS::Topic')).not.toHaveProperty('KmsMasterKeyId');
  });

  it('name the role of the sealing function, which is found by what the template calls it', () => {
    const roles = template.all('AWS::IAM::Role').map(({ id }) => id);
    expect(roles.filter(isSealingRole)).toEqual([sealersRole]);
  });
});
