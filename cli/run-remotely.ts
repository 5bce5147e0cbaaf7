import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { SFNClient } from '@aws-sdk/client-sfn';
import { v7 as uuidv7 } from 'uuid';
import type { WorkspaceId } from '#policy/ids.ts';
import { OutsideError } from '#sweep/errors.ts';
import { assertStoreOf } from './assert-store-of.ts';
import { awsClientSettings } from './aws-client-settings.ts';
import { CliError, usageError } from './cli-error.ts';
import type { CommandContext, CommonFlags } from './command-context.ts';
import { commandToType } from './command-to-type.ts';
import { type DeployedStack, outputOf, requireStack, tablesIn } from './deployed-stack.ts';
import type { ExecutionEnd } from './execution-end.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { stopOnInterrupt } from './interruption.ts';
import { countOf, countText } from './number-text.ts';
import { openStore, type Store } from './open-store.ts';
import type { Output } from './output.ts';
import { type PolicyFile, readPolicyFile } from './policy-file.ts';
import { showProgress } from './progress.ts';
import { observeRun, remoteRunReport } from './remote-run-report.ts';
import { followSweep, type RemoteSweep, startOrJoin } from './remote-sweep.ts';
import { storeSettings } from './settings.ts';
import { tellRun } from './tell-run.ts';

/** More patient than other work, since what is watched goes on without us. */
const patientClientSettings = { ...awsClientSettings, maxAttempts: 10 } as const;

/** Has the deployed functions do what `retention run` does, and tells of it as that would. */
export async function runRemotely(
  context: CommandContext,
  { pollMs }: { readonly pollMs: number },
): Promise<ExitCode> {
  const { output, clock, environment, flags } = context;
  const policyFile = readPolicyFile(context);
  const settings = storeSettings(environment, flags);
  if (settings.kind !== 'stack') {
    throw usageError('--remote runs what a stack has deployed; name the stack with --stack.');
  }
  const stack = await requireStack(new CloudFormationClient(awsClientSettings), settings.stack);
  const { workspaceId, ...tables } = tablesIn(stack);
  const named: CommonFlags = { ...flags, stack: stack.name };
  assertStoreOf({ workspaceId }, policyFile);
  assertAtRest(stack);
  assertDeployed(stack, policyFile);

  await using store = await openStore({ kind: 'dynamodb', endpoint: settings.endpoint, ...tables }, clock);
  using interruption = stopOnInterrupt('Not watching any more; the sweep goes on in AWS.', output);
  const sfn = new SFNClient(patientClientSettings);
  const machine = outputOf(stack, 'sweepStateMachine');
  const sweep = await startOrJoin({ sfn, newId: uuidv7 }, machine);
  output.warn(
    sweep.isJoined
      ? `A sweep is under way already (execution ${sweep.name}); this is how it goes on.`
      : `Started the execution ${sweep.name}.`,
  );
  const progress = showProgress(output, clock);
  const look = () =>
    unlessOutside(
      observeRun({ state: store.state, observe: (event) => progress.observe(event) }, workspaceId),
    );
  const follow = { sfn, clock, pollMs, look, stop: interruption.signal };
  const end = await followSweep(follow, sweep.arn)
    .catch((error: unknown) => {
      throw watchedNoMore(error, named);
    })
    .finally(() => progress.end());

  if (end === undefined) return await tellDetached(output, sweep, named);
  if (end.kind !== 'run') throw await unhappyEnd(end, { store, sweep, flags: named, workspaceId });
  const report = await remoteRunReport(store, workspaceId, end);
  return await tellRun({ output, flags: named }, { report, policy: policyFile.policy, runWords });
}

const runWords = 'run --remote';
const again = (flags: CommonFlags): string => commandToType(flags, runWords);

/** In mid-update, the outputs may be of another policy than the functions. */
function assertAtRest({ name, status }: DeployedStack): void {
  if (!status.endsWith('_IN_PROGRESS')) return;
  throw new CliError(
    'stack_in_progress',
    `The stack ${name} is ${status}; wait until CloudFormation is done, and try again.`,
  );
}

/** Who has just changed the policy must not believe that the change is in force. */
function assertDeployed(stack: DeployedStack, { hash, path }: PolicyFile): void {
  const deployed = outputOf(stack, 'policyHash');
  if (deployed === hash) return;
  throw new CliError(
    'policy_not_deployed',
    `${path} is not the policy that the stack ${stack.name} carries out (${hash.slice(0, 12)} here, ${deployed.slice(0, 12)} there); deploy it, or name the deployed one with --policy.`,
  );
}

/** What is good to know, and no reason to stop when it cannot be known. */
async function unlessOutside<Known>(work: Promise<Known>): Promise<Known | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof OutsideError)) throw error;
    return undefined;
  }
}

function watchedNoMore(error: unknown, flags: CommonFlags): unknown {
  if (!(error instanceof OutsideError)) return error;
  const { message, retryable } = error;
  return new OutsideError(`${message} The sweep itself goes on; "${again(flags)}" shows it again.`, {
    cause: error,
    retryable,
  });
}

async function tellDetached(
  output: Output,
  { arn, name }: RemoteSweep,
  flags: CommonFlags,
): Promise<ExitCode> {
  output.warn(
    `The execution ${name} goes on; "${again(flags)}" shows it again, "${commandToType(flags, 'pause')}" stops it before its next chunk.`,
  );
  if (output.json) await output.document({ execution_arn: arn, detached: true });
  return exitCodes.failed;
}

interface Unhappy {
  readonly store: Store;
  readonly sweep: RemoteSweep;
  readonly flags: CommonFlags;
  readonly workspaceId: WorkspaceId;
}

async function unhappyEnd(
  end: Exclude<ExecutionEnd, { readonly kind: 'run' }>,
  { store, sweep, flags, workspaceId }: Unhappy,
): Promise<OutsideError> {
  if (end.kind === 'held_off') {
    return new OutsideError(
      `The execution ${sweep.name} found another sweep at work in this workspace, perhaps a "retention run" on somebody's machine, and stopped; "${again(flags)}" once that has ended.`,
      { retryable: true },
    );
  }
  const { error, cause } = end;
  const why = [error, cause].filter((text) => text !== '').join(': ');
  const left = await whatIsLeft(store, workspaceId);
  return new OutsideError(
    `The execution ${sweep.name} ${howItEnded(end.status)}${why === '' ? '' : ` (${why})`}. ${left}Mend what is named there (docs/operations.md, "A sweep failed"); "${again(flags)}" then goes on where it stopped.`,
    { retryable: false },
  );
}

function howItEnded(status: string): string {
  switch (status) {
    case 'TIMED_OUT':
      return 'was ended by its time limit';
    case 'ABORTED':
      return 'was stopped by somebody';
    default:
      return 'failed';
  }
}

async function whatIsLeft({ state }: Store, workspaceId: WorkspaceId): Promise<string> {
  const run = await unlessOutside(state.readUnfinishedRun(workspaceId));
  if (run === undefined) return '';
  return run.phase === 'applying'
    ? `Its run ${run.runId} has deleted ${countText(run.counts.deleted)} of ${countOf(run.intended, 'conversation')} so far. `
    : `Its run ${run.runId} has deleted nothing yet. `;
}
