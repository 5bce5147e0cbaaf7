import type { Command } from 'commander';
import { createCommandGroup } from '../command-context.ts';
import { policyCheckCommand } from './policy-check.ts';
import { policyDiffCommand } from './policy-diff.ts';
import { policyExplainCommand } from './policy-explain.ts';
import { policySchemaCommand } from './policy-schema.ts';

export const policyCommand = (): Command =>
  createCommandGroup('policy', 'The file that says what must go, what is protected, and the limits.')
    .addCommand(policyCheckCommand())
    .addCommand(policySchemaCommand())
    .addCommand(policyExplainCommand())
    .addCommand(policyDiffCommand());
