import { CliError } from './cli-error.ts';
import type { Store } from './open-store.ts';
import type { PolicyFile } from './policy-file.ts';

/**
 * A pause or a hold that is written where no deployed function looks would stop nothing.
 * @throws CliError when the store is for another workspace than the policy is written for.
 */
export function assertStoreOf(
  { workspaceId }: Pick<Store, 'workspaceId'>,
  { policy, path }: Pick<PolicyFile, 'policy' | 'path'>,
): void {
  if (workspaceId === undefined || workspaceId === policy.workspaceId) return;
  throw new CliError(
    'stack_of_other_workspace',
    `The stack is for the workspace ${workspaceId}, but ${path} is written for ${policy.workspaceId}; name that workspace's stack, or its policy with --policy.`,
  );
}
