import { Argument, type Command } from 'commander';
import { brandId, type ConversationId } from '#policy/ids.ts';
import { usageError } from '../cli-error.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { findStatus } from '../conversation-status.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { statusText, toStatusDocument } from '../status-text.ts';
import { withStore } from '../store-work.ts';

export function statusCommand(): Command {
  return createCommand(
    'status',
    'Tells what is known of one conversation: deleted by which rule and when, held, planned, kept, or never seen.',
    ['retention status 215472856448646', 'retention status 215472856448646 --json | jq .known_as'],
  )
    .addArgument(new Argument('<conversation>', "Intercom's conversation id"))
    .action((id: string, _options: unknown, command: Command) =>
      perform(command, (context) => tellStatus(context, id)),
    );
}

function tellStatus(context: CommandContext, id: string): Promise<ExitCode> {
  const { output } = context;
  if (!/^\d+$/.test(id)) {
    throw usageError(
      `"${id}" is no conversation id; Intercom's are digits alone, as in the conversation's address.`,
    );
  }
  return withStore(context, async (store) => {
    const status = await findStatus(store, store.policyFile.policy.workspaceId, brandId<ConversationId>(id));
    output.say(statusText(output, status));
    if (output.json) await output.document(toStatusDocument(status));
    return exitCodes.done;
  });
}
