import { type CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { outputNames } from '#runtime/output-names.ts';
import { askAws } from './aws-error.ts';
import { CliError } from './cli-error.ts';

export type OutputName = keyof typeof outputNames;

/** What CloudFormation says of one deployed stack. */
export interface DeployedStack {
  readonly name: string;
  /** CloudFormation's word: `CREATE_COMPLETE` … */
  readonly status: string;
  /** By their names in the template. */
  readonly outputs: ReadonlyMap<string, string>;
}

/** Undefined when there is no stack of this name. @throws OutsideError, ConfigurationError */
export async function findStack(
  client: CloudFormationClient,
  name: string,
): Promise<DeployedStack | undefined> {
  const found = await askAws('cloudformation:DescribeStacks', async () => {
    try {
      return (await client.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0];
    } catch (error) {
      if (isNoSuchStack(error)) return undefined;
      throw error;
    }
  });
  return found === undefined ? undefined : toDeployedStack(name, found);
}

/** CloudFormation has no error of its own for it. */
const isNoSuchStack = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message);

const toDeployedStack = (name: string, { StackStatus, Outputs = [] }: Stack): DeployedStack => ({
  name,
  status: StackStatus ?? 'UNKNOWN',
  outputs: new Map(
    Outputs.flatMap(({ OutputKey, OutputValue }) =>
      OutputKey === undefined || OutputValue === undefined ? [] : [[OutputKey, OutputValue]],
    ),
  ),
});

/**
 * Was complete once and is not being removed, so that its outputs are of things that are there. An update under way or gone
 * wrong is no hindrance: whoever wants to stop deletions must not have to wait for it.
 */
const usable = /^(CREATE_COMPLETE|UPDATE_.*|IMPORT_.*)$/;

/** The stack, when its outputs can be relied on. @throws CliError otherwise; OutsideError, ConfigurationError */
export async function requireStack(client: CloudFormationClient, name: string): Promise<DeployedStack> {
  const stack = await findStack(client, name);
  if (stack === undefined) throw new CliError('stack_missing', noStackText(name));
  if (usable.test(stack.status)) return stack;
  throw new CliError(
    'stack_incomplete',
    `The stack ${name} is ${stack.status}; deploy it again, or for tables that a stack has left behind set AUDIT_TABLE and STATE_TABLE instead.`,
  );
}

export const noStackText = (name: string): string =>
  `There is no stack ${name} in this account and region; check the name, AWS_PROFILE and AWS_REGION, or deploy it first (docs/deploy.md).`;

/** @throws CliError when the stack is of a version that did not have this output. */
export function outputOf({ name, outputs }: DeployedStack, output: OutputName): string {
  const value = outputs.get(outputNames[output]);
  if (value !== undefined) return value;
  throw new CliError(
    'stack_outdated',
    `The stack ${name} has no output ${outputNames[output]}, so an older version made it, or another program; deploy this version.`,
  );
}

export interface StackTables {
  readonly auditTable: string;
  readonly stateTable: string;
  readonly workspaceId: WorkspaceId;
}

/** Where a deployed stack keeps its audit trail and state, and of which workspace. @throws CliError */
export const tablesIn = (stack: DeployedStack): StackTables => ({
  auditTable: outputOf(stack, 'auditTable'),
  stateTable: outputOf(stack, 'stateTable'),
  workspaceId: brandId<WorkspaceId>(outputOf(stack, 'workspaceId')),
});
