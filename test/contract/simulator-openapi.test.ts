import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contactId } from '#simulator/personal-data.ts';
import { startSimulator } from '#simulator/simulator.ts';
import { caller, type Reply } from '#support/api-caller.ts';
import { type OpenApi, openApi } from '#support/openapi.ts';
import { workspace } from '#support/simulated-workspace.ts';

const described = { '2.16': openApi('2.16'), '2.14': openApi('2.14'), '2.7': openApi('2.7') };

/** Where the simulator serves what the description does not say, on purpose: real workspaces do, and clients have to bear it. */
const deliberate = [
  // Times and durations of what has not happened are null, though only the whole of `statistics` is described as nullable.
  /\/statistics\/\w+ must be (integer|string)$/,
  // The example of custom attributes shows true and 155.5, which its schema forbids; an attribute that is not set is null.
  /\/custom_attributes\/\w+ must /,
];

const problemsOf = (problems: readonly string[]) =>
  problems.filter((problem) => !deliberate.some((departure) => departure.test(problem)));

describe.skipIf(described['2.16'] === undefined)(
  'the answers of the simulator, by the description of 2.16',
  () => {
    const api = described['2.16'] as OpenApi;
    let simulator: Awaited<ReturnType<typeof startSimulator>>;
    let call: ReturnType<typeof caller>;

    beforeAll(async () => {
      simulator = await startSimulator({ generate: 600 });
      call = caller(simulator.url, '2.16');
    });
    afterAll(() => simulator.close());

    const expectDescribed = (operation: string, { status, json }: Reply) =>
      expect(problemsOf(api.answerProblems(operation, status, json))).toEqual([]);

    it('are as described when conversations are listed, page by page', async () => {
      const first = await call('GET', '/conversations?per_page=150');
      expect(first.status).toBe(200);
      expectDescribed('GET /conversations', first);
      expectDescribed(
        'GET /conversations',
        await call('GET', `/conversations?per_page=150&starting_after=${first.cursor}`),
      );
    });

    it('are as described when conversations are searched', async () => {
      const found = await call('POST', '/conversations/search', {
        query: { operator: 'AND', value: [{ field: 'state', operator: '=', value: 'closed' }] },
        pagination: { per_page: 150 },
      });
      expect(found.items).toHaveLength(150);
      expectDescribed('POST /conversations/search', found);
    });

    it('are as described for a single conversation, and nothing of it is unknown but `topics` and `ticket`', async () => {
      for (const { id } of [...simulator.conversations()].slice(0, 50)) {
        const { json } = await call('GET', `/conversations/${id}`);
        expect(problemsOf(api.schemaProblems('conversation', json))).toEqual([
          '.topics is not known',
          '.ticket is not known',
        ]);
        expectDescribed('GET /conversations/{conversation_id}', {
          ...(await call('GET', `/conversations/${id}`)),
        });
      }
    });

    it('are as described for tickets', async () => {
      const tickets = [...simulator.conversations()].flatMap(({ json }) => json['ticket'] ?? []);
      expect(tickets.length).toBeGreaterThan(5);
      for (const ticket of tickets) expect(api.schemaProblems('ticket', ticket)).toEqual([]);
    });

    it('are as described for deletions and their list', async () => {
      const [first, second] = [...simulator.conversations()].map(({ id }) => id);
      expectDescribed(
        'DELETE /conversations/{conversation_id}',
        await call('DELETE', `/conversations/${first}?retain_metrics=false`),
      );
      expectDescribed(
        'DELETE /conversations/{conversation_id}',
        await call('DELETE', `/conversations/${second}`),
      );
      const list = await call('GET', '/conversations/deleted?per_page=1');
      expect(list.json).toMatchObject({ total_count: 2, pages: { page: 1, total_pages: 2 } });
      expectDescribed('GET /conversations/deleted', list);
    });

    it.each(['me', 'tags', 'teams', 'admins'])('are as described for /%s', async (name) => {
      const answer = await call('GET', `/${name}`);
      expect(answer.status).toBe(200);
      expectDescribed(`GET /${name}`, answer);
    });

    it('are as described for contacts', async () => {
      expectDescribed('GET /contacts/{contact_id}', await call('GET', `/contacts/${contactId(3)}`));
      const found = await call('POST', '/contacts/search', {
        query: { field: 'external_id', operator: '=', value: 'user-3' },
      });
      expect(found.json).toMatchObject({ total_count: 1 });
      expectDescribed('POST /contacts/search', found);
    });

    it('are as described when refused: 400, 401, 403, 404 and 429', async () => {
      const refused = await startSimulator({ generate: 1, rateLimit: { perMinute: 60 } });
      const ask = caller(refused.url, '2.16');
      const expectError = async (operation: string, status: number, reply: Promise<Reply>) => {
        const answer = await reply;
        expect(answer.status).toBe(status);
        if (operation !== '') expectDescribed(operation, answer);
        expect(api.schemaProblems('error', answer.json)).toEqual([]);
      };
      await expectError(
        'GET /conversations/deleted',
        400,
        caller(refused.url, '2.15')('GET', '/conversations/deleted'),
      );
      await expectError('GET /conversations/{conversation_id}', 404, ask('GET', '/conversations/123'));
      refused.set({ access: { status: 'api_plan_restricted' } });
      await expectError('DELETE /conversations/{conversation_id}', 403, ask('DELETE', '/conversations/123'));
      refused.set({ access: { status: 'token_revoked' } });
      await expectError('DELETE /conversations/{conversation_id}', 401, ask('DELETE', '/conversations/123'));
      refused.set({ access: {}, rateLimit: { perMinute: 6 } });
      const answers = await Promise.all([1, 2, 3, 4].map(() => ask('GET', '/conversations')));
      const overLimit = answers.find(({ status }) => status === 429);
      await expectError('', 429, Promise.resolve(overLimit ?? answers[0]!));
      await refused.close();
    });
  },
);

describe.skipIf(described['2.14'] === undefined)(
  'the answers of the simulator, by the description of 2.14',
  () => {
    it('are as described for list, search, single and deletion', async () => {
      const api = described['2.14'] as OpenApi;
      await using simulator = await workspace({ generate: 300 });
      const call = caller(simulator.url, '2.14');
      const { id } = [...simulator.conversations()][0]!;
      const answers = {
        'GET /conversations': await call('GET', '/conversations?per_page=150'),
        'POST /conversations/search': await call('POST', '/conversations/search', {
          query: { field: 'open', operator: '=', value: true },
        }),
        'GET /conversations/{conversation_id}': await call('GET', `/conversations/${id}`),
        'DELETE /conversations/{conversation_id}': await call('DELETE', `/conversations/${id}`),
      };
      for (const [operation, { status, json }] of Object.entries(answers)) {
        expect(status).toBe(200);
        expect([operation, ...problemsOf(api.answerProblems(operation, status, json))]).toEqual([operation]);
      }
    });
  },
);

describe.skipIf(described['2.7'] === undefined)(
  'the answers of the simulator, by the description of 2.7',
  () => {
    it('hold conversations as described', async () => {
      const api = described['2.7'] as OpenApi;
      await using simulator = await workspace({ generate: 300 });
      const { items, status } = await caller(simulator.url, '2.7')('GET', '/conversations?per_page=150');
      expect([status, items.length]).toEqual([200, 150]);
      for (const item of items) expect(problemsOf(api.schemaProblems('conversation', item))).toEqual([]);
    });
  },
);
