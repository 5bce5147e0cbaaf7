import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { envNames } from './env-names.ts';
import { readEnvironment } from './environment.ts';
import { keepFirstSuccess } from './keep-first-success.ts';
import { type Log, makeLog } from './logger.ts';
import { type Metrics, makeMetrics } from './metrics.ts';
import { logAndRethrow, logContext, publishMetrics } from './middleware.ts';
import { PlatformError } from './platform-error.ts';

/** What a handler is told of the invocation that it works in. */
export interface Invocation {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Aborts shortly before Lambda would cut the invocation off; what is in flight is to be given up. */
  readonly signal: AbortSignal;
  /** Milliseconds until Lambda cuts the invocation off. */
  readonly remainingMs: () => number;
}

export interface HandlerParts<Deps, Input, Result> {
  /** Names the function in logs and metrics. */
  readonly service: string;
  /** Builds the real dependencies, at the first invocation of a cold start; again at the next one when it fails. */
  readonly compose: () => Deps | Promise<Deps>;
  /** The input check. @throws PlatformError `unreadable_event` */
  readonly decode: (event: unknown) => Input;
  readonly handle: (deps: Deps, input: Input, invocation: Invocation) => Promise<Result>;
  /** Whether the message of an error was written by this project and holds no body, token or personal data. */
  readonly isOwnError: (error: Error) => boolean;
}

/** How long before Lambda's own time-out the invocation ends itself, with its last words in log and metrics. */
const lastWordsMs = 500;

/** A Lambda entry point with what every one of them needs: context, log, metrics, input check, last words, rethrow. */
export function lambdaHandler<Deps, Input, Result>(
  parts: HandlerParts<Deps, Input, Result>,
): (event: unknown, context: Context) => Promise<Result> {
  const stage = readEnvironment()[envNames.stage] ?? 'unnamed';
  const log = makeLog(parts.service, stage);
  const metrics = makeMetrics(parts.service, stage);
  const dependencies = keepFirstSuccess(parts.compose);
  return middy<unknown, Result>({ timeoutEarlyInMillis: lastWordsMs, timeoutEarlyResponse: giveUp })
    .use(logContext(log))
    .use(publishMetrics(metrics))
    .use(logAndRethrow(log, parts.isOwnError))
    .handler(async (event, context, { signal }) => {
      const input = parts.decode(event);
      const remainingMs = () => context.getRemainingTimeInMillis();
      return parts.handle(await dependencies(), input, { log, metrics, signal, remainingMs });
    });
}

function giveUp(): never {
  throw new PlatformError(
    'deadline_near',
    'The invocation ended itself shortly before its time-out; see what it was waiting for, or raise the time-out.',
  );
}
