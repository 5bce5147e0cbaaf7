import { TimeZone } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { envNames } from '#runtime/env-names.ts';
import type { AuditTable } from './audit-table.ts';
import type { Deployment } from './deployment.ts';
import { RetentionFunction } from './retention-function.ts';
import { SealBucket } from './seal-bucket.ts';
import { SealKey } from './seal-key.ts';
import { SliceLoop } from './slice-loop.ts';

/** A slice ends a minute before this. */
const timeoutSeconds = 660;

/** Seals each day of the audit trail once it is over, so that whoever changes it afterwards can be shown to have. */
export class Sealing extends Construct {
  readonly sealer: RetentionFunction;
  readonly key: SealKey;
  readonly bucket: SealBucket;
  readonly loop: SliceLoop;

  constructor(
    scope: Construct,
    id: string,
    deployment: Deployment,
    { audit, deadLetters }: { readonly audit: AuditTable; readonly deadLetters: IQueue },
  ) {
    super(scope, id);
    const { settings } = deployment;
    this.sealer = new RetentionFunction(this, 'Slice', deployment, {
      handler: 'seal',
      description: 'One slice of sealing: the days of the audit trail that are over and have no seal yet',
      memoryMb: 512,
      timeoutSeconds,
      onFailure: 'The state machine repeats the slice, and fails with an alarm in the end.',
      needs: 'workspace',
    });
    audit.grantSeal(this.sealer);
    this.key = new SealKey(this, 'Signing', this.sealer);
    this.bucket = new SealBucket(this, 'Kept', this.sealer, settings);
    const { sealSettlingDelay } = settings;
    if (sealSettlingDelay !== undefined)
      this.sealer.setVariable(envNames.sealSettlingDelay, sealSettlingDelay);
    this.loop = new SliceLoop(this, 'Loop', deployment, {
      name: 'Seal',
      worker: this.sealer,
      cron: settings.sealSchedule,
      timeZone: TimeZone.ETC_UTC, // days of the audit trail are UTC's
      atTheEnd: new Succeed(this, 'Sealed', { stateName: 'Sealed' }),
      deadLetters,
    });
  }
}
