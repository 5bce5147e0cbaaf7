import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { IntercomAccessError, IntercomRateLimitError } from '#intercom/intercom-error.ts';
import { brandId, type ConversationId } from '#policy/ids.ts';
import { errorList, intercomAt } from '#support/intercom-under-test.ts';
import { leapingClock } from '#support/leaping-clock.ts';
import { type ScriptedAnswer, scriptedServer } from '#support/scripted-server.ts';
import { ConfigurationError } from '#sweep/errors.ts';

const id = brandId<ConversationId>('512');
const requestId = 'b3c8c472-8478-4654-a29d-f6d0bc2d4fed';
const deleted: ScriptedAnswer = { json: { id: '512', object: 'conversation', deleted: true } };
const tooMany: ScriptedAnswer = { status: 429, json: errorList('rate_limit_exceeded') };
const html: ScriptedAnswer = { status: 502, text: '<html>Bad gateway</html>' };

/** What a DELETE comes to when the server answers so, and how many requests it took. */
async function deleteWith(...script: readonly ScriptedAnswer[]) {
  await using server = await scriptedServer(...script);
  const intercom = intercomAt(server.url, { timeouts: { singleMs: 1_000 } });
  const answer = await intercom.delete(id, true);
  return { answer, requests: server.requests.length };
}

describe('Intercom.delete', () => {
  it('is deleted by a 200 that says so for this id', async () => {
    const answered = { headers: { 'x-request-id': 'b3c8c472' }, json: { id: 512, deleted: true } };
    expect(await deleteWith(answered)).toEqual({
      answer: { kind: 'deleted', httpStatus: 200, requestId: 'b3c8c472' },
      requests: 1,
    });
  });

  it.each([
    ['2.16', true, '/conversations/512?retain_metrics=true'],
    ['2.16', false, '/conversations/512?retain_metrics=false'],
    ['Preview', false, '/conversations/512?retain_metrics=false'],
    ['2.14', true, '/conversations/512'],
  ] as const)(
    'on %s says retain_metrics %s in the query, where there is such a thing',
    async (version, retain, url) => {
      await using server = await scriptedServer(deleted);
      await intercomAt(server.url, { version }).delete(id, retain);
      expect(server.requests).toMatchObject([{ method: 'DELETE', url, body: '' }]);
    },
  );

  it.each(['2.13', '2.14', '2.15'] as const)(
    'is refused by name on %s when metrics are to go as well, before any request',
    async (version) => {
      await using server = await scriptedServer(deleted);
      await expect(intercomAt(server.url, { version }).delete(id, false)).rejects.toThrow(
        new ConfigurationError(
          `Version ${version} of Intercom's API would ignore retain_metrics: false and keep the reporting metrics; set INTERCOM_VERSION=2.16.`,
        ),
      );
      expect(server.requests).toEqual([]);
    },
  );

  it('is not_found by a 404', async () => {
    expect(await deleteWith({ status: 404, json: errorList('not_found') })).toEqual({
      answer: { kind: 'not_found', httpStatus: 404, requestId },
      requests: 1,
    });
  });

  it('is not_found by a 404 after a 429 too, which had no effect', async () => {
    expect(await deleteWith(tooMany, { status: 404, json: errorList('not_found') })).toMatchObject({
      answer: { kind: 'not_found' },
      requests: 2,
    });
  });

  it.each([
    [
      'a 500',
      { status: 500, json: errorList('server_error') },
      { cause: 'http_500', httpStatus: 500, requestId },
    ],
    ['a page of HTML', html, { cause: 'http_502', httpStatus: 502, requestId: null }],
    [
      'a 408',
      { status: 408, json: errorList('request_timeout') },
      { cause: 'http_408', httpStatus: 408, requestId },
    ],
    [
      'a redirect',
      { status: 302, headers: { location: '/' }, text: '' },
      { cause: 'http_302', httpStatus: 302, requestId: null },
    ],
    ['no answer in time', 'hang', { cause: 'timeout', httpStatus: null, requestId: null }],
    ['an answer that never ends', 'drip', { cause: 'timeout', httpStatus: null, requestId: null }],
    [
      'a connection cut before the answer',
      'reset',
      { cause: 'connection', httpStatus: null, requestId: null },
    ],
    [
      'a connection cut in the answer',
      'break_off',
      { cause: 'connection', httpStatus: null, requestId: null },
    ],
    ['half of the JSON', 'torn_json', { cause: 'unreadable_answer', httpStatus: 200, requestId: null }],
    ['an empty 200', { text: '' }, { cause: 'unreadable_answer', httpStatus: 200, requestId: null }],
    [
      'a 200 of HTML',
      { text: '<html>Hello</html>' },
      { cause: 'unreadable_answer', httpStatus: 200, requestId: null },
    ],
    [
      'deleted: false',
      { json: { id: '512', deleted: false } },
      { cause: 'unreadable_answer', httpStatus: 200, requestId: null },
    ],
    [
      'deleted: "true"',
      { json: { id: '512', deleted: 'true' } },
      { cause: 'unreadable_answer', httpStatus: 200, requestId: null },
    ],
    [
      'another id',
      { json: { id: '513', deleted: true } },
      { cause: 'unreadable_answer', httpStatus: 200, requestId: null },
    ],
    [
      'a 202',
      { status: 202, json: { id: '512', deleted: true } },
      { cause: 'unreadable_answer', httpStatus: 202, requestId: null },
    ],
    ['a 204', { status: 204 }, { cause: 'unreadable_answer', httpStatus: 204, requestId: null }],
  ] as const)('is lost by %s, and never sent again', async (_what, answer: ScriptedAnswer, told) => {
    expect(await deleteWith(answer, deleted)).toEqual({ answer: { kind: 'lost', ...told }, requests: 1 });
  });

  it('is lost by a cut connection that has served before, and never sent again', async () => {
    await using server = await scriptedServer(deleted, 'reset', deleted);
    const intercom = intercomAt(server.url);
    await intercom.delete(id, true);
    expect(await intercom.delete(id, true)).toMatchObject({ kind: 'lost', cause: 'connection' });
    expect([server.requests.length, server.connections()]).toEqual([2, 1]);
  });

  it('is lost by an answer that is larger than any, plain or packed', async () => {
    const large = Buffer.alloc(65 * 1024 * 1024, ' ');
    const packed = { headers: { 'content-encoding': 'gzip' }, text: gzipSync(large, { level: 1 }) };
    for (const answer of [{ text: large }, packed]) {
      await using server = await scriptedServer(answer);
      const answered = await intercomAt(server.url).delete(id, true);
      expect(answered).toEqual({
        kind: 'lost',
        cause: 'unreadable_answer',
        httpStatus: null,
        requestId: null,
      });
    }
  });

  it.each([400, 402, 405, 406, 409, 410, 422, 423])(
    'is refused by a %s, with the code of Intercom',
    async (status) => {
      expect(await deleteWith({ status, json: errorList('conflict') })).toEqual({
        answer: { kind: 'refused', code: 'conflict', httpStatus: status, requestId },
        requests: 1,
      });
    },
  );

  it('is refused with the status for a code when Intercom gives none', async () => {
    expect((await deleteWith({ status: 400, text: '<html>no</html>' })).answer).toMatchObject({
      code: 'http_400',
    });
  });

  it('waits and is sent again after a 429', async () => {
    expect(await deleteWith(tooMany, tooMany, deleted)).toMatchObject({
      answer: { kind: 'deleted' },
      requests: 3,
    });
  });

  it('waits after a 429 until the window ends by the clock of Intercom', async () => {
    const date = 'Mon, 15 Jun 2020 12:00:00 GMT';
    const headers = { date, 'x-ratelimit-reset': String(Date.parse(date) / 1000 + 8) };
    await using server = await scriptedServer({ ...tooMany, headers }, deleted);
    const clock = leapingClock();
    const begun = clock.now();
    await intercomAt(server.url, { clock, random: () => 0 }).delete(id, true);
    expect(clock.now() - begun).toBe(8_000);
  });

  it('gives up after five minutes of 429, without effect', async () => {
    await using server = await scriptedServer(...Array.from({ length: 40 }, () => tooMany));
    const clock = leapingClock();
    const begun = clock.now();
    const answer = intercomAt(server.url, { clock }).delete(id, true);
    await expect(answer).rejects.toThrow(IntercomRateLimitError);
    await expect(answer).rejects.toMatchObject({
      httpStatus: 429,
      code: 'rate_limit_exceeded',
      endpoint: 'DELETE /conversations/{id}',
      requestId,
      retryable: true,
    });
    expect(clock.now() - begun).toBeGreaterThanOrEqual(300_000);
    expect(clock.now() - begun).toBeLessThan(330_000);
  });

  it('is tried again while no connection comes about, and fails without effect', async () => {
    const server = await scriptedServer();
    await server[Symbol.asyncDispose]();
    const clock = leapingClock();
    const intercom = intercomAt(server.url, { clock });
    await expect(intercom.delete(id, true)).rejects.toMatchObject({
      name: 'IntercomUnavailableError',
      code: 'ECONNREFUSED',
    });
    expect(intercom.usage()).toMatchObject({ calls: 6, writeCalls: 6 });
  });

  it.each([
    [401, 'token_revoked', true, /does not accept the access token/],
    [401, 'token_unauthorized', true, /permission "Write conversations"/],
    [403, 'forbidden', true, /permission "Write conversations"/],
    [403, 'forbidden', false, /permission "Delete conversations and metrics"/],
    [403, 'api_plan_restricted', true, /needs an active subscription/],
  ])('stops everything by a %s %s', async (status, code, retain, message) => {
    await using server = await scriptedServer({ status, json: errorList(code) }, deleted);
    const answer = intercomAt(server.url).delete(id, retain);
    await expect(answer).rejects.toThrow(IntercomAccessError);
    await expect(answer).rejects.toThrow(message);
    expect(server.requests).toHaveLength(1);
  });
});
