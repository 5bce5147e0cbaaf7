import {
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  type ObjectLockConfiguration,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { askAws } from '../aws-error.ts';
import { outputOf } from '../deployed-stack.ts';
import { countOf } from '../number-text.ts';
import { type Check, missing, ok } from './check.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';
import { gone } from './gone.ts';

/** Whether the copies of the seals are kept and locked against whoever rewrites the audit trail. */
export async function checkSealBucket({ stack, aws }: DeployCheckDeps): Promise<Check> {
  const Bucket = outputOf(stack, 'sealBucket');
  const lock = await askAws('s3:GetBucketObjectLockConfiguration', async () => {
    try {
      const answer = await aws.s3.send(new GetObjectLockConfigurationCommand({ Bucket }));
      return answer.ObjectLockConfiguration ?? {};
    } catch (error) {
      if (isNoLock(error)) return {};
      if (error instanceof S3ServiceException && error.name === 'NoSuchBucket') return undefined;
      throw error;
    }
  });
  if (lock === undefined) return gone(`There is no bucket ${Bucket} any more`);
  const { Mode, Days, Years } = lock.Rule?.DefaultRetention ?? {};
  if (!isLocked(lock))
    return missing(
      `${Bucket} locks nothing that is put into it, so a seal could be taken away; somebody changed it by hand: find out who, and set its default retention again.`,
    );
  const { Status: versioning = 'off' } = await askAws('s3:GetBucketVersioning', () =>
    aws.s3.send(new GetBucketVersioningCommand({ Bucket })),
  );
  if (versioning !== 'Enabled')
    return missing(
      `${Bucket} keeps no versions (${versioning.toLowerCase()}), so a seal could be written over; somebody changed it by hand: find out who, and enable its versioning again.`,
    );
  const length = Years === undefined ? countOf(Days ?? 0, 'day') : countOf(Years, 'year');
  return ok(
    `${Bucket} locks each version of a seal for ${length} (${Mode?.toLowerCase()}); look whether that is what was deployed.`,
  );
}

const isLocked = ({ ObjectLockEnabled, Rule }: ObjectLockConfiguration): boolean =>
  ObjectLockEnabled === 'Enabled' &&
  Rule?.DefaultRetention?.Mode !== undefined &&
  (Rule.DefaultRetention.Days ?? Rule.DefaultRetention.Years ?? 0) > 0;

/** S3 has no class for it. */
const isNoLock = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.name === 'ObjectLockConfigurationNotFoundError';
