import { type Command, Option } from 'commander';
import type { Duration } from '#policy/policy.ts';
import { reconcile } from '#sweep/reconcile.ts';
import { createCommand, perform } from '../command-context.ts';
import { parseLength } from '../option-values.ts';
import { withSweep } from '../sweep-work.ts';
import { tellReconcile } from '../tell-reconcile.ts';

interface ReconcileOptions {
  readonly grace: Duration;
}

const defaultGrace: Duration = { amount: 24, unit: 'h' };

export function reconcileCommand(): Command {
  return createCommand(
    'reconcile',
    "Compares the audit with Intercom's own list of deleted conversations: confirms, resolves lost answers, finds what does not fit.",
    [
      'retention reconcile',
      'retention reconcile --json | jq .counts',
      'retention reconcile --grace 1h || test $? -ne 4 || echo "something does not fit"',
    ],
  )
    .addOption(
      new Option('--grace <length>', "how long Intercom's list may take to name a deletion")
        .argParser(parseLength)
        .default(defaultGrace, '24h'),
    )
    .action(({ grace }: ReconcileOptions, command: Command) =>
      perform(command, async (context) =>
        tellReconcile(
          context,
          await withSweep(context, ({ deps, request: { policy, stop, stopAt } }) =>
            reconcile(deps, { policy, stop, stopAt, grace }),
          ),
        ),
      ),
    );
}
