import { outputOf } from '../deployed-stack.ts';
import { printable } from '../printable.ts';
import { type Check, missing, ok } from './check.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';
import { refusedIsMissing } from './refused-is-missing.ts';

/** Whether Intercom takes the token, and says that it is of the right workspace. */
export async function checkToken({ stack, openIntercom }: DeployCheckDeps): Promise<Check> {
  const expected = outputOf(stack, 'workspaceId');
  const intercom = await openIntercom();
  return refusedIsMissing(async () => {
    const { workspaceId, name } = await intercom.identify();
    return workspaceId === expected
      ? ok(`Intercom takes it, for the workspace ${printable(name)} (${workspaceId}).`)
      : missing(
          `It is of the workspace ${workspaceId} (${printable(name)}), but ${expected} was deployed for; put that workspace's token into the secret.`,
        );
  });
}
