import { Writable } from 'node:stream';
import type { OutputStream } from '#cli/output.ts';

/** A stream that remembers what is written to it. */
export type RecordedStream = OutputStream & { readonly written: readonly string[] };

export function recordedStream({ isTTY }: { readonly isTTY: boolean }): RecordedStream {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      written.push(chunk.toString());
      done();
    },
  });
  return Object.assign(stream, { isTTY, written });
}
