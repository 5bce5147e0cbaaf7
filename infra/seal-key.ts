import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AccountRootPrincipal,
  AnyPrincipal,
  Effect,
  PolicyDocument,
  PolicyStatement,
} from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { envNames } from '#runtime/env-names.ts';
import type { RetentionFunction } from './retention-function.ts';

/** What the account does with the key: all but sign, and but let others sign. */
const administration = [
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
];

/** Signs the seals of the audit trail. It never leaves KMS, and nobody but the sealing function may sign with it. */
export class SealKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, sealer: RetentionFunction) {
    super(scope, id);
    const { roleArn } = sealer.role;
    this.key = new Key(this, 'Key', {
      description: `Signs the seals of the audit trail of ${Stack.of(this).stackName}`,
      keySpec: KeySpec.ECC_NIST_P256,
      keyUsage: KeyUsage.SIGN_VERIFY,
      // Kept by all but a first deployment that fails, before which it has signed nothing.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      policy: new PolicyDocument({
        statements: [
          new PolicyStatement({
            sid: 'TheAccountAdministers',
            principals: [new AccountRootPrincipal()],
            actions: administration,
            resources: ['*'], // this key; a policy cannot name the key that it is part of
          }),
          new PolicyStatement({
            sid: 'TheSealingFunctionSigns',
            principals: [sealer.role],
            actions: ['kms:Sign', 'kms:GetPublicKey'],
            resources: ['*'],
          }),
          new PolicyStatement({
            sid: 'NobodyElseSigns',
            effect: Effect.DENY,
            principals: [new AnyPrincipal()],
            actions: ['kms:Sign', 'kms:CreateGrant'],
            resources: ['*'],
            conditions: { ArnNotEquals: { 'aws:PrincipalArn': roleArn } },
          }),
        ],
      }),
    });
    sealer.setVariable(envNames.sealKeyId, this.key.keyArn);
    sealer.allow(['kms:Sign', 'kms:GetPublicKey'], [this.key.keyArn]);
  }
}
