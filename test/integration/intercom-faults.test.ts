import { createServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  IntercomAccessError,
  IntercomAnswerError,
  IntercomRequestError,
  IntercomUnavailableError,
} from '#intercom/intercom-error.ts';
import { brandId, type ConversationId } from '#policy/ids.ts';
import { errorList, intercomAt, testToken } from '#support/intercom-under-test.ts';
import { leapingClock } from '#support/leaping-clock.ts';
import { type ScriptedAnswer, scriptedServer } from '#support/scripted-server.ts';
import { wireConversation } from '#support/wire-conversation.ts';
import { ConfigurationError } from '#sweep/errors.ts';

const id = brandId<ConversationId>('471');
const found: ScriptedAnswer = { json: wireConversation() };
const failed: ScriptedAnswer = { status: 503, json: errorList('service_unavailable') };
const times = (count: number, answer: ScriptedAnswer) => Array.from({ length: count }, () => answer);
const impatient = { timeouts: { singleMs: 1_000 } };

describe('reading from Intercom', () => {
  it.each([
    ['a 503', failed],
    ['a page of HTML', { status: 502, text: '<html>Bad gateway</html>' }],
    ['a 408', { status: 408, json: errorList('request_timeout') }],
    ['no answer in time', 'hang'],
    ['an answer that never ends', 'drip'],
    ['a connection cut before the answer', 'reset'],
    ['a connection cut in the answer', 'break_off'],
    ['half of the JSON', 'torn_json'],
    ['an empty 200', { text: '' }],
    ['a 200 of HTML', { text: '<html>Hello</html>' }],
    ['a 200 that is not packed as it says', { headers: { 'content-encoding': 'gzip' }, text: 'plain' }],
    ['a 429 with no headers', { status: 429, text: 'slow down' }],
    [
      'a 429 with Retry-After',
      { status: 429, headers: { 'retry-after': '2' }, json: errorList('too_many_requests') },
    ],
  ] as const)('is tried again after %s', async (_what, answer: ScriptedAnswer) => {
    await using server = await scriptedServer(answer, answer, found);
    const read = await intercomAt(server.url, impatient).read(id);
    expect(read?.facts.conversationId).toBe('471');
    expect(server.requests).toHaveLength(3);
  });

  it('tries a search again as well, which changes nothing', async () => {
    await using server = await scriptedServer(failed, { json: { conversations: [] } });
    const query = { when: { kind: 'all', of: [] }, asOf: 1, createdFrom: 0, createdUntil: 1 } as never;
    await intercomAt(server.url).searchPage(query, undefined);
    expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'POST']);
  });

  it('gives up after six failures, and names endpoint, status, code and request', async () => {
    await using server = await scriptedServer(...times(9, failed));
    const read = intercomAt(server.url).read(id);
    await expect(read).rejects.toThrow(IntercomUnavailableError);
    await expect(read).rejects.toMatchObject({
      message:
        "Intercom gave no answer to GET /conversations/{id} again and again (http_503); run again later (request b3c8c472-8478-4654-a29d-f6d0bc2d4fed, for Intercom's support).",
      endpoint: 'GET /conversations/{id}',
      httpStatus: 503,
      retryable: true,
    });
    expect(server.requests).toHaveLength(6);
  });

  it('gives up after six answers that cannot be read', async () => {
    await using server = await scriptedServer(...times(9, 'torn_json'));
    await expect(intercomAt(server.url).read(id)).rejects.toThrow(IntercomAnswerError);
    expect(server.requests).toHaveLength(6);
  });

  it('names the place in an answer that is JSON, but not what was asked for; trying again would not help', async () => {
    await using server = await scriptedServer({ json: { data: [{ id: 1, name: 'a' }, { name: 'b' }] } });
    await expect(intercomAt(server.url).directory(['tags'])).rejects.toMatchObject({
      name: 'IntercomAnswerError',
      message:
        "Intercom's answer to GET /tags cannot be used: data[1].id is not an id; check INTERCOM_BASE_URL and INTERCOM_VERSION.",
      retryable: false,
    });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [400, 'intercom_version_invalid', /set INTERCOM_VERSION=2.16/],
    [404, 'not_found', /check INTERCOM_BASE_URL and INTERCOM_REGION/],
    [422, 'parameter_invalid', /check INTERCOM_VERSION/],
  ])('is refused by a %s %s with the remedy, and not tried again', async (status, code, remedy) => {
    await using server = await scriptedServer({ status, json: errorList(code) }, found);
    const listed = intercomAt(server.url).listPage(undefined);
    await expect(listed).rejects.toThrow(IntercomRequestError);
    await expect(listed).rejects.toThrow(remedy);
    expect(server.requests).toHaveLength(1);
  });

  it('stops waiting and fails when it is told to stop', async () => {
    await using server = await scriptedServer(...times(9, failed));
    const stop = new AbortController();
    stop.abort();
    await expect(intercomAt(server.url, { stop: stop.signal }).read(id)).rejects.toThrow(
      IntercomUnavailableError,
    );
    expect(server.requests).toHaveLength(1);
  });

  it('holds all calls back after a 429, not only the one that met it', async () => {
    const headers = { 'retry-after': '7' };
    const tooMany: ScriptedAnswer = { status: 429, headers, json: errorList('rate_limit_exceeded') };
    await using server = await scriptedServer(tooMany, found, found);
    const clock = leapingClock();
    const holdUp = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    let longSleeps = 0;
    const sleep = async (delayMs: number): Promise<void> => {
      if (delayMs >= 7_000) {
        longSleeps += 1;
        if (longSleeps === 2) held.resolve();
        await holdUp.promise;
      }
      await clock.sleep(delayMs);
    };
    const intercom = intercomAt(server.url, { clock: { now: clock.now, sleep } });
    const both = Promise.all([intercom.read(id), intercom.read(id)]);
    await held.promise;
    expect(server.requests).toHaveLength(1);
    holdUp.resolve();
    await both;
    expect(intercom.usage()).toMatchObject({ calls: 3, rateLimited: 1 });
  });
});

describe('the access token', () => {
  const dead: ScriptedAnswer = { status: 401, json: errorList('token_expired') };

  it('is fetched anew once on a 401, and the call sent again with it', async () => {
    await using server = await scriptedServer(dead, found);
    const asked: boolean[] = [];
    const token = ({ fresh }: { readonly fresh: boolean }) => {
      asked.push(fresh);
      return Promise.resolve(fresh ? 'new-token' : 'old-token');
    };
    await intercomAt(server.url, { token }).read(id);
    expect(asked).toEqual([false, true]);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer old-token',
      'Bearer new-token',
    ]);
  });

  it('is given up when the new one is refused as well', async () => {
    await using server = await scriptedServer(dead, dead, dead);
    const tokens = ['first', 'second', 'third'];
    const read = intercomAt(server.url, { token: () => Promise.resolve(tokens.shift() ?? 'last') }).read(id);
    await expect(read).rejects.toThrow(IntercomAccessError);
    expect(server.requests).toHaveLength(2);
  });

  it('is not sent again when the new one is the old one', async () => {
    await using server = await scriptedServer(dead, dead);
    await expect(intercomAt(server.url).read(id)).rejects.toThrow(IntercomAccessError);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['unauthorized', /does not accept the access token \(401 unauthorized at GET \/tags\)/],
    ['token_blocked', /does not accept the access token/],
    ['token_unauthorized', /give its app the permission "Read tags"/],
    ['forbidden', /give its app the permission "Read tags"/],
  ])('is told dead from lacking a permission by %s', async (code, message) => {
    await using server = await scriptedServer({ status: 401, json: errorList(code) });
    await expect(intercomAt(server.url).directory(['tags'])).rejects.toThrow(message);
  });

  it.each(['', 'two words', 'line\n'])('is refused before any request when it is %j', async (text) => {
    await using server = await scriptedServer(found);
    const read = intercomAt(server.url, { token: () => Promise.resolve(text) }).read(id);
    await expect(read).rejects.toThrow(ConfigurationError);
    expect(server.requests).toEqual([]);
  });

  it('may change between calls', async () => {
    await using server = await scriptedServer(found, found);
    const tokens = ['first', 'second'];
    const intercom = intercomAt(server.url, { token: () => Promise.resolve(tokens.shift() ?? testToken) });
    await intercom.read(id);
    await intercom.read(id);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer first',
      'Bearer second',
    ]);
  });
});

describe('a connection that does not come about', () => {
  it('is given up in time, and tried again even for a DELETE, of which not a byte has left', async () => {
    await using silent = await silentServer();
    const url = silent.url.replace('http:', 'https:');
    for (const call of ['read', 'delete'] as const) {
      const intercom = intercomAt(url, { timeouts: { connectMs: 50 } });
      await expect(call === 'read' ? intercom.read(id) : intercom.delete(id, true)).rejects.toMatchObject({
        name: 'IntercomUnavailableError',
        message: expect.stringMatching(/^No connection to Intercom came about \(timeout at /) as string,
        httpStatus: null,
      });
      expect(intercom.usage().calls).toBe(6);
    }
    expect(silent.connections()).toBe(12);
  });

  it('is told apart from an answer when the other side speaks no TLS', async () => {
    await using server = await scriptedServer();
    const intercom = intercomAt(server.url.replace('http:', 'https:'));
    await expect(intercom.delete(id, true)).rejects.toMatchObject({
      name: 'IntercomUnavailableError',
      httpStatus: null,
    });
    expect(server.requests).toEqual([]);
  });
});

/** Takes connections and says nothing. */
async function silentServer(): Promise<AsyncDisposable & { readonly url: string; connections(): number }> {
  let connections = 0;
  const server: Server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => {}).resume(); // read on, to notice that the other side has left
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
