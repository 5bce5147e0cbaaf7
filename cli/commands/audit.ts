import type { Command } from 'commander';
import { createCommandGroup } from '../command-context.ts';
import { addCommands, type CommandLoaders } from '../load-commands.ts';

const loaders: CommandLoaders = {
  query: async () => (await import('./audit-query.ts')).auditQueryCommand(),
  export: async () => (await import('./audit-export.ts')).auditExportCommand(),
  certificate: async () => (await import('./audit-certificate.ts')).auditCertificateCommand(),
  summary: async () => (await import('./audit-summary.ts')).auditSummaryCommand(),
  seal: async () => (await import('./audit-seal.ts')).auditSealCommand(),
  verify: async () => (await import('./audit-verify.ts')).auditVerifyCommand(),
};

export const auditCommand = (words: readonly string[]): Promise<Command> =>
  addCommands(
    createCommandGroup('audit', 'What was deleted, when, why, and with which flag.'),
    loaders,
    words,
  );
