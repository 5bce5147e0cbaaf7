import type { Clock } from '#sweep/ports.ts';
import { assertStoreOf } from './assert-store-of.ts';
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
