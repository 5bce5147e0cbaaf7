import { type CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { ConfigurationError } from '#sweep/errors.ts';
import { askAws } from '../aws-error.ts';
import { type DeployedStack, outputOf } from '../deployed-stack.ts';
import { arnParts } from './arn-parts.ts';

/** How the template calls it; CloudFormation adds a hash. */
export const isSealingRole = (logicalId: string): boolean => /^SealingSliceRole[0-9A-F]{8}$/.test(logicalId);

/** ARN of the role of the stack's sealing function. @throws OutsideError, ConfigurationError */
export async function readSealingRole(client: CloudFormationClient, stack: DeployedStack): Promise<string> {
  const name = await findRoleName(client, stack.name);
  if (name === undefined)
    throw new ConfigurationError(
      `The stack ${stack.name} has no role of a sealing function, so nobody can say who may sign; deploy this version again.`,
    );
  const { partition, account } = arnParts(outputOf(stack, 'sealKey'));
  return `arn:${partition}:iam::${account}:role/${name}`;
}

async function findRoleName(client: CloudFormationClient, StackName: string): Promise<string | undefined> {
  let next: string | undefined;
  do {
    const NextToken = next;
    const page = await askAws('cloudformation:ListStackResources', () =>
      client.send(
        new ListStackResourcesCommand({ StackName, ...(NextToken === undefined ? {} : { NextToken }) }),
      ),
    );
    const found = page.StackResourceSummaries?.find(
      ({ ResourceType, LogicalResourceId = '' }) =>
        ResourceType === 'AWS::IAM::Role' && isSealingRole(LogicalResourceId),
    );
    if (found?.PhysicalResourceId !== undefined) return found.PhysicalResourceId;
    next = page.NextToken;
  } while (next !== undefined && next !== '');
  return undefined;
}
