import { Command, Option } from 'commander';
import * as z from 'zod';
import type { Clock } from '#sweep/ports.ts';
import { type Environment, readEnvironment } from './environment.ts';
import type { ExitCode } from './exit-code.ts';
import { createOutput, type Output } from './output.ts';
import { reportError } from './report-error.ts';
import { systemClock } from './system-clock.ts';

/** What every command has at hand. */
export interface CommandContext {
  readonly output: Output;
  readonly environment: Environment;
  readonly flags: CommonFlags;
  readonly clock: Clock;
}

const commonFlagsSchema = z.object({
  json: z.boolean().default(false),
  quiet: z.boolean().default(false),
  policy: z.string().optional(),
  store: z.enum(['local', 'dynamodb']).optional(),
  dataDir: z.string().optional(),
  stack: z.string().optional(),
});
export type CommonFlags = z.output<typeof commonFlagsSchema>;

/** A command with the flags that all have, and examples below its help. */
export function createCommand(name: string, description: string, examples: readonly string[]): Command {
  return new Command(name)
    .description(description)
    .enablePositionalOptions()
    .option('--json', 'one JSON document on stdout, or NDJSON for lists')
    .option('--quiet', 'no progress')
    .option('--policy <file>', 'the policy (default: RETENTION_POLICY, or retention.yaml)')
    .addOption(
      new Option(
        '--store <kind>',
        'where audit trail and state are kept (default: RETENTION_STORE, or local)',
      ).choices(['local', 'dynamodb']),
    )
    .option('--data-dir <dir>', 'folder of the local store (default: RETENTION_DATA_DIR, or .retention)')
    .option(
      '--stack <name>',
      'a deployed stack, whose tables are then the store (default: RETENTION_STACK, or none)',
    )
    .addHelpText('after', ['', 'Examples:', ...examples.map((example) => `  $ ${example}`)].join('\n'));
}

/** A word that only gathers commands. */
export const createCommandGroup = (name: string, description: string): Command =>
  new Command(name).description(description).enablePositionalOptions();

/** Does a command's work, tells of errors, and leaves its exit code for the process. */
export async function perform(
  command: Command,
  work: (context: CommandContext) => Promise<ExitCode>,
): Promise<void> {
  const flags = commonFlagsSchema.parse(command.optsWithGlobals());
  const output = createOutput({ stdout: process.stdout, stderr: process.stderr, ...flags });
  try {
    process.exitCode = await work({
      output,
      environment: readEnvironment(process.cwd()),
      flags,
      clock: systemClock,
    });
  } catch (error) {
    process.exitCode = await reportError(output, error);
  }
}
