import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HandlerParts, type Invocation, lambdaHandler } from '#runtime/lambda-handler.ts';
import { lambdaContext } from '#support/lambda-context.ts';
import { type CapturedOutput, captureOutput } from '#support/lambda-output.ts';
import { ConfigurationError } from '#sweep/errors.ts';

let output: CapturedOutput;
beforeEach(() => {
  output = captureOutput();
});
afterEach(() => output[Symbol.dispose]());

type Parts = HandlerParts<string, unknown, string>;

const handlerOf = (handle: Parts['handle'], changes: Partial<Parts> = {}) =>
  lambdaHandler<string, unknown, string>({
    service: 'test',
    compose: () => 'dependencies',
    decode: (event) => event,
    isOwnError: (error) => error instanceof ConfigurationError,
    handle,
    ...changes,
  });

const never = (signal: AbortSignal) =>
  new Promise<string>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });

describe('lambdaHandler', () => {
  it('hands on the dependencies, what decode made of the event, and the time that is left', async () => {
    const seen: unknown[] = [];
    const handler = handlerOf(
      async (deps, input, { remainingMs, signal }) => {
        seen.push(deps, input, remainingMs() > 4_000 && remainingMs() <= 5_000, signal.aborted);
        return 'result';
      },
      { decode: (event) => ({ decoded: event }) },
    );
    expect(await handler('event', lambdaContext({ remainingMs: 5_000 }))).toBe('result');
    expect(seen).toEqual(['dependencies', { decoded: 'event' }, true, false]);
  });

  it('puts the request id of its own invocation on every line, and the service', async () => {
    const handler = handlerOf(async (_, __, { log }) => {
      log.info('first', { n: 1 });
      log.warn('second');
      return '';
    });
    const contexts = [lambdaContext(), lambdaContext()];
    for (const context of contexts) await handler({}, context);
    const lines = output.takeLines();
    expect(
      lines.map(({ message, function_request_id, service }) => [message, function_request_id, service]),
    ).toEqual(
      contexts.flatMap(({ awsRequestId }) => [
        ['first', awsRequestId, 'test'],
        ['second', awsRequestId, 'test'],
      ]),
    );
  });

  it('sends what was counted once, whether the invocation ended well or not', async () => {
    const count = ({ metrics }: Invocation) => {
      metrics.count('WebhookQueued');
      metrics.count('WebhookQueued', 2);
    };
    const well = handlerOf(async (_, __, invocation) => {
      count(invocation);
      return '';
    });
    const badly = handlerOf(async (_, __, invocation) => {
      count(invocation);
      throw new ConfigurationError('Not set.');
    });
    await well({}, lambdaContext());
    await expect(badly({}, lambdaContext())).rejects.toThrow('Not set.');
    const sent = output.takeLines().filter((line) => '_aws' in line);
    expect(sent.map(({ WebhookQueued }) => WebhookQueued)).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('logs and throws on the very error when its message is tellable', async () => {
    const error = new ConfigurationError('TABLE is not set; give it a value.');
    const handler = handlerOf(() => Promise.reject(error));
    await expect(handler({}, lambdaContext())).rejects.toBe(error);
    expect(output.takeLines()).toMatchObject([
      {
        level: 'ERROR',
        message: 'invocation_failed',
        error_name: 'ConfigurationError',
        error_message: 'TABLE is not set; give it a value.',
      },
    ]);
  });

  it('gives Lambda nothing of a foreign error but its name, since Lambda logs every field of what it is given', async () => {
    const foreign = Object.assign(new TypeError('of tok-4711'), { config: { token: 'tok-4711' } });
    const handler = handlerOf(() => Promise.reject(foreign));
    const thrown: unknown = await handler({}, lambdaContext()).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ name: 'PlatformError', code: 'unexpected' });
    expect(String(thrown)).toContain('TypeError');
    const fields = Object.getOwnPropertyNames(thrown).map(
      (name) => (thrown as Record<string, unknown>)[name],
    );
    expect(JSON.stringify(fields)).not.toContain('tok-4711');
    expect(output.take()).not.toContain('tok-4711');
  });

  it('aborts the signal and fails by itself before Lambda ends it', async () => {
    let signal: AbortSignal | undefined;
    const handler = handlerOf((_, __, invocation) => {
      ({ signal } = invocation);
      return never(invocation.signal);
    });
    const context = lambdaContext({ remainingMs: 520 });
    await expect(handler({}, context)).rejects.toMatchObject({ code: 'deadline_near' });
    expect(signal?.aborted).toBe(true);
    expect(context.getRemainingTimeInMillis()).toBeGreaterThan(0);
    expect(output.takeLines()).toMatchObject([{ message: 'invocation_failed', error_code: 'deadline_near' }]);
  });

  it('composes at the first invocation, not before, and again only after a failure', async () => {
    let composed = 0;
    const handler = handlerOf((deps) => Promise.resolve(deps), {
      compose: () => {
        composed += 1;
        if (composed === 1) throw new ConfigurationError('Not yet.');
        return `composition ${composed}`;
      },
    });
    expect(composed).toBe(0);
    await expect(handler({}, lambdaContext())).rejects.toThrow('Not yet.');
    expect(await handler({}, lambdaContext())).toBe('composition 2');
    expect(await handler({}, lambdaContext())).toBe('composition 2');
  });

  it('does not handle an event that decode refuses', async () => {
    let handled = false;
    const refusal = new ConfigurationError('No such event.');
    const handler = handlerOf(
      () => {
        handled = true;
        return Promise.resolve('');
      },
      {
        decode: () => {
          throw refusal;
        },
      },
    );
    await expect(handler({}, lambdaContext())).rejects.toBe(refusal);
    expect(handled).toBe(false);
  });
});
