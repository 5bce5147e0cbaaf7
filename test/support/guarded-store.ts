import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** One thing that a call needs permission for. */
export interface StoreAccess {
  /** `dynamodb:GetItem` … */
  readonly action: string;
  readonly table: string;
  readonly index: string | undefined;
}

export interface GuardedStore extends AsyncDisposable {
  readonly endpoint: string;
}

/**
 * Stands before a DynamoDB engine, and denies each call that needs something that is not allowed. While it is down, every
 * connection breaks off, and no call reaches the engine.
 */
export async function startGuardedStore(
  engine: string,
  isAllowed: (access: StoreAccess) => boolean,
  isDown: () => boolean = () => false,
): Promise<GuardedStore> {
  const server = createServer((incoming, outgoing) => {
    if (isDown()) incoming.socket.destroy();
    else void guard(engine, isAllowed, incoming, outgoing);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function guard(
  engine: string,
  isAllowed: (access: StoreAccess) => boolean,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const body = await buffer(incoming);
  const denied = accessesOf(String(incoming.headers['x-amz-target']), body).find(
    (access) => !isAllowed(access),
  );
  if (denied !== undefined) {
    const { action, table, index } = denied;
    const resource = index === undefined ? table : `${table}/index/${index}`;
    outgoing.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(
      JSON.stringify({
        __type: 'com.amazon.coral.service#AccessDeniedException',
        message: `The function is not authorized to perform: ${action} on resource: ${resource}`,
      }),
    );
    return;
  }
  const { method = 'POST', headers } = incoming;
  const onward = sendRequest(engine, { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(outgoing);
  });
  onward.once('error', () => outgoing.destroy());
  onward.end(body);
}

function accessesOf(target: string, body: Buffer): readonly StoreAccess[] {
  const input = JSON.parse(body.toString()) as {
    readonly TableName?: string;
    readonly IndexName?: string;
    readonly RequestItems?: Readonly<Record<string, unknown>>;
  };
  const action = `dynamodb:${target.split('.').at(-1)}`;
  const tables = input.RequestItems === undefined ? [input.TableName ?? ''] : Object.keys(input.RequestItems);
  return tables.map((table) => ({ action, table, index: input.IndexName }));
}
