import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { canAsk } from '../can-ask.ts';
import { usageError } from '../cli-error.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { commandToType } from '../command-to-type.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { firstFiles } from '../first-files.ts';
import { writeNewFiles } from '../new-files.ts';
import { policyPath } from '../settings.ts';

const regions = ['us', 'eu', 'au'] as const;
type Region = (typeof regions)[number];

interface InitOptions {
  readonly workspace?: string;
  readonly region?: Region;
  readonly force?: true;
}

const examplePolicy = new URL('../../retention.example.yaml', import.meta.url);
const workspaceShape = /^[A-Za-z0-9_-]+$/;

export function initCommand(): Command {
  return createCommand('init', 'Writes a commented policy, its JSON Schema for editors, and .env.example.', [
    'retention init',
    'retention init --workspace a86dr8yl --region eu',
    'retention init --workspace a86dr8yl --policy policies/eu.yaml',
  ])
    .option('--workspace <id>', "the workspace's id (app.id_code of GET /me), as in the inbox's address")
    .addOption(new Option('--region <region>', 'where Intercom keeps its data').choices(regions))
    .option('--force', 'overwrite files that are there')
    .action((options: InitOptions, command: Command) =>
      perform(command, (context) => init(context, options)),
    );
}

async function init(context: CommandContext, options: InitOptions): Promise<ExitCode> {
  const { output, environment, flags } = context;
  const path = policyPath(environment, flags);
  const workspace = options.workspace ?? (await askForWorkspace());
  if (!workspaceShape.test(workspace)) {
    throw usageError(
      `"${workspace}" is no workspace id; it is letters and digits, as in the inbox's address.`,
    );
  }
  const region = options.region ?? (options.workspace === undefined ? await askForRegion() : 'us');

  const example = readFileSync(examplePolicy, 'utf8');
  const files = firstFiles({ path, example, workspace, region });
  const names = writeNewFiles(files, options.force === true ? 'overwrite' : 'respect');

  output.say(
    [
      `Written: ${names.join(', ')}.`,
      `Next: copy .env.example to .env and put the access token into it; make the rules yours; then ${commandToType(flags, 'policy check')}`,
    ].join('\n'),
  );
  if (output.json) await output.document({ written: names, workspace_id: workspace, region });
  return exitCodes.done;
}

async function askForWorkspace(): Promise<string> {
  if (!canAsk()) throw usageError('Say which workspace the policy is for: --workspace ID.');
  const { input } = await import('@inquirer/prompts'); // loaded here, since few commands ask
  return input(
    {
      message: "The workspace's id (in the address of its inbox, after /inbox/):",
      validate: (text) => workspaceShape.test(text) || 'Letters and digits, please.',
    },
    { output: process.stderr },
  );
}

async function askForRegion(): Promise<Region> {
  const { select } = await import('@inquirer/prompts');
  return select<Region>(
    {
      message: 'Where does Intercom keep its data?',
      choices: regions.map((region) => ({ value: region, name: region.toUpperCase() })),
    },
    { output: process.stderr },
  );
}
