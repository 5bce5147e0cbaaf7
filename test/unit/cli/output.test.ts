import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createOutput, OutputClosedError } from '#cli/output.ts';
import { recordedStream } from '#support/recorded-stream.ts';

const outputTo = ({ isTTY, json = false }: { readonly isTTY: boolean; readonly json?: boolean }) => {
  const stdout = recordedStream({ isTTY });
  const stderr = recordedStream({ isTTY });
  return { stdout, stderr, output: createOutput({ stdout, stderr, json, quiet: false }) };
};

describe('createOutput', () => {
  it('speaks to people on stdout when that is a terminal, else on stderr', () => {
    const onTerminal = outputTo({ isTTY: true });
    onTerminal.output.say('hello');
    expect([onTerminal.stdout.written, onTerminal.stderr.written]).toEqual([['hello\n'], []]);

    const inPipe = outputTo({ isTTY: false });
    inPipe.output.say('hello');
    expect([inPipe.stdout.written, inPipe.stderr.written]).toEqual([[], ['hello\n']]);
  });

  it('with json says nothing to people but warnings, and writes one document a line', async () => {
    const { stdout, stderr, output } = outputTo({ isTTY: true, json: true });
    output.say('hello');
    output.warn('careful');
    await output.document({ a: 1 });
    expect([stdout.written, stderr.written]).toEqual([['{"a":1}\n'], ['careful\n']]);
  });

  it('waits while the reader is slow', async () => {
    let takeIt: (() => void) | undefined;
    const slow = new Writable({
      highWaterMark: 1,
      write(_chunk, _encoding, done) {
        takeIt = done;
      },
    });
    const output = createOutput({ stdout: slow, stderr: slow, json: false, quiet: false });
    let isWritten = false;
    const writing = output.data('some').then(() => {
      isWritten = true;
    });
    await Promise.resolve();
    expect(isWritten).toBe(false);
    takeIt?.();
    await writing;
    expect(isWritten).toBe(true);
  });

  it('tells the writer once the reader has gone', async () => {
    const { stdout, output } = outputTo({ isTTY: false });
    stdout.destroy(new Error('write EPIPE'));
    await expect(output.data('more')).rejects.toThrow(OutputClosedError);
  });

  it('tells a writer that waits when the reader goes', async () => {
    const closing = new Writable({
      highWaterMark: 1,
      write(_chunk, _encoding, done) {
        done(new Error('write EPIPE'));
      },
    });
    const output = createOutput({ stdout: closing, stderr: closing, json: false, quiet: false });
    await expect(output.data('some')).rejects.toThrow(OutputClosedError);
  });
});
