import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { styleText } from 'node:util';

/** A place to write to that may be a terminal. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export interface OutputOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** One JSON document, or NDJSON for lists, on stdout; nothing for people but errors and progress. */
  readonly json: boolean;
  /** No progress. */
  readonly quiet: boolean;
}

/** The reader of stdout has gone (as `head` does when it has seen enough); there is nobody left to write for. */
export class OutputClosedError extends Error {
  override readonly name = 'OutputClosedError';
}

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

/** The two voices of a command: data for machines on stdout, and text for people where they will see it. */
export interface Output {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Whether a person sees what is said. */
  readonly isTerminal: boolean;
  /** Where people look while they wait. */
  readonly progressStream: OutputStream;
  /** Writes data to stdout, and waits while its reader is slow. @throws OutputClosedError */
  data(text: string): Promise<void>;
  /** Writes one JSON document on a line of its own. @throws OutputClosedError */
  document(value: unknown): Promise<void>;
  /** Text for people: on stdout when that is a terminal, else on stderr. Silent with `--json`. */
  say(text: string): void;
  /** A warning or a way on, on stderr; also with `--json`. */
  warn(text: string): void;
  /** `text` in a style, when people's output goes to a terminal that wants colour. */
  style(style: Style, text: string): string;
}

export function createOutput({ stdout, stderr, json, quiet }: OutputOptions): Output {
  const people = stdout.isTTY === true ? stdout : stderr;
  let isClosed = false;
  stdout.on('error', () => {
    isClosed = true; // EPIPE: told to the next writer by `data`
  });
  stderr.on('error', () => undefined); // nobody reads it; there is no better place to say so

  async function data(text: string): Promise<void> {
    if (isClosed || stdout.destroyed) throw new OutputClosedError();
    if (stdout.write(text)) return;
    await once(stdout, 'drain').catch(() => undefined); // it rejects when the stream fails, which the next line tells
    if (isClosed || stdout.destroyed) throw new OutputClosedError();
  }

  return {
    json,
    quiet,
    isTerminal: people.isTTY === true,
    progressStream: stderr,
    data,
    document: (value) => data(`${JSON.stringify(value)}\n`),
    say: (text) => {
      if (!json) people.write(`${text}\n`);
    },
    warn: (text) => {
      stderr.write(`${text}\n`);
    },
    style: (style, text) => styleText(style, text, { stream: people }),
  };
}
