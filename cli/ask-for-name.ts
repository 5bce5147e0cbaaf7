import type { PlanRecord } from '#sweep/run-record.ts';
import { canAsk } from './can-ask.ts';
import { usageError } from './cli-error.ts';
import { printable } from './printable.ts';

/** @throws CliError when the name is not typed, or nobody is there to type it. */
export async function askForName({ workspaceName }: PlanRecord): Promise<void> {
  if (!canAsk()) {
    throw usageError(
      'There is no terminal to ask for the approval on; look at the plan, and add --yes to approve it.',
    );
  }
  const name = printable(workspaceName);
  const { input } = await import('@inquirer/prompts'); // loaded here, since few commands ask
  const typed = await input(
    { message: `Type the workspace's name (${name}) to approve:` },
    { output: process.stderr },
  );
  if (typed.trim() !== name.trim()) {
    throw usageError(`"${printable(typed)}" is not the workspace's name; nothing was approved.`);
  }
}
