import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createTables, type TableNames } from '#audit/create-tables.ts';
import { createDocumentClient } from '#audit/document-client.ts';
import { toOutcomeItem } from '#audit/outcome-item.ts';
import { createWholeTable } from '#audit/whole-table.ts';
import { openEmbeddedStore } from '#cli/embedded-store.ts';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { anOutcome, conversationIdOf, noon, stoppedClock, workspaceId } from '#support/audit-builders.ts';
import { collect } from '#support/collect.ts';
import { startTestStore } from '#support/dynamodb.ts';

interface Engine extends AsyncDisposable {
  readonly client: ReturnType<typeof createDocumentClient>;
  readonly tables: TableNames;
}

const engines: readonly (readonly [string, () => Promise<Engine>])[] = [
  ['a DynamoDB engine', startTestStore],
  ['the embedded store', openEmbeddedEngine],
];

async function openEmbeddedEngine(): Promise<Engine> {
  const folder = await mkdtemp(join(tmpdir(), 'whole-table-'));
  const embedded = await openEmbeddedStore(join(folder, 'data'));
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  const client = createDocumentClient({ endpoint: embedded.endpoint, region: 'local', credentials });
  const tables = { audit: 'audit', state: 'state' };
  await createTables(client, tables);
  return {
    client,
    tables,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await embedded.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

describe.each(engines)('createWholeTable, with %s', (_, open) => {
  let engine: Engine;
  const sent: object[] = [];
  const other = brandId<WorkspaceId>('other');
  const count = 30;

  beforeAll(async () => {
    engine = await open();
    const { client, tables } = engine;
    client.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          const isConsistent = 'ConsistentRead' in args.input && args.input.ConsistentRead === true;
          sent.push({ commandName, isConsistent, hasIndex: 'IndexName' in args.input });
          return next(args);
        },
      { step: 'initialize', name: 'recordCommands' },
    );
    const audit = createAuditTrail(client, tables.audit, stoppedClock(noon));
    for (let number = 0; number < count; number += 1) {
      // A tenth of a megabyte each, so that a page holds a few.
      const reason = 'x'.repeat(100_000);
      await audit.putOutcome(anOutcome({ conversationId: conversationIdOf(number), reason }));
      await audit.putOutcome(anOutcome({ workspaceId: other, conversationId: conversationIdOf(number) }));
    }
    const { by_day: _day, ...hidden } = toOutcomeItem(anOutcome({ conversationId: conversationIdOf(77) }));
    await client.send(new PutCommand({ TableName: tables.audit, Item: hidden }));
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  it('gives every item of the workspace once, page by page, and none of another one', async () => {
    sent.splice(0);
    const items = await collect(createWholeTable(engine.client, engine.tables.audit).items(workspaceId));
    expect(sent.length).toBeGreaterThan(2);
    // An index may follow late: it is not asked.
    for (const command of sent) {
      expect(command).toEqual({ commandName: 'ScanCommand', isConsistent: true, hasIndex: false });
    }
    const conversations = [...Array.from({ length: count }, (_, number) => number), 77];
    expect(items.map(({ key }) => key.pk).toSorted()).toEqual(
      conversations.map((number) => `WS#${workspaceId}#CONV#${conversationIdOf(number)}`).toSorted(),
    );
    expect(items.filter(({ place }) => place.kind === 'unlisted')).toEqual([
      {
        key: {
          pk: `WS#${workspaceId}#CONV#${conversationIdOf(77)}`,
          sk: `OUTCOME#${anOutcome().runId}`,
        },
        kind: 'outcome',
        recordedAt: '2026-11-21T12:00:00.000Z',
        place: { kind: 'unlisted' },
      },
    ]);
    expect(await collect(createWholeTable(engine.client, engine.tables.audit).items(other))).toHaveLength(
      count,
    );
  });
});

describe('checkTable', () => {
  const heapMb = 48;
  const itemsPerPage = 1_500;
  const pages = 100;

  it(`reads ${itemsPerPage * pages} items in a heap of ${heapMb} MB, which could not hold them`, {
    timeout: 240_000,
  }, async () => {
    let bytes = 0;
    const server = createServer((request, response) => {
      void json(request).then((asked) => {
        const page = Number(
          (asked as { ExclusiveStartKey?: { sk: { S: string } } }).ExclusiveStartKey?.sk.S ?? 0,
        );
        const text = pageOf(page);
        bytes += text.length;
        response.end(text);
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    try {
      const { port } = server.address() as AddressInfo;
      const script = fileURLToPath(new URL('../support/read-many.ts', import.meta.url));
      const command = [`--max-old-space-size=${heapMb}`, script, `http://127.0.0.1:${port}`, workspaceId];
      const { stdout } = await promisify(execFile)(process.execPath, command);
      expect(JSON.parse(stdout)).toEqual({
        itemCount: itemsPerPage * pages,
        unlisted: Array.from({ length: pages }, (_, page) => `${page} 7`),
      });
      expect(bytes).toBeGreaterThan(heapMb * 1_000_000);
    } finally {
      server.close();
    }
  });

  const toTexts = (item: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(Object.entries(item).map(([name, value]) => [name, { S: value }]));

  /** As DynamoDB answers. One item of each page is in no day. */
  function pageOf(page: number): string {
    const { pk, by_day, ...others } = toOutcomeItem(anOutcome());
    const { by_rule, by_run, at, recorded_at } = others;
    const Items = Array.from({ length: itemsPerPage }, (_, number) => {
      const item = { pk, sk: `${page} ${number}`, by_rule, by_run, at, recorded_at };
      return toTexts(number === 7 ? item : { ...item, by_day });
    });
    const lastKey = page + 1 < pages ? { LastEvaluatedKey: toTexts({ pk, sk: String(page + 1) }) } : {};
    return JSON.stringify({ Items, Count: itemsPerPage, ScannedCount: itemsPerPage, ...lastKey });
  }
});
