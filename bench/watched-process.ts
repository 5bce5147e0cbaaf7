import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const commandFile = fileURLToPath(new URL('../cli/main.ts', import.meta.url));

/** The flags of the command's first line. */
export const commandFlags: readonly string[] = flagsOf(readFileSync(commandFile, 'utf8'));

/** Node's arguments for the command, as `npx retention` starts it. */
export const command: readonly string[] = [...commandFlags, commandFile];

function flagsOf(script: string): readonly string[] {
  const [, flags] = /^#!\/usr\/bin\/env -S node (.+)\n/.exec(script) ?? [];
  if (flags === undefined) throw new Error(`${commandFile} does not begin as expected.`);
  return flags.split(' ');
}

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the process reads; nothing unless given. */
  readonly stdin?: string;
}

export interface WatchedResult {
  readonly seconds: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  /** The largest resident set (VmHWM), in megabytes of 1,000,000 bytes. Undefined where there is no /proc. */
  readonly peakMegabytes: number | undefined;
}

const watchEveryMs = 10;

/** Runs Node with these arguments in a process of its own, with no environment but what is given, and watches its memory. */
export async function runNode(args: readonly string[], options: ProcessOptions = {}): Promise<WatchedResult> {
  const startedAt = performance.now();
  const child = startNode(args, options);
  child.stdin.end(options.stdin);
  let peakMegabytes: number | undefined;
  const watching = setInterval(() => {
    // The mark only rises; the last one seen before the end stands.
    peakMegabytes = readPeak(child.pid) ?? peakMegabytes;
  }, watchEveryMs);
  try {
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close'),
    ]);
    return {
      seconds: (performance.now() - startedAt) / 1000,
      stdout,
      stderr,
      code: child.exitCode,
      peakMegabytes,
    };
  } finally {
    clearInterval(watching);
  }
}

export const startNode = (args: readonly string[], { cwd, env }: ProcessOptions = {}) =>
  spawn(process.execPath, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });

/** Ends a process by its own handle, and waits until it is gone. */
export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'close');
}

function readPeak(pid: number | undefined): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
    return kilobytes === undefined ? undefined : (Number(kilobytes) * 1024) / 1e6;
  } catch {
    return undefined; // it has just ended, or this is not Linux
  }
}
