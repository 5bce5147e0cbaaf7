import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';

export type Headers = Readonly<Record<string, string>>;

export function sendAnswer(response: ServerResponse, { status, body }: Answer, headers: Headers): void {
  response.writeHead(status, jsonHeaders(body, headers));
  response.end(body);
}

export function sendHtml(response: ServerResponse, status: number, headers: Headers): void {
  response.writeHead(status, { ...headers, 'content-type': 'text/html' });
  response.end(
    `<html><head><title>${status}</title></head><body><h1>${status} from the edge</h1></body></html>`,
  );
}

/** The connection is lost with a reset. */
export function sendReset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

/** Every header of the whole answer, but only the first half of its text before the connection is lost. */
export function sendTornConnection(
  response: ServerResponse,
  { status, body }: Answer,
  headers: Headers,
): void {
  response.writeHead(status, jsonHeaders(body, headers));
  response.write(half(body), () => response.destroy());
}

export const half = (body: string): string => body.slice(0, Math.floor(body.length / 2));

const jsonHeaders = (body: string, headers: Headers) => ({
  ...headers,
  'content-type': 'application/json; charset=utf-8',
  'content-length': Buffer.byteLength(body),
});
