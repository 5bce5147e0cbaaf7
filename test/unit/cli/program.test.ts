import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '#cli/program.ts';

const leaves = (command: Command, path: readonly string[] = []): readonly (readonly [string, Command])[] => [
  ...(command.commands.length === 0 || command.name() === 'plan' ? [[path.join(' '), command] as const] : []),
  ...command.commands.flatMap((each) => leaves(each, [...path, each.name()])),
];

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  return help;
}

const commands = leaves(await createProgram([]));

describe('createProgram', () => {
  it('has every command', () => {
    expect(commands.map(([path]) => path)).toEqual([
      'init', 'policy check', 'policy schema', 'policy explain', 'policy diff', 'plan', 'plan show', 'plan list', 'approve',
      'apply', 'run', 'reconcile', 'erase', 'audit query', 'audit export', 'audit certificate', 'audit summary', 'audit seal',
      'audit verify', 'report', 'status', 'hold add', 'hold release', 'hold list', 'pause', 'resume', 'deploy-check', 'listen',
      'simulate',
    ]); // biome-ignore format: a list of names
  });

  it('loads the command that is asked for and no other', async () => {
    expect(leaves(await createProgram(['audit', 'query', '--json'])).map(([path]) => path)).toEqual([
      'audit query',
    ]);
    expect(leaves(await createProgram(['apply', 'latest'])).map(([path]) => path)).toEqual(['apply']);
  });

  it('has them all for who asks for help or mistypes', async () => {
    for (const words of [['--help'], ['help', 'plan'], ['plann'], ['constructor']]) {
      expect(leaves(await createProgram(words))).toHaveLength(commands.length);
    }
  });

  it.each(commands)('shows examples of %s in its help, and the flags that all have', (path, command) => {
    const help = helpOf(command);
    expect(help).toContain(`Examples:\n  $ retention ${path}`);
    for (const flag of [
      '--json',
      '--policy <file>',
      '--store <kind>',
      '--data-dir <dir>',
      '--stack <name>',
    ]) {
      expect(help).toContain(flag);
    }
  });

  it('tells the exit codes and where settings come from', async () => {
    const help = helpOf(await createProgram([]));
    expect(help).toContain('Exit codes: 0 done; 1 failed; 2 bad usage or policy; 3 refused by the gate');
    expect(help).toContain('INTERCOM_ACCESS_TOKEN');
  });
});
