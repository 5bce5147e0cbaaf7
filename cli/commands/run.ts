import type { Command } from 'commander';
import { runRetention } from '#sweep/run-retention.ts';
import { createCommand, perform } from '../command-context.ts';
import { withSweep } from '../sweep-work.ts';
import { tellRun } from '../tell-run.ts';

export function runCommand(): Command {
  return createCommand(
    'run',
    'Does what the schedule does: settles what an earlier run left, plans, asks the gate, deletes, sums up.',
    [
      'retention run',
      'retention run --json > run.json; test $? -ne 4 || echo "some deletions failed"',
      'retention run --store dynamodb --quiet',
    ],
  ).action((_options: unknown, command: Command) =>
    perform(command, async (context) =>
      tellRun(
        context.output,
        await withSweep(context, async ({ deps, request }) => ({
          report: await runRetention(deps, request),
          policy: request.policy,
        })),
      ),
    ),
  );
}
