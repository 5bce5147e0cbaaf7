import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIntercom } from '#intercom/intercom-client.ts';
import { brandId, type ConversationId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import type { ApiCall } from '#simulator/api-call.ts';
import { contactEmail, contactId } from '#simulator/personal-data.ts';
import type { EndpointName } from '#simulator/settings.ts';
import { arbitraryPolicyDocument } from '#support/arbitrary-policy.ts';
import { type OpenApi, openApi } from '#support/openapi.ts';
import { resolvedPolicy, testWords } from '#support/policy-world.ts';
import { simulatedNowMs, workspace } from '#support/simulated-workspace.ts';
import type { Clock } from '#sweep/ports.ts';

const described = openApi('2.16');
const earlier = openApi('2.7');

const operations: Readonly<Record<EndpointName, string>> = {
  list: 'GET /conversations',
  search: 'POST /conversations/search',
  read: 'GET /conversations/{conversation_id}',
  delete: 'DELETE /conversations/{conversation_id}',
  deleted_list: 'GET /conversations/deleted',
  me: 'GET /me',
  tags: 'GET /tags',
  teams: 'GET /teams',
  admins: 'GET /admins',
  contact: 'GET /contacts/{contact_id}',
  contact_search: 'POST /contacts/search',
  unknown: 'none',
};

const clock: Clock = { now: () => instantFromMs(simulatedNowMs), sleep: () => Promise.resolve() };

/** A client with a workspace behind it that writes down what it is asked. */
async function listened() {
  const calls: ApiCall[] = [];
  const simulator = await workspace({
    generate: 200,
    hooks: { beforeEffect: (call) => void calls.push(call) },
  });
  const intercom = createIntercom({
    baseUrl: simulator.url,
    token: () => Promise.resolve('test'),
    version: '2.16',
    pace: resolvedPolicy({ version: 1, workspace: 'w', rules: [] }).pace,
    clock,
    random: () => 0.5,
  });
  return { calls, simulator, intercom };
}

describe.skipIf(described === undefined || earlier === undefined)('the requests of createIntercom', () => {
  const api = described as OpenApi;
  const oldApi = earlier as OpenApi;

  it('have the parameters and bodies that the description of 2.16 gives each operation, and its version', async () => {
    const { calls, simulator, intercom } = await listened();
    await intercom.identify();
    await intercom.directory(['tags', 'teams', 'admins']);
    await intercom.count('all');
    const { next, facts } = await intercom.listPage(undefined);
    await intercom.listPage(next);
    const id = facts[0]?.conversationId ?? brandId<ConversationId>('1');
    await intercom.read(id);
    await intercom.delete(id, false);
    await intercom.delete(facts[1]?.conversationId ?? id, true);
    await intercom.deletedPage({ page: 1, perPage: 60, order: 'asc' });
    await intercom.findContacts({ by: 'id', value: contactId(1) });
    await intercom.findContacts({ by: 'email', value: contactEmail(1) });
    await intercom.findContacts({ by: 'external_id', value: 'nobody' });
    expect(simulator.deletions().map(({ metricsRetained }) => metricsRetained)).toEqual([false, true]);
    await simulator.close();
    expect(new Set(calls.map(({ endpoint }) => endpoint))).toEqual(
      new Set([
        'me',
        'tags',
        'teams',
        'admins',
        'list',
        'read',
        'delete',
        'deleted_list',
        'contact',
        'contact_search',
      ]),
    );
    for (const { endpoint, query, headers, body } of calls) {
      const sent: unknown = body === '' ? undefined : JSON.parse(body);
      expect([endpoint, ...api.requestProblems(operations[endpoint], query, sent)]).toEqual([endpoint]);
      expect(headers).toMatchObject({
        'intercom-version': '2.16',
        accept: expect.stringContaining('application/json') as string,
      });
    }
  });

  it('search with bodies that are as described, whatever the policy', async () => {
    const { calls, simulator, intercom } = await listened();
    const query = { asOf: clock.now(), createdFrom: instantFromMs(0), createdUntil: clock.now() };
    await fc.assert(
      fc.asyncProperty(arbitraryPolicyDocument(testWords), async (document) => {
        for (const { when } of resolvedPolicy(document).rules)
          await intercom.searchPage({ ...query, when }, undefined);
      }),
      { numRuns: 60 },
    );
    await simulator.close();
    expect(calls.length).toBeGreaterThan(60);
    for (const call of calls) {
      const body = JSON.parse(call.body) as { query: unknown; pagination: unknown };
      // 2.7 describes groups that hold both filters and groups, which Intercom takes in later versions too; 2.16 describes the filters.
      expect(oldApi.requestProblems('POST /conversations/search', call.query, { query: body.query })).toEqual(
        [],
      );
      for (const filter of filtersOf(body.query)) {
        expect(api.schemaProblems('single_filter_search_request', filter)).toEqual([]);
      }
      expect(api.schemaProblems('starting_after_paging', body.pagination)).toEqual([]);
    }
  });
});

function filtersOf(query: unknown): unknown[] {
  const { field, value } = query as { field?: string; value: unknown };
  return field === undefined ? (value as unknown[]).flatMap(filtersOf) : [query];
}
