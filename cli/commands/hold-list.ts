import type { Command } from 'commander';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { toHoldDocument } from '../hold-document.ts';
import { timeText } from '../number-text.ts';
import { withStore } from '../store-work.ts';
import { writeList } from '../write-list.ts';

export function holdListCommand(): Command {
  return createCommand('list', 'Lists the holds.', [
    'retention hold list',
    'retention hold list --json | jq -r .matter | sort | uniq -c',
  ]).action((_options: unknown, command: Command) => perform(command, listHolds));
}

function listHolds(context: CommandContext): Promise<ExitCode> {
  return withStore(context, async ({ state, policyFile }) => {
    await writeList(context.output, await state.readHolds(policyFile.policy.workspaceId), {
      toObject: toHoldDocument,
      none: 'There are no holds.',
      columns: [
        { name: 'on' },
        { name: 'id' },
        { name: 'matter' },
        { name: 'owner' },
        { name: 'placed' },
        { name: 'reason' },
      ],
      toRow: ({ target, targetId, matter, owner, placedAt, reason }) => [
        target,
        targetId,
        matter,
        owner,
        timeText(placedAt),
        reason,
      ],
    });
    return exitCodes.done;
  });
}
