import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { IntercomError } from '#intercom/intercom-error.ts';
import { brandId, type ConversationId } from '#policy/ids.ts';
import { intercomAt, testToken } from '#support/intercom-under-test.ts';
import { type ScriptedAnswer, scriptedServer } from '#support/scripted-server.ts';
import { wireConversation } from '#support/wire-conversation.ts';

const id = brandId<ConversationId>('471');
const secret = 'ada@example.com';
const errors = [{ code: 'parameter_invalid', message: `${secret} is not valid`, field: secret }];

/** Everything that a logger could print of an error. */
function printed(error: unknown): string {
  const causes: unknown[] = [];
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) causes.push(cause);
  return [
    inspect(error, { depth: null, showHidden: true }),
    ...causes.map((cause) => `${String(cause)} ${(cause as Error).stack} ${JSON.stringify(cause)}`),
  ].join('\n');
}

describe('errors of the Intercom adapter', () => {
  it.each([
    ['a refusal', { status: 400, json: { type: 'error.list', errors } }],
    ['a refused token', { status: 401, json: { errors: [{ code: 'unauthorized', message: secret }] } }],
    ['a missing permission', { status: 403, json: { errors: [{ code: secret }], request_id: secret } }],
    ['a page of HTML', { status: 502, text: `<html>${secret} ${testToken}</html>` }],
    ['a 429', { status: 429, text: secret }],
    ['half of the JSON', { text: `{"subject": "${secret}` }],
    ['another conversation', { json: wireConversation({ id: '472' }) }],
    ['a strange id', { json: wireConversation({ id: secret }) }],
    ['a cut connection', 'reset'],
    ['a broken-off answer', 'break_off'],
  ] as const)('say nothing of the token or the answer after %s', async (_what, answer: ScriptedAnswer) => {
    await using server = await scriptedServer(...Array.from({ length: 40 }, () => answer));
    const intercom = intercomAt(server.url);
    const failures: unknown[] = await Promise.all(
      [intercom.read(id), intercom.listPage(`cursor-${secret}`), intercom.identify()].map((call) =>
        call.then(
          () => [],
          (error: unknown) => [error],
        ),
      ),
    ).then((all) => all.flat());
    expect(failures.length).toBeGreaterThan(0);
    for (const error of failures) {
      expect(error).toBeInstanceOf(IntercomError);
      const text = printed(error);
      expect(text).not.toContain(testToken);
      expect(text).not.toContain('Bearer');
      expect(text).not.toContain(secret);
      expect(text).not.toContain('471');
      expect(text).toContain('endpoint');
    }
  });

  it('say nothing of the token after no connection', async () => {
    const server = await scriptedServer();
    await server[Symbol.asyncDispose]();
    const error: unknown = await intercomAt(server.url)
      .read(id)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(IntercomError);
    expect(printed(error)).not.toContain(testToken);
    expect(printed(error)).not.toContain('471');
  });
});
