import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { HttpAnswer, HttpRequest } from '#runtime/http-request.ts';
import { listenOn } from './listen-on.ts';

/** A body above this is not read to its end; the handler refuses what is above its own, smaller limit. */
const maxBodyBytes = 2 * 1024 * 1024;

export interface WebhookServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Hands each request to the code that a Lambda function URL would hand it to, to the byte.
 * @throws CliError when the port is taken.
 */
export async function serveWebhooks(
  port: number,
  answer: (request: HttpRequest) => Promise<HttpAnswer>,
): Promise<WebhookServer> {
  const server = createServer((incoming, outgoing) => {
    toRequest(incoming)
      .then(answer)
      .then(
        ({ statusCode, headers, body }) => outgoing.writeHead(statusCode, { ...headers }).end(body),
        () => outgoing.writeHead(502).end(),
      );
  });
  const taken = await listenOn(server, port);
  return { url: `http://127.0.0.1:${taken}/`, port: taken, close: () => close(server) };
}

async function toRequest(incoming: IncomingMessage): Promise<HttpRequest> {
  const parts: Buffer[] = [];
  let bytes = 0;
  // Without an encoding set, a request gives buffers.
  for await (const part of incoming as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes <= maxBodyBytes) parts.push(part);
  }
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return {
    method: incoming.method ?? '',
    query: '', // the webhook looks at none
    headers: Object.fromEntries(headers),
    body: { text: Buffer.concat(parts).toString('base64'), encoding: 'base64' },
    isSignedByIam: false,
  };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
