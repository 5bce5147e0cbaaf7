import { DescribeKeyCommand, NotFoundException } from '@aws-sdk/client-kms';
import { askAws } from '../aws-error.ts';
import { outputOf } from '../deployed-stack.ts';
import { type Check, missing, ok } from './check.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';

/** Whether the key that signs the seals is there, and able to. */
export async function checkSealKey({ stack, aws }: DeployCheckDeps): Promise<Check> {
  const KeyId = outputOf(stack, 'sealKey');
  const state = await askAws('kms:DescribeKey', async () => {
    try {
      return (await aws.kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState ?? 'unknown';
    } catch (error) {
      if (error instanceof NotFoundException) return 'gone';
      throw error;
    }
  });
  if (state === 'Enabled') return ok(`${KeyId} is enabled. Who may sign with it was not looked at.`);
  return missing(
    state === 'gone'
      ? `${KeyId} is gone, so no day is sealed any more; find out who removed it, and deploy with a new one.`
      : `${KeyId} is ${state}, so no day is sealed; find out who did that, then enable it or cancel its deletion.`,
  );
}
