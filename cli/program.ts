import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { exitCodes } from './exit-code.ts';
import { addCommands, type CommandLoaders } from './load-commands.ts';

const moreHelp = `
Begin with:
  $ retention init
  $ retention policy check
  $ retention plan

Exit codes: 0 done; 1 failed; 2 bad usage or policy; 3 refused by the gate, nothing deleted;
4 finished with failed or unresolved deletions, or with a reconciliation or verification that does not fit.

Settings come from flags, then the environment, then .env: INTERCOM_ACCESS_TOKEN, INTERCOM_REGION,
INTERCOM_BASE_URL, INTERCOM_VERSION, INTERCOM_CLIENT_SECRET, RETENTION_POLICY, RETENTION_STORE, RETENTION_DATA_DIR,
RETENTION_STACK, AUDIT_TABLE, STATE_TABLE, and the AWS SDK's own.`;

/** In the order of the help. */
const loaders: CommandLoaders = {
  init: async () => (await import('./commands/init.ts')).initCommand(),
  policy: async () => (await import('./commands/policy.ts')).policyCommand(),
  plan: async () => (await import('./commands/plan.ts')).planCommand(),
  approve: async () => (await import('./commands/approve.ts')).approveCommand(),
  apply: async () => (await import('./commands/apply.ts')).applyCommand(),
  run: async () => (await import('./commands/run.ts')).runCommand(),
  reconcile: async () => (await import('./commands/reconcile.ts')).reconcileCommand(),
  erase: async () => (await import('./commands/erase.ts')).eraseCommand(),
  audit: async (words) => (await import('./commands/audit.ts')).auditCommand(words),
  report: async () => (await import('./commands/report.ts')).reportCommand(),
  status: async () => (await import('./commands/status.ts')).statusCommand(),
  hold: async () => (await import('./commands/hold.ts')).holdCommand(),
  pause: async () => (await import('./commands/pause.ts')).pauseCommand(),
  resume: async () => (await import('./commands/resume.ts')).resumeCommand(),
  'deploy-check': async () => (await import('./commands/deploy-check.ts')).deployCheckCommand(),
  listen: async () => (await import('./commands/listen.ts')).listenCommand(),
  simulate: async () => (await import('./commands/simulate.ts')).simulateCommand(),
};

/** Does what the arguments say. An error of usage has an exit code of its own, and with `--json` its document. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  try {
    const program = await createProgram(argv.slice(2));
    await program.parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.badUsage;
    if (error.exitCode === 0 || !argv.includes('--json')) return;
    const message = error.message.replace(/^error: /, '');
    process.stdout.write(`${JSON.stringify({ error: { code: 'usage', message } })}\n`);
  }
}

/** @param words What follows the program's own name: only the command that they name is loaded, and all when they name none. */
export async function createProgram(words: readonly string[]): Promise<Command> {
  const program = new Command('retention')
    .description('Deletes Intercom conversations by written policy, and proves it afterwards.')
    .version(packageJson.version)
    .enablePositionalOptions()
    .addHelpText('after', moreHelp);
  await addCommands(program, loaders, words);
  throwErrors(program);
  return program;
}

function throwErrors(command: Command): void {
  command.exitOverride().showHelpAfterError('(--help shows what there is)');
  for (const each of command.commands) throwErrors(each);
}
