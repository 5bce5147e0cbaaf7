import http from 'node:http';
import https from 'node:https';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** From the connection to the end of the answer. */
  readonly timeoutMs: number;
}

/** What came back. Failures are values, so that nothing of the HTTP client can travel in an error. */
export type WireAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: http.IncomingHttpHeaders;
      readonly text: string;
    }
  /** No connection came about: not one byte of the request has left. */
  | { readonly kind: 'not_sent'; readonly code: string }
  | { readonly kind: 'lost'; readonly code: 'timeout' | 'connection' | 'unreadable_answer' };

export interface Host {
  readonly request: (options: http.RequestOptions) => http.ClientRequest;
  readonly options: http.RequestOptions;
  readonly pathPrefix: string;
  /** The event after which bytes of a request may leave: with TLS not before the certificate is found good. */
  readonly openedBy: 'connect' | 'secureConnect';
  readonly connectTimeoutMs: number;
}

/** Sets a proxy as `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` do. */
export type ProxyEnvironment = Readonly<Partial<Record<string, string>>>;

/** Beyond this, a request waits for one of the others to end. */
const mostSockets = 64;
/** Far above a page of 150 conversations, or one with its 500 longest parts; below what would exhaust a small function. */
const largestAnswerBytes = 64 * 1024 * 1024;

/** A server with a pool of kept-alive connections; idle ones do not keep the process alive. */
export function createHost(
  baseUrl: string,
  connectTimeoutMs: number,
  proxyEnv: ProxyEnvironment | undefined,
): Host {
  const base = new URL(baseUrl);
  const isSecure = base.protocol === 'https:';
  const agentOptions = { keepAlive: true, maxSockets: mostSockets, proxyEnv };
  return {
    request: isSecure ? https.request : http.request,
    options: {
      hostname: base.hostname.replace(/^\[|\]$/g, ''),
      port: base.port,
      agent: isSecure ? new https.Agent(agentOptions) : new http.Agent(agentOptions),
    },
    openedBy: isSecure ? 'secureConnect' : 'connect',
    pathPrefix: base.pathname.replace(/\/+$/, ''),
    connectTimeoutMs,
  };
}

/** One request and its answer. Follows no redirect; never rejects. */
export function exchange(host: Host, wire: WireRequest): Promise<WireAnswer> {
  return new Promise((resolve) => {
    let mayHaveLeft = false;
    let timer: NodeJS.Timeout | undefined;
    const request = host.request({
      ...host.options,
      method: wire.method,
      path: host.pathPrefix + wire.path,
      headers: wire.headers,
    });
    // Only the first one counts: what follows is the noise of tearing the connection down.
    const fail = (code: 'timeout' | 'connection' | 'unreadable_answer', reason: string = code): void => {
      clearTimeout(timer);
      resolve(mayHaveLeft ? { kind: 'lost', code } : { kind: 'not_sent', code: reason });
      request.destroy();
    };
    const limitTime = (timeoutMs: number): void => {
      clearTimeout(timer);
      timer = setTimeout(fail, timeoutMs, 'timeout');
    };
    const opened = (): void => {
      mayHaveLeft = true;
      limitTime(wire.timeoutMs);
    };

    request.on('socket', (socket) => {
      if (!socket.connecting) return opened();
      limitTime(host.connectTimeoutMs);
      socket.once(host.openedBy, opened);
    });
    request.on('error', (error: NodeJS.ErrnoException) => fail('connection', error.code));
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= largestAnswerBytes) chunks.push(chunk);
        else fail('unreadable_answer');
      });
      response.on('error', () => fail('connection'));
      response.on('end', () => {
        clearTimeout(timer);
        resolve(toAnswer(response, Buffer.concat(chunks)));
      });
    });
    request.end(wire.body);
  });
}

const unzip = promisify(gunzip);

function toAnswer(response: http.IncomingMessage, body: Buffer): WireAnswer | Promise<WireAnswer> {
  const { statusCode: status = 0, headers } = response;
  if (headers['content-encoding'] !== 'gzip') {
    return { kind: 'answered', status, headers, text: body.toString() };
  }
  return unzip(body, { maxOutputLength: largestAnswerBytes }).then(
    (text) => ({ kind: 'answered', status, headers, text: text.toString() }),
    () => ({ kind: 'lost', code: 'unreadable_answer' }),
  );
}
