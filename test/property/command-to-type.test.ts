import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandToType } from '#cli/command-to-type.ts';

const plain = { json: true, quiet: true };

/** The words that a shell makes of a line. */
const wordsOf = (line: string): readonly string[] =>
  execFileSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

describe('commandToType', () => {
  it('says no more than the command where nothing was given that decides where it looks', () => {
    expect(commandToType(plain, 'apply 1')).toBe('retention apply 1');
  });

  it('repeats what decides where it looks, and nothing else', () => {
    const flags = { ...plain, policy: 'our/eu.yaml', store: 'local', dataDir: '../data' } as const;
    expect(commandToType(flags, 'resume')).toBe(
      'retention resume --policy our/eu.yaml --store local --data-dir ../data',
    );
    expect(commandToType({ ...plain, stack: 'IntercomRetention-production' }, 'run --remote')).toBe(
      'retention run --remote --stack IntercomRetention-production',
    );
  });

  it('is read by a shell as it was given, whatever is in it', () => {
    const word = fc.string({
      unit: fc.constantFrom(...Array.from(`a Z0-_./'"\\$\`*?~;&|<>(){}[]!#\n\tß`)),
      maxLength: 12,
    });
    fc.assert(
      fc.property(word, word, (policy, dataDir) => {
        expect(wordsOf(commandToType({ ...plain, policy, dataDir }, 'plan show latest'))).toEqual([
          'retention', 'plan', 'show', 'latest', '--policy', policy, '--data-dir', dataDir,
        ]); // biome-ignore format: a command
      }),
      { numRuns: 60 },
    );
  });
});
