import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiCall } from './api-call.ts';
import { endpointOf } from './endpoint-of.ts';
import { readBody } from './read-body.ts';

export interface Handlers {
  readonly api: (call: ApiCall, response: ServerResponse) => Promise<void>;
  readonly control: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly requestIdOf: (callNumber: number) => string;
}

export interface Listening {
  readonly url: string;
  readonly port: number;
  /** Ends every connection. */
  readonly close: () => Promise<void>;
}

/**
 * Serves on this machine only.
 * @throws Error when the port is taken.
 */
export async function listen(port: number, handlers: Handlers): Promise<Listening> {
  let calls = 0;
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.url?.startsWith('/_simulator')) return handlers.control(request, response);
    calls += 1;
    await handlers.api(await callOf(request, calls, handlers.requestIdOf(calls)), response);
  };
  const server = createServer((request, response) => {
    receive(request, response).catch((error: unknown) => {
      // A client that goes away in the middle is none of the simulator's business; a bug is.
      if (!request.destroyed) process.emitWarning(error instanceof Error ? error : String(error));
      response.destroy();
    });
  });
  // A client decides itself how long it keeps a connection that it does not use.
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address() as AddressInfo; // a server that listens on TCP has an address
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function callOf(request: IncomingMessage, number: number, requestId: string): Promise<ApiCall> {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const method = request.method ?? 'GET';
  return {
    number,
    method,
    path,
    query: new URLSearchParams(query),
    headers: request.headers,
    ...endpointOf(method, path),
    body: await readBody(request),
    requestId,
  };
}
