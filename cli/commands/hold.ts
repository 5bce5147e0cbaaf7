import type { Command } from 'commander';
import { createCommandGroup } from '../command-context.ts';
import { holdAddCommand } from './hold-add.ts';
import { holdListCommand } from './hold-list.ts';
import { holdReleaseCommand } from './hold-release.ts';

export const holdCommand = (): Command =>
  createCommandGroup('hold', 'Legal holds: what is under one is not deleted, whatever any rule says.')
    .addCommand(holdAddCommand())
    .addCommand(holdReleaseCommand())
    .addCommand(holdListCommand());
