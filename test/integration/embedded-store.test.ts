import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createTables } from '#audit/create-tables.ts';
import { createDocumentClient } from '#audit/document-client.ts';
import { type EmbeddedStore, openEmbeddedStore } from '#cli/embedded-store.ts';
import {
  anOutcome,
  aRun,
  conversationIdOf,
  noon,
  runIdOf,
  stoppedClock,
  workspaceId,
} from '#support/audit-builders.ts';
import { collect } from '#support/collect.ts';
import { ConfigurationError, StoreError } from '#sweep/errors.ts';
import type { AuditTrail } from '#sweep/ports.ts';

let parent: string;
let dataDir: string;
const opened: EmbeddedStore[] = [];
const pids = new Set<number>();

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'embedded-store-'));
  dataDir = join(parent, 'data');
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  await untilStoreEnds();
  await rm(parent, { recursive: true, force: true });
});

async function open(): Promise<EmbeddedStore> {
  const store = await openEmbeddedStore(dataDir);
  opened.push(store);
  pids.add(await storePid());
  return store;
}

async function openAudit(): Promise<AuditTrail> {
  const { endpoint } = await open();
  const client = createDocumentClient({ endpoint, ...access, maxAttempts: 2 });
  await createTables(client, { audit: 'audit', state: 'state' });
  return createAuditTrail(client, 'audit', stoppedClock(noon));
}

const access = { region: 'local', credentials: { accessKeyId: 'x', secretAccessKey: 'x' } };

const storePid = async (): Promise<number> => {
  const address = JSON.parse(await readFile(join(dataDir, 'store.json'), 'utf8')) as { pid: number };
  return address.pid;
};

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Every store that a test has used. */
const untilStoreEnds = () =>
  vi.waitFor(() => expect([...pids].filter(isAlive)).toEqual([]), { timeout: 60_000, interval: 20 });

async function killStore(): Promise<void> {
  const pid = await storePid();
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 60_000, interval: 5 });
}

/** Another command of the same data folder: opens the store, says its endpoint, and stays until it is killed. */
async function startCommand(): Promise<{ readonly process: ChildProcess; readonly endpoint: string }> {
  const module = fileURLToPath(new URL('../../cli/embedded-store.ts', import.meta.url));
  const code = `
    const { openEmbeddedStore } = await import(${JSON.stringify(module)});
    console.log((await openEmbeddedStore(${JSON.stringify(dataDir)})).endpoint);
    setInterval(() => undefined, 1000);`;
  const command = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const endpoint of createInterface({ input: command.stdout }))
    return { process: command, endpoint };
  throw new Error('The command ended without a word.');
}

describe('openEmbeddedStore', () => {
  it('keeps what is stored from one command to the next', async () => {
    const audit = await openAudit();
    await audit.putOutcome(anOutcome());
    for (const store of opened.splice(0)) await store.close();
    await untilStoreEnds();

    const later = await openAudit();
    const found = await later.outcomesOfConversation(workspaceId, conversationIdOf(1));
    expect(found.map(({ outcome }) => outcome)).toEqual([anOutcome()]);
  });

  it('keeps its folder and its address to the user who owns them', async () => {
    await open();
    for (const folder of [dataDir, join(dataDir, 'store')]) {
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
    }
    expect((await stat(join(dataDir, 'store.json'))).mode & 0o777).toBe(0o600);
  });

  it('answers nobody who does not know the secret of its endpoint', async () => {
    const { endpoint } = await open();
    const { origin } = new URL(endpoint);
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const response = await fetch(`${origin}/`, { method, headers: { origin: 'https://example.com' } });
      expect(response.status).toBe(403);
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
    expect((await fetch(endpoint)).status).toBe(200);
  });

  it('gives commands that start at once the same store', async () => {
    const stores = await Promise.all([open(), open(), open(), open()]);
    expect(new Set(stores.map(({ endpoint }) => endpoint)).size).toBe(1);
  });

  it('goes on for the others when one command is killed, and ends when the last one is', async () => {
    const [one, other] = [await startCommand(), await startCommand()];
    expect(one.endpoint).toBe(other.endpoint);
    const pid = await storePid();

    one.process.kill('SIGKILL');
    await once(one.process, 'exit');
    const audit = await openAudit();
    expect(await audit.putOutcome(anOutcome())).toBe('written');
    for (const store of opened.splice(0)) await store.close();

    expect(isAlive(pid)).toBe(true);
    other.process.kill('SIGKILL');
    await untilStoreEnds();
    expect(isAlive(pid)).toBe(false);
  });

  it('survives a command that dies in the middle of a request', async () => {
    const { endpoint } = await open();
    const code = `
      const http = await import('node:http');
      const request = http.request(${JSON.stringify(endpoint)}, { method: 'POST', headers: { 'content-length': 1000 } });
      request.write('{', () => process.kill(process.pid, 'SIGKILL'));`;
    const command = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' });
    const [, signal] = (await once(command, 'exit')) as unknown[];
    expect(signal).toBe('SIGKILL');
    expect((await fetch(endpoint)).status).toBe(200);
    expect(await (await openAudit()).putOutcome(anOutcome())).toBe('written');
  });

  it('takes no notice of the address of a store that is gone, or of another program at its port', async () => {
    await open();
    const { pid, ...address } = JSON.parse(await readFile(join(dataDir, 'store.json'), 'utf8')) as {
      pid: number;
      greeting: string;
    };
    for (const store of opened.splice(0)) await store.close();
    await untilStoreEnds();
    for (const stale of [{ ...address, pid }, { ...address, pid, controlPort: 1 }, 'not an address']) {
      await writeFile(join(dataDir, 'store.json'), JSON.stringify(stale));
      const { endpoint } = await open();
      expect((await fetch(endpoint)).status).toBe(200);
      for (const store of opened.splice(0)) await store.close();
      await untilStoreEnds();
    }
  });

  it('loses nothing that it has acknowledged and shows nothing by halves when it is killed, and says what to do to who was using it', async () => {
    const audit = await openAudit();
    await audit.putRunStarted(aRun());
    const acknowledged = new Set<string>();
    const failures: unknown[] = [];
    let next = 0;
    const writer = async (): Promise<void> => {
      while (failures.length === 0) {
        next += 1;
        const outcome = anOutcome({ conversationId: conversationIdOf(next) });
        try {
          if ((await audit.putOutcome(outcome)) === 'written') acknowledged.add(outcome.conversationId);
        } catch (error) {
          failures.push(error);
        }
      }
    };
    const writing = Promise.all(Array.from({ length: 16 }, writer));
    await vi.waitUntil(() => acknowledged.size > 300, { timeout: 60_000, interval: 5 });
    await killStore();
    await writing;

    for (const failure of failures) {
      expect(failure).toBeInstanceOf(StoreError);
      expect(failure).toMatchObject({
        retryable: true,
        message: expect.stringMatching(
          /^The store on this machine \(127\.0\.0\.1:\d+\) has stopped answering \(\w+\); run again, and it starts anew\.$/,
        ) as string,
      });
    }
    const reopened = await openAudit();
    const tried = Array.from({ length: next }, (_, number) => conversationIdOf(number + 1));
    const inTable = await reopened.readOutcomes(workspaceId, runIdOf(1), tried);
    const queried = await collect(reopened.queryOutcomes(workspaceId, {}));
    const ids = new Set<string>(queried.map(({ outcome }) => outcome.conversationId));
    expect(ids).toEqual(new Set(inTable.keys()));
    expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([]);
  });

  it.each([
    ['is a file', () => writeFile(dataDir, 'x')],
    [
      'lies under a file',
      async () => {
        await writeFile(dataDir, 'x');
        dataDir = join(dataDir, 'data');
      },
    ],
    [
      'has a file where its database belongs',
      async () => {
        await (await open()).close();
        await untilStoreEnds();
        await rm(join(dataDir, 'store'), { recursive: true });
        await writeFile(join(dataDir, 'store'), 'x');
      },
    ],
  ])('refuses a folder that %s, naming it and the setting', async (_, prepare) => {
    await prepare();
    await expect(openEmbeddedStore(dataDir)).rejects.toThrow(
      new ConfigurationError(
        `The data folder ${dataDir} cannot be written; free the place, or name another with --data-dir.`,
      ),
    );
  });

  it.skipIf(process.getuid?.() === 0)('refuses a folder that may not be written', async () => {
    await (await open()).close();
    await untilStoreEnds();
    await chmod(dataDir, 0o500);
    await expect(openEmbeddedStore(dataDir)).rejects.toThrow(ConfigurationError);
    await chmod(dataDir, 0o700);
  });

  it('fails a write that does not fit on the disk, keeps the others, and says so until there is room', async ({
    skip,
  }) => {
    await mkdir(dataDir);
    const mount = (options: string) => spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dataDir]);
    if (mount('size=2m').status !== 0) skip('a small file system cannot be mounted here');
    try {
      const audit = await openAudit();
      const acknowledged: string[] = [];
      const fill = async (): Promise<never> => {
        for (let number = 0; ; number += 1) {
          const outcome = anOutcome({ conversationId: conversationIdOf(number) });
          if ((await audit.putOutcome(outcome)) === 'written') acknowledged.push(outcome.conversationId);
        }
      };
      await expect(fill()).rejects.toThrow(StoreError);
      await expect(openEmbeddedStore(dataDir)).rejects.toThrow(
        `The disk that holds ${dataDir} is full; make room and run again.`,
      );

      expect(mount('remount,size=30m').status).toBe(0);
      const reopened = await openAudit();
      const ids = Array.from(acknowledged, (_, number) => conversationIdOf(number));
      const found = await reopened.readOutcomes(workspaceId, runIdOf(1), ids);
      expect(acknowledged.length).toBeGreaterThan(100);
      expect([...found.keys()].toSorted()).toEqual(acknowledged.toSorted());
      for (const store of opened.splice(0)) await store.close();
      await untilStoreEnds();
    } finally {
      spawnSync('umount', [dataDir]);
    }
  });
});
