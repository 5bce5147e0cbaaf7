import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ConfigurationError, StoreError } from '#sweep/errors.ts';
import { readStoreAddress, type StoreAddress } from './embedded-store-address.ts';
import type { StoreStart } from './embedded-store-process.ts';

export interface EmbeddedStore {
  /** Of the DynamoDB API. Its path is a secret: without it the store answers nobody. */
  readonly endpoint: string;
  /** Lets go of the store, which ends by itself soon after the last command that uses it. */
  close(): Promise<void>;
}

const processFile = fileURLToPath(new URL('./embedded-store-process.ts', import.meta.url));
const maxWaitMs = 15_000;
const greetingTimeoutMs = 2_000;
const pollMs = 20;

/**
 * Attaches to the store of a data folder, and starts it when it does not run. The database can be open in one process only,
 * and its lock decides when several commands start one at once: the others attach to the winner's.
 * @throws ConfigurationError when the folder cannot be used; StoreError when the store cannot be started for another reason.
 */
export async function openEmbeddedStore(dataDir: string): Promise<EmbeddedStore> {
  const folder = resolve(dataDir);
  const giveUpAt = performance.now() + maxWaitMs;
  while (performance.now() < giveUpAt) {
    const attached = await attach(folder);
    if (attached !== undefined) return attached;
    const start = await startProcess(folder);
    if (start.kind === 'failed') throw cannotStart(dataDir, start.reason);
    if (start.kind === 'locked') await sleep(pollMs);
  }
  throw new StoreError(
    `The store in ${dataDir} is in use by another program that does not share it; end that program and run again.`,
    { retryable: true },
  );
}

async function attach(folder: string): Promise<EmbeddedStore | undefined> {
  const address = await readStoreAddress(folder);
  if (address === undefined) return undefined;
  const socket = connect(address.controlPort, '127.0.0.1');
  if (!(await isGreeted(socket, address))) {
    socket.destroy();
    return undefined;
  }
  socket.on('error', () => undefined); // the store died: the next call to it says so
  socket.resume();
  socket.unref();
  return {
    endpoint: address.endpoint,
    async close() {
      if (socket.closed) return;
      socket.destroy();
      await once(socket, 'close');
    },
  };
}

async function isGreeted(socket: Socket, { greeting }: StoreAddress): Promise<boolean> {
  let heard = '';
  try {
    const chunks: AsyncIterable<string> = socket
      .setEncoding('utf8')
      .setTimeout(greetingTimeoutMs, () => socket.destroy())
      .iterator({ destroyOnReturn: false });
    for await (const chunk of chunks) {
      heard += chunk;
      if (heard.length >= greeting.length) break;
    }
  } catch {
    return false; // nobody listens there any more
  }
  socket.setTimeout(0);
  return heard === greeting;
}

/** Starts a store process that outlives this one, and waits for its word. */
async function startProcess(folder: string): Promise<StoreStart> {
  const child = spawn(process.execPath, [processFile, folder], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {}, // neither the token of this process nor its NODE_OPTIONS are meant for the store
    windowsHide: true,
  });
  const said = new Promise<StoreStart>((tell) => {
    child.once('message', (message) => tell(message as StoreStart)); // the process sends nothing else
    child.once('error', (error) => tell({ kind: 'failed', reason: error.message }));
    child.once('exit', (code) => tell({ kind: 'failed', reason: `its process ended with ${code}` }));
  });
  const start = await said;
  if (child.connected) child.disconnect();
  child.unref();
  return start;
}

const unusableFolder =
  /EACCES|EPERM|EROFS|ENOTDIR|EEXIST|Permission denied|Read-only|Not a directory|File exists/i;
const fullDisk = /ENOSPC|EDQUOT|No space left|quota/i;

function cannotStart(dataDir: string, reason: string): Error {
  if (fullDisk.test(reason)) {
    return new StoreError(`The disk that holds ${dataDir} is full; make room and run again.`, {
      retryable: false,
      cause: reason,
    });
  }
  if (unusableFolder.test(reason)) {
    return new ConfigurationError(
      `The data folder ${dataDir} cannot be written; free the place, or name another with --data-dir.`,
      { cause: reason },
    );
  }
  return new StoreError(
    `The store in ${dataDir} could not be started (${reason}); look at that folder, or name another with --data-dir.`,
    { retryable: false, cause: reason },
  );
}
