import type { Command } from 'commander';
import { toIso } from '#policy/instant.ts';
import type { Pause } from '#sweep/ports.ts';
import { withActor } from '../actor-option.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { commandToType } from '../command-to-type.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { timeText } from '../number-text.ts';
import { withStoreToStop } from '../store-work.ts';

interface PauseOptions {
  readonly reason: string;
  readonly by: string;
}

export function pauseCommand(): Command {
  return withActor(
    createCommand('pause', 'Switches deletion off; a run that is under way stops before its next chunk.', [
      'retention pause --reason "Investigating a complaint"',
      'retention pause --stack IntercomRetention-production --reason "Stop"   # needs no policy',
    ]),
  )
    .requiredOption('--reason <text>', 'why (no personal data: this stays in the audit)')
    .action((options: PauseOptions, command: Command) =>
      perform(command, (context) => pause(context, options)),
    );
}

function pause(context: CommandContext, { reason, by }: PauseOptions): Promise<ExitCode> {
  const { output, flags } = context;
  return withStoreToStop(context, async ({ audit, state, workspaceId, clock }) => {
    const before = await state.readPause(workspaceId);
    const now: Pause = before ?? { by, reason, at: clock.now() };
    if (before === undefined) {
      // The state first, because it restrains: the switch must be off even if its record cannot be written.
      await state.writePause(workspaceId, now);
      await audit.putAct({
        workspaceId,
        kind: 'paused',
        at: now.at,
        by,
        subject: `workspace ${workspaceId}`,
        details: { reason },
      });
    }
    const already = before === undefined ? '' : ' already';
    output.say(
      `Deletion is paused${already} in the workspace ${workspaceId}, since ${timeText(now.at)} by ${now.by} (${now.reason}). Next: ${commandToType(flags, 'resume')}`,
    );
    if (output.json) {
      await output.document({ paused: true, since: toIso(now.at), by: now.by, reason: now.reason });
    }
    return exitCodes.done;
  });
}
