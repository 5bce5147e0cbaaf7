import type { MiddlewareObj } from '@middy/core';
import { errorFields } from './error-fields.ts';
import type { InvocationLog } from './logger.ts';
import type { InvocationMetrics } from './metrics.ts';
import { PlatformError } from './platform-error.ts';

/** Every log line of the invocation carries its request id. */
export const logContext = (log: InvocationLog): MiddlewareObj => ({
  before: ({ context }) => {
    log.setContext(context);
  },
});

/** What was counted is sent, whether the invocation ended well or not. */
export const publishMetrics = (metrics: InvocationMetrics): MiddlewareObj => ({
  after: () => {
    metrics.publish();
  },
  onError: () => {
    metrics.publish();
  },
});

/**
 * A failure is logged and thrown on, so that Lambda counts it and the event source tries again. Lambda writes what it is
 * given into the same log, with every enumerable field; so a foreign error is replaced by one that says nothing more.
 */
export const logAndRethrow = (log: InvocationLog, isOwnError: (error: Error) => boolean): MiddlewareObj => ({
  onError: (request) => {
    const isTellable = (error: Error) => error instanceof PlatformError || isOwnError(error);
    const { error } = request;
    log.error('invocation_failed', errorFields(error, isTellable));
    if (error instanceof Error && isTellable(error)) return;
    const name = error instanceof Error ? error.name : typeof error;
    request.error = new PlatformError(
      'unexpected',
      `The invocation failed with ${name}; the line invocation_failed of the same request says where.`,
    );
  },
});
