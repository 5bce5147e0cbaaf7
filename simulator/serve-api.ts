import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { refuseCall, refuseToken, versionOf } from './admit.ts';
import { type Answer, errorAnswer, isRefusal, type Refusal } from './answer.ts';
import type { Api } from './api.ts';
import type { ApiCall } from './api-call.ts';
import type { StatsCounter } from './call-stats.ts';
import type { FaultSource } from './fault-source.ts';
import { drawAt } from './random.ts';
import { type RateLimiter, tooManyCalls } from './rate-limit.ts';
import { sendAnswer } from './send.ts';
import { sendWithFault } from './send-with-fault.ts';
import type { Settings } from './settings.ts';

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
  const { stats } = deps;
  stats.arrived(call);
  response.once('close', () =>
    stats.left(call.endpoint, response.headersSent ? response.statusCode : 'none'),
  );
  deps.churn(call.number);
  const settings = deps.settings();
  await travel(settings, deps.seed, call.number);

  const headers: Record<string, string> = { 'x-request-id': call.requestId };
  const refusal = refuseToken(call, settings.access) ?? countAgainstLimit(deps, settings, headers);
  if (refusal !== undefined) {
    sendAnswer(response, errorAnswer(refusal, call.requestId), headers);
    return;
  }

  const takeEffect = async (): Promise<Answer> => {
    await deps.hooks.beforeEffect?.(call);
    const answer = answerOf(deps, settings, call);
    await deps.hooks.afterEffect?.(call);
    return answer;
  };
  const fault = deps.faults().next(call.endpoint);
  if (fault === undefined) {
    sendAnswer(response, await takeEffect(), headers);
    return;
  }
  stats.struck(fault.kind);
  if (fault.kind === 'rate_limited') stats.rateLimited('injected');
  await sendWithFault(fault, { requestId: call.requestId, response, headers, takeEffect });
}

async function travel({ latencyMs, jitterMs }: Settings, seed: number, callNumber: number): Promise<void> {
  const delayMs = latencyMs + jitterMs * drawAt(seed, 'latency', callNumber);
  if (delayMs > 0) await delay(delayMs);
}

/** Says how much of the limit is left in the headers; Intercom says so to whoever has a good token, on every answer. */
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
  return tooManyCalls(verdict.limit);
}

function answerOf({ api }: ServeDeps, settings: Settings, call: ApiCall): Answer {
  const version = versionOf(call, settings);
  if (typeof version !== 'number') return errorAnswer(version, call.requestId);
  const outcome = refuseCall(call, version, settings.access) ?? api({ ...call, version });
  return isRefusal(outcome) ? errorAnswer(outcome, call.requestId) : outcome;
}
