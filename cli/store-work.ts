import type { WorkspaceId } from '#policy/ids.ts';
import type { Clock } from '#sweep/ports.ts';
import { assertStoreOf } from './assert-store-of.ts';
import { CliError } from './cli-error.ts';
import type { CommandContext } from './command-context.ts';
import type { Store } from './open-store.ts';
import { type PolicyFile, readPolicyWithoutTests } from './policy-file.ts';
import { storeSettings } from './settings.ts';

/** What a command has that asks the store alone, of the workspace that the policy names. */
export interface StoreWork extends Pick<Store, 'audit' | 'state' | 'seals' | 'wholeTable'> {
  readonly policyFile: PolicyFile;
  readonly clock: Clock;
}

/** Opens the store for `work`; needs no token. */
export async function withStore<Result>(
  context: CommandContext,
  work: (store: StoreWork) => Promise<Result>,
): Promise<Result> {
  const policyFile = readPolicyWithoutTests(context);
  const { openStore } = await import('./open-store.ts'); // after what can fail at once, since it loads the AWS SDK
  await using store = await openStore(storeSettings(context.environment, context.flags), context.clock);
  assertStoreOf(store, policyFile);
  const { audit, state, seals, wholeTable } = store;
  return await work({ audit, state, seals, wholeTable, policyFile, clock: context.clock });
}

/** What a command has that stops a workspace, which the policy names or the stack. */
export interface StopWork extends Pick<Store, 'audit' | 'state'> {
  readonly workspaceId: WorkspaceId;
  readonly clock: Clock;
}

/**
 * Opens the store for what only stops: whoever is woken may have no policy at hand, or one that cannot be read, and the name of the stack
 * says enough. A policy that can be read has to be of the same workspace all the same; one that was named has to be readable.
 */
export async function withStoreToStop<Result>(
  context: CommandContext,
  work: (store: StopWork) => Promise<Result>,
): Promise<Result> {
  const { environment, flags, clock } = context;
  const settings = storeSettings(environment, flags);
  const policyFile = settings.kind === 'stack' ? policyIfAny(context) : readPolicyWithoutTests(context);
  const { openStore } = await import('./open-store.ts'); // as above
  await using store = await openStore(settings, clock);
  const { audit, state } = store;
  if (policyFile !== undefined) assertStoreOf(store, policyFile);
  const workspaceId = policyFile?.policy.workspaceId ?? store.workspaceId;
  if (workspaceId === undefined) throw new TypeError('A stack was opened that is of no workspace.');
  return await work({ audit, state, workspaceId, clock });
}

function policyIfAny(context: CommandContext): PolicyFile | undefined {
  try {
    return readPolicyWithoutTests(context);
  } catch (error) {
    if (error instanceof CliError && context.flags.policy === undefined) return undefined;
    throw error;
  }
}
