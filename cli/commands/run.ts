import type { Command } from 'commander';
import { runRetention } from '#sweep/run-retention.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import type { ExitCode } from '../exit-code.ts';
import { withSweep } from '../sweep-work.ts';
import { tellRun } from '../tell-run.ts';

interface RunOptions {
  readonly remote?: boolean;
}

/** How often a remote sweep is asked how it goes. */
const pollMs = 3_000;

export function runCommand(): Command {
  return createCommand(
    'run',
    'Does what the schedule does: settles what an earlier run left, plans, asks the gate, deletes, sums up.',
    [
      'retention run',
      'retention run --json > run.json; test $? -ne 4 || echo "some deletions failed"',
      'retention run --store dynamodb --quiet',
      'retention run --remote --stack IntercomRetention-production',
    ],
  )
    .option(
      '--remote',
      'has the deployed functions of --stack do it, and watches; Ctrl-C ends the watching alone',
    )
    .action((options: RunOptions, command: Command) =>
      perform(command, async (context) => (options.remote === true ? remotely(context) : runHere(context))),
    );
}

const runHere = async (context: CommandContext): Promise<ExitCode> =>
  tellRun(
    context,
    await withSweep(context, async ({ deps, request }) => ({
      report: await runRetention(deps, request),
      policy: request.policy,
    })),
  );

async function remotely(context: CommandContext): Promise<ExitCode> {
  const { runRemotely } = await import('../run-remotely.ts'); // loaded here, since it loads more of the AWS SDK
  return runRemotely(context, { pollMs });
}
