import { outputOf } from '../deployed-stack.ts';
import { shortHash } from '../plan-text.ts';
import { type Check, missing, notChecked, ok } from './check.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';

/** Whether the functions carry out the policy that lies on this machine. */
export async function checkDeployedPolicy({ stack, policyFile }: DeployCheckDeps): Promise<Check> {
  const deployed = outputOf(stack, 'policyHash');
  if (policyFile === undefined)
    return notChecked(
      `There is no policy file here to compare with ${shortHash(deployed)}; name one with --policy.`,
    );
  const { path, hash, policy } = policyFile;
  const workspaceId = outputOf(stack, 'workspaceId');
  if (policy.workspaceId !== workspaceId)
    return missing(
      `${path} is written for the workspace ${policy.workspaceId}, and the stack is for ${workspaceId}; name that one's policy with --policy.`,
    );
  return hash === deployed
    ? ok(`${path} is what was deployed (${shortHash(hash)}, mode ${policy.mode}).`)
    : missing(
        `${path} is ${shortHash(hash)}, but ${shortHash(deployed)} was deployed; deploy again, or undo the change.`,
      );
}
