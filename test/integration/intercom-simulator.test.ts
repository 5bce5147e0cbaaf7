import { describe, expect, it } from 'vitest';
import { apiVersions } from '#intercom/api-version.ts';
import type { ConversationId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import { testNow } from '#support/facts.ts';
import { intercomAt } from '#support/intercom-under-test.ts';
import { workspace } from '#support/simulated-workspace.ts';
import type { ConversationPage, ConversationQuery, Intercom } from '#sweep/ports.ts';

const everything: ConversationQuery = {
  when: { kind: 'all', of: [] },
  asOf: testNow,
  createdFrom: instantFromMs(0),
  createdUntil: testNow,
};

async function walk(
  readPage: (cursor: string | undefined) => Promise<ConversationPage>,
): Promise<ConversationId[]> {
  const ids: ConversationId[] = [];
  let cursor: string | undefined;
  do {
    const page = await readPage(cursor);
    ids.push(...page.facts.map(({ conversationId }) => conversationId));
    cursor = page.next;
  } while (cursor !== undefined);
  return ids.sort();
}

const byList = (intercom: Intercom) => walk((cursor) => intercom.listPage(cursor));
const bySearch = (intercom: Intercom) => walk((cursor) => intercom.searchPage(everything, cursor));

describe('the Intercom client on a simulated workspace', () => {
  it.each(apiVersions)('walks all conversations by list and by search, each once, on %s', async (version) => {
    await using simulator = await workspace({ generate: 400, seed: 7 });
    const intercom = intercomAt(simulator.url, { version });
    const truth = Array.from(simulator.conversations(), ({ id }) => id).sort();
    expect(await byList(intercom)).toEqual(truth);
    expect(await bySearch(intercom)).toEqual(truth);
    expect(await intercom.count('all')).toBe(400);
  });

  it.each(['next_absent', 'next_null', 'pages_null', 'starting_after_null', 'starting_after_empty'] as const)(
    'finds the end of a walk that ends with %s, under either key',
    async (lastPage) => {
      await using simulator = await workspace({ generate: 200, seed: 8 });
      for (const listKey of ['conversations', 'data'] as const) {
        simulator.set({ presentation: { lastPage, listKey } });
        expect(await byList(intercomAt(simulator.url))).toHaveLength(200);
      }
    },
  );

  it('lists what it deleted, with the flag, page by page, and never asks the host that the pages name', async () => {
    await using simulator = await workspace({
      generate: 30,
      seed: 9,
      deletedList: { nextHost: 'http://127.0.0.1:9' },
    });
    const intercom = intercomAt(simulator.url);
    const ids = (await byList(intercom)).slice(0, 10);
    const sent = new Map(ids.map((id, index) => [id, index % 3 === 0]));
    for (const [id, retainMetrics] of sent) {
      expect(await intercom.delete(id, retainMetrics)).toMatchObject({ kind: 'deleted' });
    }
    const listed = new Map<ConversationId, boolean>();
    for (let page = 1, hasNext = true; hasNext; page += 1) {
      const deleted = await intercom.deletedPage({ page, perPage: 4, order: 'asc' });
      for (const { conversationId, metricsRetained } of deleted.entries)
        listed.set(conversationId, metricsRetained);
      hasNext = deleted.hasNext;
    }
    expect(listed).toEqual(sent);
  });

  it('learns the limit, and stays within it', async () => {
    await using simulator = await workspace({ generate: 50, seed: 10, rateLimit: { perMinute: 1000 } });
    const intercom = intercomAt(simulator.url);
    const ids = await byList(intercom);
    await Promise.all(ids.map((id) => intercom.read(id)));
    expect(intercom.usage()).toEqual({ calls: 51, writeCalls: 0, rateLimited: 0, limitPerWindow: 167 });
  });
});
