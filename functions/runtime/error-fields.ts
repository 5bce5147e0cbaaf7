import type { LogFields } from './logger.ts';

const maxFrames = 6;

/**
 * What a log line may say about an error. Its message is said only when `isTellable`; the message of a foreign error may
 * quote what it choked on (a JSON parser quotes the text, an HTTP client the request with its token), so of that only the
 * name, a short code and the place in the code are said.
 */
export function errorFields(error: unknown, isTellable: (error: Error) => boolean): LogFields {
  if (!(error instanceof Error)) return { error_name: typeof error };
  const told = isTellable(error);
  return {
    error_name: error.name,
    error_code: codeOf(error),
    error_message: told ? error.message : undefined,
    caused_by: causeNames(error.cause),
    thrown_at: told ? undefined : framesOf(error),
  };
}

/** Names of the causes, the nearest first. */
function causeNames(cause: unknown): string | undefined {
  const names: string[] = [];
  for (let at = cause; at instanceof Error && names.length < maxFrames; at = at.cause) {
    const code = codeOf(at);
    names.push(code === undefined ? at.name : `${at.name} ${code}`);
  }
  return names.length === 0 ? undefined : names.join(' < ');
}

/** `ECONNREFUSED`, `deadline_near`: one word, so that nothing longer gets through. */
function codeOf(error: Error): string | undefined {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^\w{1,64}$/.test(code) ? code : undefined;
}

function framesOf(error: Error): string | undefined {
  const stack = error.stack ?? '';
  const messageAt = stack.indexOf(error.message);
  const below = messageAt < 0 ? '' : stack.slice(messageAt + error.message.length);
  const frames = below
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '));
  return frames.length === 0 ? undefined : frames.slice(0, maxFrames).join(' < ');
}
