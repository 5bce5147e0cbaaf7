import type { Command } from 'commander';
import { toIso } from '#policy/instant.ts';
import { withActor } from '../actor-option.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { timeText } from '../number-text.ts';
import { withStore } from '../store-work.ts';

interface ResumeOptions {
  readonly reason?: string;
  readonly by: string;
}

export function resumeCommand(): Command {
  return withActor(
    createCommand('resume', 'Switches deletion on again.', ['retention resume --reason "Complaint settled"']),
  )
    .option('--reason <text>', 'why (no personal data: this stays in the audit)')
    .action((options: ResumeOptions, command: Command) =>
      perform(command, (context) => resume(context, options)),
    );
}

function resume(context: CommandContext, { reason, by }: ResumeOptions): Promise<ExitCode> {
  const { output } = context;
  return withStore(context, async ({ audit, state, policyFile, clock }) => {
    const { workspaceId } = policyFile.policy;
    const pause = await state.readPause(workspaceId);
    if (pause !== undefined) {
      // The audit first, because it permits: deletion must not be switched on without a trace.
      await audit.putAct({
        workspaceId,
        kind: 'resumed',
        at: clock.now(),
        by,
        subject: `workspace ${workspaceId}`,
        details: { paused_at: toIso(pause.at), ...(reason === undefined ? {} : { reason }) },
      });
      await state.writePause(workspaceId, undefined);
    }
    output.say(
      pause === undefined
        ? 'Deletion was not paused; nothing was changed.'
        : `Deletion is switched on again; it was paused since ${timeText(pause.at)} by ${pause.by} (${pause.reason}).`,
    );
    if (output.json) await output.document({ paused: false, was_paused: pause !== undefined });
    return exitCodes.done;
  });
}
