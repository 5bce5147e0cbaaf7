import { Command, CommanderError } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { applyCommand } from './commands/apply.ts';
import { approveCommand } from './commands/approve.ts';
import { auditCommand } from './commands/audit.ts';
import { eraseCommand } from './commands/erase.ts';
import { holdCommand } from './commands/hold.ts';
import { initCommand } from './commands/init.ts';
import { listenCommand } from './commands/listen.ts';
import { pauseCommand } from './commands/pause.ts';
import { planCommand } from './commands/plan.ts';
import { policyCommand } from './commands/policy.ts';
import { reconcileCommand } from './commands/reconcile.ts';
import { resumeCommand } from './commands/resume.ts';
import { runCommand } from './commands/run.ts';
import { simulateCommand } from './commands/simulate.ts';
import { statusCommand } from './commands/status.ts';
import { exitCodes } from './exit-code.ts';

const moreHelp = `
Begin with:
  $ retention init
  $ retention policy check
  $ retention plan

Exit codes: 0 done; 1 failed; 2 bad usage or policy; 3 refused by the gate, nothing deleted;
4 finished with failed or unresolved deletions, or with a reconciliation that does not fit.

Settings come from flags, then the environment, then .env: INTERCOM_ACCESS_TOKEN, INTERCOM_REGION,
INTERCOM_BASE_URL, INTERCOM_VERSION, INTERCOM_CLIENT_SECRET, RETENTION_POLICY, RETENTION_STORE, RETENTION_DATA_DIR,
RETENTION_STACK, AUDIT_TABLE, STATE_TABLE, and the AWS SDK's own.`;

/** Does what the arguments say. An error of usage has an exit code of its own, and with `--json` its document. */
export async function runProgram(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.badUsage;
    if (error.exitCode === 0 || !argv.includes('--json')) return;
    const message = error.message.replace(/^error: /, '');
    process.stdout.write(`${JSON.stringify({ error: { code: 'usage', message } })}\n`);
  }
}

export function createProgram(): Command {
  const program = new Command('retention')
    .description('Deletes Intercom conversations by written policy, and proves it afterwards.')
    .version(packageJson.version)
    .enablePositionalOptions()
    .addHelpText('after', moreHelp)
    .addCommand(initCommand())
    .addCommand(policyCommand())
    .addCommand(planCommand())
    .addCommand(approveCommand())
    .addCommand(applyCommand())
    .addCommand(runCommand())
    .addCommand(reconcileCommand())
    .addCommand(eraseCommand())
    .addCommand(auditCommand())
    .addCommand(statusCommand())
    .addCommand(holdCommand())
    .addCommand(pauseCommand())
    .addCommand(resumeCommand())
    .addCommand(listenCommand())
    .addCommand(simulateCommand());
  throwErrors(program);
  return program;
}

function throwErrors(command: Command): void {
  command.exitOverride().showHelpAfterError('(--help shows what there is)');
  for (const each of command.commands) throwErrors(each);
}
