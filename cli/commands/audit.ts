import type { Command } from 'commander';
import { createCommandGroup } from '../command-context.ts';
import { addCommands, type CommandLoaders } from '../load-commands.ts';

const loaders: CommandLoaders = {
  query: async () => (await import('./audit-query.ts')).auditQueryCommand(),
  summary: async () => (await import('./audit-summary.ts')).auditSummaryCommand(),
};

export const auditCommand = (words: readonly string[]): Promise<Command> =>
  addCommands(
    createCommandGroup('audit', 'What was deleted, when, why, and with which flag.'),
    loaders,
    words,
  );
