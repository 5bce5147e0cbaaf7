import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';

/** Flat, and nothing that could carry an event, a body or an error along. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One line of JSON each. `code` is a stable word to search for; what varies goes into the fields. */
export interface Log {
  info(code: string, fields?: LogFields): void;
  warn(code: string, fields?: LogFields): void;
  error(code: string, fields?: LogFields): void;
}

export interface InvocationLog extends Log {
  /** Puts function, request id and cold start of this invocation on every line from now on. */
  setContext(context: Context): void;
}

/** A log to the process's standard output, which Lambda ships. Never logs the event, whatever the environment asks for. */
export function makeLog(service: string, stage: string): InvocationLog {
  const logger = new Logger({ serviceName: service, persistentKeys: { stage } });
  return {
    info: (code, fields = {}) => logger.info(code, fields),
    warn: (code, fields = {}) => logger.warn(code, fields),
    error: (code, fields = {}) => logger.error(code, fields),
    setContext: (context) => logger.addContext(context),
  };
}
