import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does with one request. */
export type ScriptedAnswer =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Sent as JSON. */
      readonly json?: unknown;
      /** Sent as it is. */
      readonly text?: string | Buffer;
    }
  /** No answer until the server closes. */
  | 'hang'
  /** The connection is cut before a byte of the answer. */
  | 'reset'
  /** 200, and the connection is cut in the middle of the body. */
  | 'break_off'
  /** 200 with one half of the JSON, correctly ended. */
  | 'torn_json'
  /** 200 that begins, and never ends. */
  | 'drip';

interface RecordedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** How many were opened so far. */
  connections(): number;
}

/** A real HTTP server that gives the answers of a script, in order; after the last one, 500. */
export async function scriptedServer(...script: readonly ScriptedAnswer[]): Promise<ScriptedServer> {
  const requests: RecordedRequest[] = [];
  const server = createServer((request, response) => {
    void record(request).then((recorded) => {
      const answer = script[requests.length] ?? { status: 500, text: 'The script has ended.' };
      requests.push(recorded);
      give(answer, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  let connections = 0;
  server.on('connection', () => {
    connections += 1;
  });
  const { port } = server.address() as AddressInfo; // of a TCP server it is an object
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => {
        server.close(resolve);
      });
      server.closeAllConnections();
      await closed;
    },
  };
}

async function record(request: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = await Array.fromAsync(request);
  return {
    method: request.method ?? '',
    url: request.url ?? '',
    headers: request.headers,
    body: Buffer.concat(chunks).toString(),
  };
}

const half = '{"type":"conversation.list","conversations":[{"id":"1"';

function give(answer: ScriptedAnswer, response: ServerResponse): void {
  switch (answer) {
    case 'hang':
      return;
    case 'reset':
      response.destroy();
      return;
    case 'break_off':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write(half, () => response.destroy());
      return;
    case 'torn_json':
      response.writeHead(200, { 'content-type': 'application/json' }).end(half);
      return;
    case 'drip':
      response.writeHead(200, { 'content-type': 'application/json' }).write(half);
      return;
    default: {
      const { status = 200, headers = {}, json, text } = answer;
      const contentType = json === undefined ? 'text/html' : 'application/json; charset=utf-8';
      response.writeHead(status, { 'content-type': contentType, ...headers });
      response.end(json === undefined ? text : JSON.stringify(json));
    }
  }
}
