import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { batchGet } from '#audit/batch-get.ts';
import { createDocumentClient } from '#audit/document-client.ts';
import { StoreError } from '#sweep/errors.ts';

interface BatchRequest {
  readonly RequestItems: {
    readonly audit: { readonly Keys: readonly { readonly sk: { readonly S: string } }[] };
  };
}

/** A store that answers only the first `answered` keys of each call. */
async function serveInPart(answered: number) {
  const calls: number[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const { Keys } = (body as BatchRequest).RequestItems.audit;
      calls.push(Keys.length);
      const left = Keys.slice(answered);
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(
        JSON.stringify({
          Responses: { audit: Keys.slice(0, answered) },
          UnprocessedKeys: left.length === 0 ? {} : { audit: { Keys: left } },
        }),
      );
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = createDocumentClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return {
    table: { client, tableName: 'audit' },
    calls,
    [Symbol.dispose]() {
      client.destroy();
      server.close();
    },
  };
}

const keys = (count: number) =>
  Array.from({ length: count }, (_, number) => ({ pk: 'p', sk: String(number) }));

describe('batchGet', () => {
  it('asks again for what the store left undone, more slowly each time, until it has everything', async () => {
    using store = await serveInPart(3);
    const delays: number[] = [];
    const sleep = (delayMs: number): Promise<void> => {
      delays.push(delayMs);
      return Promise.resolve();
    };
    expect(await batchGet(store.table, { sleep }, keys(8))).toEqual(keys(8));
    expect(store.calls).toEqual([8, 5, 2]);
    expect(delays).toEqual([50, 100]);
  });

  it('gives up with a sentence when the store leaves everything undone', async () => {
    using store = await serveInPart(0);
    const reading = batchGet(store.table, { sleep: () => Promise.resolve() }, keys(1));
    await expect(reading).rejects.toThrow(StoreError);
    await expect(reading).rejects.toThrow('left reads of the table audit undone 8 times in a row');
    expect(store.calls).toHaveLength(8);
  });

  it('sends no call for no keys, and a hundred keys a call otherwise', async () => {
    using store = await serveInPart(100);
    expect(await batchGet(store.table, { sleep: () => Promise.resolve() }, [])).toEqual([]);
    expect(store.calls).toEqual([]);
    expect(await batchGet(store.table, { sleep: () => Promise.resolve() }, keys(250))).toHaveLength(250);
    expect(store.calls.toSorted((one, other) => other - one)).toEqual([100, 100, 50]);
  });
});
