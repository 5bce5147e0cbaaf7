import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import type { Fault } from './settings.ts';

type Headers = Readonly<Record<string, string>>;

/** Faults that strike before the call has an effect. */
const withoutEffect: ReadonlySet<Fault['kind']> = new Set([
  'rate_limited',
  'server_error',
  'html_error',
  'hang',
  'reset',
]);

export const leavesNoEffect = (fault: Fault | undefined): boolean =>
  fault !== undefined && withoutEffect.has(fault.kind);

export function sendAnswer(response: ServerResponse, { status, body }: Answer, headers: Headers): void {
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

export function sendHtml(response: ServerResponse, status: number, headers: Headers): void {
  response.writeHead(status, { ...headers, 'content-type': 'text/html' });
  response.end(
    `<html><head><title>${status}</title></head><body><h1>${status} from the edge</h1></body></html>`,
  );
}

/** The connection breaks off with a reset. */
export function breakOff(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

/** 200 and every header of the whole answer, but only the first half of its bytes before the connection is lost. */
export function sendTornConnection(
  response: ServerResponse,
  { status, body }: Answer,
  headers: Headers,
): void {
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.write(half(body), () => response.destroy());
}

export const half = (body: string): string => body.slice(0, Math.floor(body.length / 2));
