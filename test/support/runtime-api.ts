import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface LambdaFunction extends AsyncDisposable {
  /**
   * Invokes it, in a new process if there is none. Rejects with an error that bears the type that Lambda would give:
   * that of the function's own error, or `Runtime.ExitError` when the process ended.
   */
  invoke(event: unknown, options?: { readonly timeoutMs?: number }): Promise<unknown>;
  /** Ends the process at once, as a crash does. */
  kill(): void;
  /** Milliseconds from the start of the present process until it asked for its first invocation. */
  readonly startedInMs: number;
  readonly coldStarts: number;
  /** All that was written to standard output and error. */
  readonly output: string;
}

interface Invocation {
  readonly id: string;
  readonly body: string;
  readonly timeoutMs: number;
  readonly settle: PromiseWithResolvers<unknown>;
}

const runtimeClient = join(import.meta.dirname, '../../node_modules/aws-lambda-ric/index.mjs');
const clientHook = join(import.meta.dirname, 'runtime-client-hook.ts');

/**
 * Runs a bundle (`index.mjs` in a folder) under AWS's own runtime interface client, one invocation at a time, against a
 * Runtime API on the loopback. It sees no environment but the given one and what Lambda sets.
 */
export async function startFunction(
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<LambdaFunction> {
  const waiting: Invocation[] = [];
  const underWay = new Map<string, Invocation>();
  let asking: ServerResponse | undefined;
  let child: ChildProcess | undefined;
  let startedAt = 0;
  let startedInMs = Number.NaN;
  let coldStarts = 0;
  let output = '';

  const server = createServer((request, response) => {
    void serve(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [action = '', id = ''] = (request.url ?? '').split('/').toReversed();
    if (action === 'next') {
      if (Number.isNaN(startedInMs)) startedInMs = performance.now() - startedAt;
      asking = response;
      return handOver();
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.writeHead(202).end('{}');
    const answer = JSON.parse(Buffer.concat(chunks).toString());
    const invocation = underWay.get(id);
    underWay.delete(id);
    if (action === 'response') invocation?.settle.resolve(answer);
    else if (invocation !== undefined)
      invocation.settle.reject(lambdaError(answer.errorType, answer.errorMessage));
    else failAll(answer.errorType, answer.errorMessage); // an error of the module itself
  }

  function handOver(): void {
    const invocation = asking === undefined ? undefined : waiting.shift();
    if (invocation === undefined) return;
    underWay.set(invocation.id, invocation);
    asking
      ?.writeHead(200, {
        'lambda-runtime-aws-request-id': invocation.id,
        // From now, as in Lambda: what the process took to start does not count.
        'lambda-runtime-deadline-ms': String(Date.now() + invocation.timeoutMs),
        'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:eu-west-1:123456789012:function:test',
      })
      .end(invocation.body);
    asking = undefined;
  }

  function failAll(type: string, message: string): void {
    const failed = [...underWay.values(), ...waiting.splice(0)];
    underWay.clear();
    for (const { settle } of failed) settle.reject(lambdaError(type, message));
  }

  function coldStart(): void {
    coldStarts += 1;
    startedInMs = Number.NaN;
    startedAt = performance.now();
    const started = spawn(process.execPath, ['--import', clientHook, runtimeClient, 'index.handler'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...lambdaEnvironment(folder, port), ...environment },
    });
    child = started;
    for (const stream of [started.stdout, started.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    started.on('exit', (code, signal) => {
      if (child !== started) return;
      child = undefined;
      asking = undefined;
      failAll('Runtime.ExitError', `The process ended with ${signal ?? code}.`);
    });
  }

  return {
    invoke(event, { timeoutMs = 30_000 } = {}) {
      const settle = Promise.withResolvers<unknown>();
      waiting.push({ id: randomUUID(), body: JSON.stringify(event), timeoutMs, settle });
      if (child === undefined) coldStart();
      handOver();
      return settle.promise;
    },
    kill: () => void child?.kill('SIGKILL'),
    get startedInMs() {
      return startedInMs;
    },
    get coldStarts() {
      return coldStarts;
    },
    get output() {
      return output;
    },
    async [Symbol.asyncDispose]() {
      const running = child;
      running?.kill('SIGKILL');
      if (running !== undefined && running.exitCode === null && running.signalCode === null) {
        await once(running, 'exit');
      }
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function lambdaError(type: string, message: string): Error {
  const error = new Error(message);
  error.name = type;
  return error;
}

const lambdaEnvironment = (folder: string, port: number): Readonly<Record<string, string>> => ({
  AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
  AWS_LAMBDA_NODEJS_USE_ALTERNATIVE_CLIENT_1: 'true',
  AWS_LAMBDA_FUNCTION_NAME: 'test',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
  AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/test',
  AWS_LAMBDA_LOG_STREAM_NAME: 'test',
  AWS_LAMBDA_LOG_FORMAT: 'JSON',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  LAMBDA_TASK_ROOT: folder,
  _HANDLER: 'index.handler',
  TZ: ':UTC',
});
