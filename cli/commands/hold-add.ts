import type { Command } from 'commander';
import type { Hold } from '#sweep/hold.ts';
import { withActor } from '../actor-option.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { holdSubject, toHoldDocument } from '../hold-document.ts';
import { type HoldTargetOptions, namedTarget, withHoldTarget } from '../hold-target.ts';
import { timeText } from '../number-text.ts';
import { resolveHoldTarget } from '../resolve-hold-target.ts';
import { withStore } from '../store-work.ts';

interface HoldAddOptions extends HoldTargetOptions {
  readonly matter: string;
  readonly owner: string;
  readonly reason: string;
  readonly by: string;
}

export function holdAddCommand(): Command {
  const command = createCommand(
    'add',
    'Places a hold. It counts at once, also for a run that is under way.',
    [
      'retention hold add --conversation 215472856448646 --matter "Case 12/2026" --owner legal --reason "Litigation"',
      'retention hold add --tag "Project Blue" --matter "Audit 2026" --owner compliance --reason "Tax audit"',
    ],
  );
  return withActor(withHoldTarget(command))
    .requiredOption('--matter <name>', 'the legal matter (no personal data: this stays in the audit)')
    .requiredOption('--owner <who>', 'the role or login that answers for it')
    .requiredOption('--reason <text>', 'why (no personal data)')
    .action((options: HoldAddOptions, self: Command) =>
      perform(self, (context) => addHold(context, options)),
    );
}

function addHold(context: CommandContext, options: HoldAddOptions): Promise<ExitCode> {
  const { output } = context;
  const named = namedTarget(options);
  return withStore(context, async ({ audit, state, policyFile, clock }) => {
    const { workspaceId } = policyFile.policy;
    const targetId = await resolveHoldTarget(context, policyFile, named);
    const { matter, owner, reason, by } = options;
    const hold: Hold = { target: named.target, targetId, matter, owner, reason, placedAt: clock.now() };

    // The state first, because it restrains: a hold must count even if its record cannot be written.
    const isNew = await state.addHold(workspaceId, hold);
    if (isNew) {
      await audit.putAct({
        workspaceId,
        kind: 'hold_added',
        at: hold.placedAt,
        by,
        subject: holdSubject(hold),
        details: { matter, owner, reason },
      });
    }
    output.say(
      isNew
        ? `The ${holdSubject(hold)} is held for "${matter}" from ${timeText(hold.placedAt)} on.`
        : `The ${holdSubject(hold)} is held for "${matter}" already; nothing was changed.`,
    );
    if (output.json) await output.document({ added: isNew, ...toHoldDocument(hold) });
    return exitCodes.done;
  });
}
