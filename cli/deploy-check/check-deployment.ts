import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { awsClientSettings } from '../aws-client-settings.ts';
import { findStack } from '../deployed-stack.ts';
import { type NamedCheck, runChecks } from './all-checks.ts';
import { type OpenChecks, openChecks } from './open-checks.ts';
import { checkStack } from './stack.ts';

/** All checks of a stack; of one that is not there or has made nothing yet, only that. @throws OutsideError, ConfigurationError */
export async function checkDeployment(
  name: string,
  open: Omit<OpenChecks, 'stack' | 'cloudFormation'>,
): Promise<readonly NamedCheck[]> {
  const cloudFormation = new CloudFormationClient(awsClientSettings);
  const stack = await findStack(cloudFormation, name);
  const itself = { name: 'stack', ...checkStack(name, stack) };
  if (stack === undefined || stack.outputs.size === 0) return [itself];
  return [itself, ...(await runChecks(openChecks({ ...open, stack, cloudFormation })))];
}
