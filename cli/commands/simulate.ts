import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import * as z from 'zod';
import type { Simulator } from '#simulator/running-simulator.ts';
import { type SettingsInput, settingsSchema } from '#simulator/settings.ts';
import type { SimulatorOptions } from '#simulator/simulator.ts';
import { usageError } from '../cli-error.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { stopOnInterrupt } from '../interruption.ts';
import { countOf } from '../number-text.ts';
import { wholeNumber } from '../option-values.ts';

interface SimulateOptions {
  readonly port: number;
  readonly conversations: number;
  readonly seed: number;
  readonly years: number;
  readonly workspace: string;
  readonly token: string;
  readonly settings?: string;
}

export function simulateCommand(): Command {
  return createCommand(
    'simulate',
    'Serves an Intercom look-alike on this machine, and prints one JSON line when it is ready.',
    [
      'retention simulate --conversations 5000 --seed 7',
      'retention simulate --port 8080 --settings faults.json',
      'INTERCOM_BASE_URL=http://127.0.0.1:8080 INTERCOM_ACCESS_TOKEN=simulator retention plan',
    ],
  )
    .option('--port <port>', 'where to listen; 0 takes a free one', wholeNumber(0, 65_535), 0)
    .option('--conversations <count>', 'how many to make up', wholeNumber(0, 5_000_000), 1000)
    .option('--seed <number>', 'the same seed makes up the same', wholeNumber(0, 4_294_967_295), 1)
    .option('--years <count>', 'how far back they go', wholeNumber(1, 30), 5)
    .option('--workspace <id>', 'the id of the workspace', 'simulated')
    .option('--token <token>', 'the access token that is taken', 'simulator')
    .option(
      '--settings <file>',
      'JSON: faults, rateLimit, latencyMs, indexLag, churn … (simulator/settings.ts)',
    )
    .action((options: SimulateOptions, command: Command) =>
      perform(command, (context) => simulate(context, options)),
    );
}

async function simulate({ output }: CommandContext, options: SimulateOptions): Promise<ExitCode> {
  const { port, conversations, seed, years, workspace, token } = options;
  const settings = readSettings(options.settings);
  using interruption = stopOnInterrupt('Stopping the simulator.', output);
  const simulator = await start({
    ...settings,
    access: { token, ...settings.access },
    port,
    seed,
    years,
    generate: conversations,
    workspaceId: workspace,
  });
  await output.document({
    url: simulator.url,
    port: simulator.port,
    pid: process.pid,
    token,
    workspace_id: simulator.workspaceId,
    conversations,
    seed,
  });
  output.warn(`Serving ${countOf(conversations, 'conversation')} at ${simulator.url} until Ctrl-C.`);
  if (!interruption.signal.aborted) await once(interruption.signal, 'abort');
  await simulator.close();
  return exitCodes.done;
}

/** @throws CliError when the port is taken. */
async function start(options: SimulatorOptions): Promise<Simulator> {
  const { startSimulator } = await import('#simulator/simulator.ts'); // loaded here, since no other command has a use for it
  try {
    return await startSimulator(options);
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      (error.code === 'EADDRINUSE' || error.code === 'EACCES')
    ) {
      throw usageError(`The port ${options.port} is not free; name another with --port, or leave it out.`);
    }
    throw error;
  }
}

/** @throws CliError when the file cannot be read or holds what is no setting. */
function readSettings(path: string | undefined): SettingsInput {
  if (path === undefined) return {};
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return settingsSchema.parse(json);
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : 'it is not readable as JSON';
    throw usageError(`The settings ${path} cannot be used: ${why}.`);
  }
}
