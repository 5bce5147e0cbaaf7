type LogLine = Readonly<Record<string, unknown>>;

export interface CapturedOutput extends Disposable {
  /** Everything since the last `take`, as it was written. */
  take(): string;
  /** The same, each line read as JSON. */
  takeLines(): readonly LogLine[];
}

/** Catches what the process writes to its standard output and error, which is what Lambda ships to the log, until disposed. */
export function captureOutput(): CapturedOutput {
  const streams = [process.stdout, process.stderr];
  const writes = streams.map((stream) => stream.write.bind(stream));
  let written = '';
  for (const stream of streams) {
    stream.write = (chunk: string | Uint8Array) => {
      written += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      return true;
    };
  }
  const take = () => {
    const taken = written;
    written = '';
    return taken;
  };
  return {
    take,
    takeLines: () =>
      take()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as LogLine),
    [Symbol.dispose]() {
      streams.forEach((stream, index) => {
        stream.write = writes[index]!;
      });
    },
  };
}
