import type { Command } from 'commander';
import type { Hold } from '#sweep/hold.ts';
import { withActor } from '../actor-option.ts';
import { usageError } from '../cli-error.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { commandToType } from '../command-to-type.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { holdSubject, toHoldDocument } from '../hold-document.ts';
import { type HoldTargetOptions, namedTarget, withHoldTarget } from '../hold-target.ts';
import { resolveHoldTarget } from '../resolve-hold-target.ts';
import { withStore } from '../store-work.ts';

interface HoldReleaseOptions extends HoldTargetOptions {
  readonly matter: string;
  readonly reason: string;
  readonly by: string;
}

export function holdReleaseCommand(): Command {
  const command = createCommand(
    'release',
    'Releases a hold. Holds on the same thing for other matters stay.',
    ['retention hold release --conversation 215472856448646 --matter "Case 12/2026" --reason "Case closed"'],
  );
  return withActor(withHoldTarget(command))
    .requiredOption('--matter <name>', 'the legal matter, as it was given')
    .requiredOption('--reason <text>', 'why (no personal data)')
    .action((options: HoldReleaseOptions, self: Command) =>
      perform(self, (context) => releaseHold(context, options)),
    );
}

function releaseHold(context: CommandContext, options: HoldReleaseOptions): Promise<ExitCode> {
  const { output } = context;
  const named = namedTarget(options);
  return withStore(context, async ({ audit, state, policyFile, clock }) => {
    const { workspaceId } = policyFile.policy;
    const { matter, reason, by } = options;
    const targetId = await resolveHoldTarget(context, policyFile, named);
    const isIt = (each: Hold): boolean =>
      each.target === named.target && each.targetId === targetId && each.matter === matter;
    const hold = (await state.readHolds(workspaceId)).find(isIt);
    if (hold === undefined) {
      throw usageError(
        `There is no hold on the ${named.target} ${targetId} for "${matter}"; "${commandToType(context.flags, 'hold list')}" shows the holds there are.`,
      );
    }
    // The audit first, because it permits: nothing may become deletable without a trace.
    await audit.putAct({
      workspaceId,
      kind: 'hold_released',
      at: clock.now(),
      by,
      subject: holdSubject(hold),
      details: { matter, reason },
    });
    await state.releaseHold(workspaceId, hold.target, hold.targetId, hold.matter);
    output.say(`The ${holdSubject(hold)} is no longer held for "${matter}".`);
    if (output.json) await output.document({ released: true, ...toHoldDocument(hold) });
    return exitCodes.done;
  });
}
