/**
 * The embedded store: a DynamoDB look-alike on the disk, in a process of its own that every command of the same data folder
 * shares. `embedded-store.ts` starts it; it ends by itself when nobody is connected any more.
 *
 *     node embedded-store-process.ts DATA_DIR
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { publishStoreAddress, withdrawStoreAddress } from './embedded-store-address.ts';
import { createEmbeddedDatabase } from './embedded-store-database.ts';

/** What the process tells the one that started it. */
export type StoreStart =
  | { readonly kind: 'listening' }
  /** Another store process has this folder. */
  | { readonly kind: 'locked' }
  | { readonly kind: 'failed'; readonly reason: string };

const host = '127.0.0.1';
/** For the first command to connect. */
const patienceAtStartMs = 5_000;
/** After the last command has gone. */
const patienceMs = 300;

const dataDir = process.argv[2] ?? '';

/** A command that was killed in mid-request is none of the store's business; after anything else nothing can be trusted. */
process.on('uncaughtException', (error) => {
  if ('code' in error && error.code === 'ECONNRESET') return;
  process.exit(1);
});

tell(await start());

async function start(): Promise<StoreStart> {
  try {
    const path = join(dataDir, 'store');
    await mkdir(path, { recursive: true, mode: 0o700 });
    const database = createEmbeddedDatabase(path);
    await database.open();
    const key = randomUUID();
    guard(database.server, key);
    const greeting = randomUUID();
    const control = createControl(greeting, async () => {
      await withdrawStoreAddress(dataDir);
      await database.close();
      process.exit(0);
    });
    const port = await listen(database.server);
    const controlPort = await listen(control);
    const endpoint = `http://${host}:${port}/${key}`;
    await publishStoreAddress(dataDir, { pid: process.pid, endpoint, controlPort, greeting });
    return { kind: 'listening' };
  } catch (error) {
    return describe(error);
  }
}

/** Dynalite answers everybody, and web pages of any origin; only who knows the key gets as far. */
function guard(server: HttpServer, key: string): void {
  const answer = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (request.url !== `/${key}` && request.url !== `/${key}/`) {
      response.writeHead(403).end();
      return;
    }
    for (const listener of answer) listener.call(server, request, response);
  });
}

/** Greets each command that connects, and calls `end` once the last has gone. */
function createControl(greeting: string, end: () => Promise<void>): Server {
  const commands = new Set<Socket>();
  let leaving = setTimeout(leave, patienceAtStartMs);
  const control = createServer((socket) => {
    clearTimeout(leaving);
    commands.add(socket);
    socket.on('error', () => undefined); // a command that was killed; `close` follows
    socket.on('close', () => {
      commands.delete(socket);
      if (commands.size === 0) leaving = setTimeout(leave, patienceMs);
    });
    socket.resume();
    socket.write(greeting);
  });

  function leave(): void {
    // Whoever connects from here on gets no greeting, and starts another store.
    control.close();
    control.removeAllListeners('connection');
    void end();
  }
  return control;
}

async function listen(server: Server | HttpServer): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The store has no port.');
  return address.port;
}

function describe(error: unknown): StoreStart {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED') return { kind: 'locked' };
  return { kind: 'failed', reason: cause instanceof Error ? cause.message : String(cause) };
}

function tell(message: StoreStart): void {
  const done = () => {
    if (process.connected) process.disconnect();
    if (message.kind !== 'listening') process.exit(1);
  };
  if (process.send === undefined) done();
  else process.send(message, done);
}
