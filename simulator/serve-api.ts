import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { refuseCall, refuseToken, versionOf } from './admit.ts';
import { type Answer, errorAnswer, isRefusal, type Refusal } from './answer.ts';
import type { Api } from './api.ts';
import type { ApiCall } from './api-call.ts';
import type { StatsCounter } from './call-stats.ts';
import type { FaultSource } from './fault-source.ts';
import { drawAt } from './random.ts';
import type { RateLimiter } from './rate-limit.ts';
import { breakOff, half, leavesNoEffect, sendAnswer, sendHtml, sendTornConnection } from './send.ts';
import type { Fault, Settings } from './settings.ts';

/** Code of a test that runs around the effect of each call; for instance to kill the client at the n-th. */
export interface CallHooks {
  /** The call is about to take effect. */
  readonly beforeEffect?: (call: ApiCall) => void | Promise<void>;
  /** It has taken effect and is not answered yet. */
  readonly afterEffect?: (call: ApiCall) => void | Promise<void>;
}

export interface ServeDeps {
  readonly api: Api;
  readonly seed: number;
  readonly settings: () => Settings;
  readonly faults: () => FaultSource;
  readonly limiter: RateLimiter;
  readonly stats: StatsCounter;
  readonly hooks: CallHooks;
  /** Somebody else may do something between two calls. */
  readonly churn: (callNumber: number) => void;
}

/** Answers one call to the API, or fails to in the way that was asked for. */
export async function serveApi(deps: ServeDeps, call: ApiCall, response: ServerResponse): Promise<void> {
  deps.stats.arrived(call);
  response.once('close', () =>
    deps.stats.left(call.endpoint, response.headersSent ? response.statusCode : 'none'),
  );
  deps.churn(call.number);
  const settings = deps.settings();
  await travel(settings, deps.seed, call.number);

  const headers: Record<string, string> = { 'x-request-id': call.requestId };
  const refuse = (refusal: Refusal) => sendAnswer(response, errorAnswer(refusal, call.requestId), headers);
  const badToken = refuseToken(call, settings.access);
  if (badToken !== undefined) return refuse(badToken);

  const overLimit = countAgainstLimit(deps, settings, headers);
  if (overLimit !== undefined) return refuse(overLimit);

  const fault = deps.faults().next(call.endpoint);
  if (fault !== undefined) deps.stats.struck(fault.kind);
  if (fault !== undefined && leavesNoEffect(fault))
    return failWithoutEffect(deps, fault, call, response, headers);

  await deps.hooks.beforeEffect?.(call);
  const answer = takeEffect(deps, settings, call);
  await deps.hooks.afterEffect?.(call);
  if (fault === undefined) sendAnswer(response, answer, headers);
  else await failAfterEffect(fault, answer, call, response, headers);
}

async function travel({ latencyMs, jitterMs }: Settings, seed: number, callNumber: number): Promise<void> {
  const delayMs = latencyMs + jitterMs * drawAt(seed, 'latency', callNumber);
  if (delayMs > 0) await delay(delayMs);
}

function countAgainstLimit(
  { limiter, stats }: ServeDeps,
  { rateLimit }: Settings,
  headers: Record<string, string>,
): Refusal | undefined {
  const verdict = limiter.take(rateLimit);
  if (verdict === undefined) return undefined;
  headers['x-ratelimit-limit'] = String(verdict.limit);
  headers['x-ratelimit-remaining'] = String(verdict.remaining);
  headers['x-ratelimit-reset'] = String(verdict.resetAt);
  if (verdict.blame === 'none') return undefined;
  stats.rateLimited(verdict.blame);
  return tooMany(verdict.limit);
}

const tooMany = (limit: number | string): Refusal => ({
  status: 429,
  code: 'rate_limit_exceeded',
  message: `Exceeded rate limit of ${limit} in 10_seconds`,
});

function takeEffect({ api }: ServeDeps, settings: Settings, call: ApiCall): Answer {
  const version = versionOf(call, settings);
  if (typeof version !== 'number') return errorAnswer(version, call.requestId);
  const outcome = refuseCall(call, version, settings.access) ?? api({ ...call, version });
  return isRefusal(outcome) ? errorAnswer(outcome, call.requestId) : outcome;
}

const serverError = (status: number): Refusal => ({
  status,
  code: 'server_error',
  message: 'Something went wrong',
});

function failWithoutEffect(
  { stats }: ServeDeps,
  fault: Fault,
  { requestId }: ApiCall,
  response: ServerResponse,
  headers: Record<string, string>,
): void {
  switch (fault.kind) {
    case 'rate_limited':
      stats.rateLimited('injected');
      headers['x-ratelimit-remaining'] = '0';
      return sendAnswer(
        response,
        errorAnswer(tooMany(headers['x-ratelimit-limit'] ?? 1667), requestId),
        headers,
      );
    case 'server_error':
      return sendAnswer(response, errorAnswer(serverError(fault.status), requestId), headers);
    case 'html_error':
      return sendHtml(response, fault.status, headers);
    case 'reset':
      return breakOff(response);
    default: // `hang`: the client has to give up by itself.
      return;
  }
}

async function failAfterEffect(
  fault: Fault,
  answer: Answer,
  { requestId }: ApiCall,
  response: ServerResponse,
  headers: Record<string, string>,
): Promise<void> {
  switch (fault.kind) {
    case 'reset_after':
      return breakOff(response);
    case 'error_after':
      return sendAnswer(response, errorAnswer(serverError(fault.status), requestId), headers);
    case 'torn_body':
      return sendAnswer(response, { status: answer.status, body: half(answer.body) }, headers);
    case 'torn_connection':
      return sendTornConnection(response, answer, headers);
    case 'empty_body':
      return sendAnswer(response, { status: answer.status, body: '' }, headers);
    case 'slow':
      await delay(fault.delayMs);
      return sendAnswer(response, answer, headers);
    default: // `hang_after`: the client has to give up by itself.
      return;
  }
}
