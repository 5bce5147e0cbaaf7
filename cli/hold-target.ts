import { type Command, Option } from 'commander';
import { type HoldTarget, holdTargets } from '#sweep/hold.ts';
import { usageError } from './cli-error.ts';

/** What a hold is on, as flags name it. */
export type HoldTargetOptions = Readonly<Partial<Record<HoldTarget, string>>>;

export interface NamedTarget {
  readonly target: HoldTarget;
  /** An id, or for a tag perhaps its name. */
  readonly named: string;
}

const flags: Readonly<Record<HoldTarget, string>> = {
  conversation: '--conversation <id>',
  contact: '--contact <id>',
  company: '--company <id>',
  tag: '--tag <id or name>',
};

const descriptions: Readonly<Record<HoldTarget, string>> = {
  conversation: 'one conversation',
  contact: "all conversations of a contact (Intercom's id)",
  company: "all conversations of a company (Intercom's id)",
  tag: 'all conversations with a tag',
};

export function withHoldTarget(command: Command): Command {
  for (const target of holdTargets) {
    const others = holdTargets.filter((other) => other !== target);
    command.addOption(new Option(flags[target], descriptions[target]).conflicts([...others]));
  }
  return command;
}

/** @throws CliError when no target is named, or an id cannot be one. */
export function namedTarget(options: HoldTargetOptions): NamedTarget {
  for (const target of holdTargets) {
    const named = options[target];
    if (named === undefined) continue;
    checkShape(target, named);
    return { target, named };
  }
  throw usageError('Say what the hold is on: --conversation, --contact, --company or --tag.');
}

/** An id that cannot exist would be a hold that holds nothing. */
function checkShape(target: HoldTarget, named: string): void {
  if (target === 'conversation' && !/^\d+$/.test(named)) {
    throw usageError(
      `"${named}" is no conversation id; Intercom's are digits alone, as in the conversation's address.`,
    );
  }
  if ((target === 'contact' || target === 'company') && !/^[\w-]+$/.test(named)) {
    throw usageError(`"${named}" is no ${target} id; give Intercom's own id, as in the ${target}'s address.`);
  }
}
