import type { Command } from 'commander';
import { createCommandGroup } from '../command-context.ts';
import { auditQueryCommand } from './audit-query.ts';
import { auditSummaryCommand } from './audit-summary.ts';

export const auditCommand = (): Command =>
  createCommandGroup('audit', 'What was deleted, when, why, and with which flag.')
    .addCommand(auditQueryCommand())
    .addCommand(auditSummaryCommand());
