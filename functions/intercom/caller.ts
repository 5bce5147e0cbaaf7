import type { Share } from '#policy/policy.ts';
import { ConfigurationError } from '#sweep/errors.ts';
import type { ApiUsage, Clock } from '#sweep/ports.ts';
import type { ApiVersion } from './api-version.ts';
import type { Endpoint } from './endpoint.ts';
import type { WireRequest } from './exchange.ts';
import { Pacer } from './pacer.ts';
import { type RateHeaders, readRateHeaders } from './rate-headers.ts';
import { readReply } from './read-reply.ts';
import type { Reply } from './reply.ts';
import type { ApiRequest } from './requests.ts';
import { type Attempts, countReply, decideRetry } from './retry-policy.ts';
import type { Transport } from './transport.ts';

/** The token as it is now. `fresh`: Intercom has just refused it; fetch it anew from where it is kept. */
export type TokenSource = (ask: { readonly fresh: boolean }) => Promise<string>;

export interface CallerDeps {
  readonly send: Transport;
  readonly token: TokenSource;
  readonly version: ApiVersion;
  readonly pace: Share;
  readonly clock: Clock;
  readonly random: () => number;
  readonly timeouts: { readonly pageMs: number; readonly singleMs: number };
  /** Ends the waiting between attempts: a call that would have been sent again gives up. */
  readonly stop: AbortSignal | undefined;
}

/** Sends requests when the pace allows, again when the retry policy says so, and counts them. */
export class Caller {
  readonly #deps: CallerDeps;
  readonly #pacer: Pacer;
  #calls = 0;
  #writeCalls = 0;
  #rateLimited = 0;

  constructor(deps: CallerDeps) {
    this.#deps = deps;
    this.#pacer = new Pacer(deps.pace, deps.clock);
  }

  usage(): ApiUsage {
    return {
      calls: this.#calls,
      writeCalls: this.#writeCalls,
      rateLimited: this.#rateLimited,
      limitPerWindow: this.#pacer.limit,
    };
  }

  /** @throws ConfigurationError when the token cannot be one. */
  async call(request: ApiRequest): Promise<Reply> {
    const { clock, random, stop, token } = this.#deps;
    let attempts: Attempts = { startedAt: clock.now(), rateLimited: 0, failed: 0 };
    let usedToken = await token({ fresh: false });
    let isTokenFresh = false;

    while (true) {
      const wire = this.#wireOf(request, usedToken);
      const callNumber = await this.#pacer.turn();
      const { reply, rate } = await this.#send(wire);
      attempts = countReply(attempts, reply);
      const { method } = request.endpoint;
      const decision = decideRetry({ reply, method, attempts, rate, now: clock.now(), random });
      // First the pause: the end of a call lets the next one go.
      if (reply.kind === 'rate_limited' && decision.kind === 'retry') this.#pacer.pause(decision.delayMs);
      this.#pacer.ended(callNumber, rate);

      if (reply.kind === 'refused' && reply.httpStatus === 401 && !isTokenFresh) {
        isTokenFresh = true;
        const freshToken = await token({ fresh: true });
        if (freshToken === usedToken) return reply;
        usedToken = freshToken;
        continue;
      }
      if (decision.kind === 'leave') return reply;
      await clock.sleep(decision.delayMs, stop);
      if (stop?.aborted === true) return reply;
    }
  }

  #wireOf({ endpoint, path, body }: ApiRequest, token: string): WireRequest {
    const { timeouts, version } = this.#deps;
    return {
      method: endpoint.method,
      path,
      headers: headersOf(endpoint, version, token, body !== undefined),
      body: body === undefined ? undefined : JSON.stringify(body),
      timeoutMs: endpoint.patience === 'page' ? timeouts.pageMs : timeouts.singleMs,
    };
  }

  async #send(wire: WireRequest): Promise<{ readonly reply: Reply; readonly rate: RateHeaders | undefined }> {
    this.#calls += 1;
    if (wire.method === 'DELETE') this.#writeCalls += 1;
    const answer = await this.#deps.send(wire);
    const reply = readReply(answer);
    if (reply.kind === 'rate_limited') this.#rateLimited += 1;
    const rate =
      answer.kind === 'answered' ? readRateHeaders(answer.headers, this.#deps.clock.now()) : undefined;
    return { reply, rate };
  }
}

function headersOf(
  { method }: Endpoint,
  version: ApiVersion,
  token: string,
  hasBody: boolean,
): Record<string, string> {
  // Checked here, because node:http would refuse it with an error that does not name the setting.
  if (token === '' || /[^\x21-\x7e]/.test(token)) {
    throw new ConfigurationError(
      'The access token holds blanks or characters that no token has, or is empty; copy it again from the Developer Hub.',
    );
  }
  const headers: Record<string, string> = {
    accept: 'application/json',
    authorization: `Bearer ${token}`,
    'intercom-version': version,
    'user-agent': 'intercom-retention',
  };
  // The answer to a DELETE is too short to be worth packing.
  if (method !== 'DELETE') headers['accept-encoding'] = 'gzip';
  if (hasBody) headers['content-type'] = 'application/json';
  return headers;
}
