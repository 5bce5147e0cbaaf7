import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { envNames } from '#runtime/env-names.ts';
import { acknowledge, acknowledgeEveryObject } from './acknowledge.ts';
import type { RetentionFunction } from './retention-function.ts';
import type { Settings } from './settings.ts';

/** A first deployment that fails takes the empty bucket away again; nothing else does. */
const keptOnceInUse = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/** Keeps a copy of each seal where not even whoever rewrites the audit trail can take it away before its time. */
export class SealBucket extends Construct {
  readonly bucket: Bucket;

  constructor(
    scope: Construct,
    id: string,
    sealer: RetentionFunction,
    { sealRetentionDays, sealLock, auditAdminRole }: Settings,
  ) {
    super(scope, id);
    const retention = Duration.days(sealRetentionDays);
    this.bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      objectLockDefaultRetention:
        sealLock === 'compliance'
          ? ObjectLockRetention.compliance(retention)
          : ObjectLockRetention.governance(retention),
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: keptOnceInUse,
    });
    acknowledge(
      this.bucket,
      'noAccessLog',
      'One function writes a kilobyte a day here and auditors read it; CloudTrail can record more where it is wanted.',
    );
    const { partition, account } = Stack.of(this);
    this.bucket.policy?.applyRemovalPolicy(keptOnceInUse); // it has to outlive the stack with the bucket
    this.#deny('OnlyTheSealingFunctionWrites', ['s3:PutObject'], sealer.role.roleArn);
    this.#deny(
      'OnlyTheAuditAdminDeletes',
      ['s3:BypassGovernanceRetention', 's3:DeleteObject', 's3:DeleteObjectVersion'],
      `arn:${partition}:iam::${account}:role/${auditAdminRole}`,
    );
    sealer.setVariable(envNames.sealBucket, this.bucket.bucketName);
    sealer.allow(['s3:GetObject', 's3:PutObject'], [this.bucket.arnForObjects('*')]);
    sealer.allow(['s3:ListBucket'], [this.bucket.bucketArn]); // or S3 says of what is missing only that it is forbidden
    acknowledgeEveryObject(sealer.role, this.bucket);
  }

  #deny(sid: string, actions: readonly string[], butRoleArn: string): void {
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: [...actions],
        resources: [this.bucket.arnForObjects('*')],
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': butRoleArn } },
      }),
    );
  }
}
