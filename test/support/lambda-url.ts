import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from 'aws-lambda';
import type { HttpAnswer } from '#runtime/http-request.ts';
import { lambdaContext } from './lambda-context.ts';
import { functionUrlEvent } from './webhook-events.ts';

export interface FunctionUrl extends AsyncDisposable {
  readonly url: string;
}

/** Serves a handler over HTTP as a function URL does: an invocation a request, and 502 for one that fails. */
export async function serveAsFunctionUrl(
  handler: (event: unknown, context: Context) => Promise<HttpAnswer>,
): Promise<FunctionUrl> {
  const server = createServer((request, response) => {
    void eventOf(request)
      .then((event) => handler(event, lambdaContext()))
      .catch((): HttpAnswer => ({ statusCode: 502, body: 'Internal Server Error' }))
      .then(({ statusCode, headers, body }) => response.writeHead(statusCode, headers).end(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function eventOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  );
  return functionUrlEvent({ method: request.method ?? '', headers, body: Buffer.concat(chunks) });
}
