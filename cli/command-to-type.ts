import type { CommonFlags } from './command-context.ts';

/**
 * A command for a person to copy, with the options of this one that decide where it looks: without them, the copy would ask another
 * store, or judge by another policy. What the environment says, it says to the copy as well.
 * @param words What follows `retention`: `apply 0191f2a4-…`.
 */
export function commandToType({ policy, store, dataDir, stack }: CommonFlags, words: string): string {
  const options = Object.entries({
    '--policy': policy,
    '--store': store,
    '--data-dir': dataDir,
    '--stack': stack,
  });
  const given = options.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${quoted(value)}`]));
  return ['retention', words, ...given].join(' ');
}

/** As a shell reads it as one word. */
const quoted = (word: string): string =>
  /^[\w./:@%+,=-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
