import { DescribeKeyCommand, type KeyMetadata, NotFoundException } from '@aws-sdk/client-kms';
import { askAws } from '../aws-error.ts';
import { outputOf } from '../deployed-stack.ts';
import { type Check, missing, ok } from './check.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';
import { gone } from './gone.ts';

/** Whether the key that signs the seals is there, of the kind that the stack makes, and able to. */
export async function checkSealKey({ stack, aws }: DeployCheckDeps): Promise<Check> {
  const KeyId = outputOf(stack, 'sealKey');
  const key = await askAws('kms:DescribeKey', async (): Promise<Partial<KeyMetadata> | undefined> => {
    try {
      return (await aws.kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata ?? {};
    } catch (error) {
      if (error instanceof NotFoundException) return undefined;
      throw error;
    }
  });
  if (key === undefined) return gone(`${KeyId} is gone, so no day is sealed any more`);
  const { KeyState = 'unknown', KeyUsage, KeySpec } = key;
  if (KeyUsage !== 'SIGN_VERIFY' || KeySpec !== 'ECC_NIST_P256')
    return missing(
      `${KeyId} is for ${KeyUsage ?? '?'} with ${KeySpec ?? '?'}, and seals are signed (SIGN_VERIFY) with ECC_NIST_P256; it is not the key that was deployed: find out who took it in its place, and deploy again.`,
    );
  if (KeyState !== 'Enabled')
    return missing(
      `${KeyId} is ${KeyState}, so no day is sealed; find out who did that, then enable it or cancel its deletion.`,
    );
  return ok(`${KeyId} is enabled, and signs with ECC_NIST_P256.`);
}
