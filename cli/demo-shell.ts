import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';

const mainFile = fileURLToPath(new URL('./main.ts', import.meta.url));

/** The demo did not come out as it must. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}

/** Types commands into a folder, as a person would, and shows what comes. */
export interface DemoShell {
  /** What the demo itself says. */
  tell(line: string): void;
  /** Types a command whose output is for people. @throws DemoError when it ends with another code. */
  type(args: readonly string[], expectedCode: number): Promise<void>;
  /** Types a command and shows the first lines of what it prints. @throws DemoError */
  peek(args: readonly string[], lines: number): Promise<void>;
  /** Types a command whose output goes into a file, and gives it back. @throws DemoError */
  keep(args: readonly string[], file: string): Promise<string>;
  /** Leaves a command running, and waits for its first line. */
  leaveRunning(args: readonly string[]): Promise<{ readonly child: ChildProcess; readonly line: string }>;
}

export function createDemoShell(folder: string): DemoShell {
  const say = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  const echo = (args: readonly string[], then = ''): void =>
    say(
      `\n${styleText('bold', `$ retention ${args.map(quoted).join(' ')}${then}`, { stream: process.stdout })}`,
    );

  async function capture(args: readonly string[]): Promise<string> {
    const child = spawn(process.execPath, [mainFile, ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', process.stdout],
    });
    const [printed] = await Promise.all([text(child.stdout), ended(child, args, 0)]);
    return printed;
  }

  return {
    tell: (line) => say(`\n${styleText('dim', `# ${line}`, { stream: process.stdout })}`),
    async type(args, expectedCode) {
      echo(args);
      const child = spawn(process.execPath, [mainFile, ...args], {
        cwd: folder,
        // What is for people goes to stderr in a pipe; here it must come in its place.
        stdio: ['ignore', process.stdout, process.stdout],
      });
      await ended(child, args, expectedCode);
      if (expectedCode !== 0)
        say(styleText('dim', `(exit code ${expectedCode})`, { stream: process.stdout }));
    },
    async peek(args, lines) {
      echo(args, ` | head -${lines}`);
      say((await capture(args)).split('\n').slice(0, lines).join('\n'));
    },
    async keep(args, file) {
      echo(args, ` > ${file}`);
      return capture(args);
    },
    async leaveRunning(args) {
      echo(args, ' &');
      const child = spawn(process.execPath, [mainFile, ...args], {
        cwd: folder,
        stdio: ['ignore', 'pipe', process.stdout],
      });
      for await (const line of createInterface({ input: child.stdout })) {
        say(line);
        return { child, line };
      }
      throw new DemoError(`"retention ${args.join(' ')}" ended before it was ready.`);
    },
  };
}

async function ended(child: ChildProcess, args: readonly string[], expectedCode: number): Promise<void> {
  const code = await new Promise<number | null>((tell) => {
    child.once('close', tell);
  });
  if (code !== expectedCode) {
    throw new DemoError(`"retention ${args.join(' ')}" ended with ${code} instead of ${expectedCode}.`);
  }
}

const quoted = (arg: string): string => (/^[\w./:=-]+$/.test(arg) ? arg : `"${arg}"`);
