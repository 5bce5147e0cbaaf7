import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const mainFile = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

export interface CliResult {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own in which the real command is run, in processes of its own and with no environment but what is given. */
export interface Desk extends AsyncDisposable {
  readonly folder: string;
  write(name: string, content: string): Promise<void>;
  retention(...args: readonly string[]): Promise<CliResult>;
  /** The same, for a test that wants to do something while it runs. */
  start(...args: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<CliResult> };
}

export async function openDesk(env: Readonly<Record<string, string>> = {}): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'retention-'));
  const start: Desk['start'] = (...args) => {
    const child = spawn(process.execPath, [mainFile, ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { child, ended: resultOf(child) };
  };
  return {
    folder,
    write: (name, content) => writeFile(join(folder, name), content),
    start,
    retention: (...args) => start(...args).ended,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

async function resultOf(child: ChildProcess): Promise<CliResult> {
  const [stdout, stderr] = await Promise.all([
    text(child.stdout!),
    text(child.stderr!),
    once(child, 'close'),
  ]);
  return { code: child.exitCode, stdout, stderr };
}
