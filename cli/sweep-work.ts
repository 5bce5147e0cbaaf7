import { v7 as uuidv7 } from 'uuid';
import type { SweepDeps, SweepRequest } from '#sweep/sweep-deps.ts';
import { assertStoreOf } from './assert-store-of.ts';
import type { CommandContext } from './command-context.ts';
import { stopOnInterrupt } from './interruption.ts';
import { isHolderGone, thisHolder } from './lease-holder.ts';
import { openIntercom } from './open-intercom.ts';
import { openStore } from './open-store.ts';
import { readPolicyFile } from './policy-file.ts';
import { showProgress } from './progress.ts';
import { allSettings } from './settings.ts';

/** Everything that planning or running needs, opened. */
export interface SweepWork {
  readonly deps: SweepDeps;
  readonly request: SweepRequest;
}

const stoppingText = 'Stopping after the calls in flight, with the state saved.';

/**
 * Opens policy, store and Intercom for `work`, shows its progress, and turns Ctrl-C into a stop with the state saved. What came
 * of it is told afterwards, when the line of progress is gone.
 */
export async function withSweep<Result>(
  context: CommandContext,
  work: (sweep: SweepWork) => Promise<Result>,
): Promise<Result> {
  const { output, clock, environment, flags } = context;
  const policyFile = readPolicyFile(context);
  const settings = allSettings(environment, flags);
  using interruption = stopOnInterrupt(stoppingText, output);
  const intercom = await openIntercom(context, settings.intercom, policyFile.policy, interruption.signal);
  await using store = await openStore(settings.store, clock);
  assertStoreOf(store, policyFile);
  const progress = showProgress(output, clock);
  try {
    return await work({
      deps: {
        intercom,
        audit: store.audit,
        state: store.state,
        clock,
        newId: uuidv7,
        observe: (event) => progress.observe(event),
        leaseHolder: thisHolder(),
        isHolderGone,
      },
      request: {
        policy: policyFile.policy,
        policyHash: policyFile.hash,
        policyJson: policyFile.canonicalJson,
        trigger: 'manual',
        stop: interruption.signal,
        stopAt: undefined,
      },
    });
  } finally {
    progress.end();
  }
}
