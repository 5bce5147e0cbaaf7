import type { Output } from './output.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;
/** What shells say of a process that was ended by Ctrl-C. */
const interruptedExitCode = 130;

export interface Interruption extends Disposable {
  /** Aborts on the first Ctrl-C; a second one ends the process at once. */
  readonly signal: AbortSignal;
}

/** Turns Ctrl-C (and SIGTERM) into a wish to stop, for as long as the work goes on; `says` is told when it comes. */
export function stopOnInterrupt(says: string, output: Output): Interruption {
  const stopping = new AbortController();
  const interrupt = (): void => {
    if (stopping.signal.aborted) process.exit(interruptedExitCode);
    stopping.abort();
    output.warn(`\n${says} Ctrl-C again ends at once.`);
  };
  for (const signal of signals) process.on(signal, interrupt);
  return {
    signal: stopping.signal,
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, interrupt);
    },
  };
}
