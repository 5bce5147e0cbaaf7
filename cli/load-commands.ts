import type { Command } from 'commander';

/** How each command is loaded, by its name; `words` are those that follow it. */
export type CommandLoaders = Readonly<Record<string, (words: readonly string[]) => Promise<Command>>>;

/**
 * Adds the command that the first word names, so that none of the others' code is loaded; all when it names none, for the
 * help and for what somebody mistyped.
 */
export async function addCommands(
  parent: Command,
  loaders: CommandLoaders,
  [name = '', ...words]: readonly string[],
): Promise<Command> {
  const named = Object.hasOwn(loaders, name) ? loaders[name] : undefined;
  const wanted = named === undefined ? Object.values(loaders) : [named];
  for (const load of wanted) parent.addCommand(await load(words));
  return parent;
}
