import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caller, type Reply } from '#support/api-caller.ts';
import { workspace } from '#support/simulated-workspace.ts';

const closed = { field: 'state', operator: '=', value: 'closed' };

type Call = ReturnType<typeof caller>;

const list = (call: Call, perPage: number, cursor?: string) =>
  call('GET', `/conversations?per_page=${perPage}${cursor === undefined ? '' : `&starting_after=${cursor}`}`);

const search = (call: Call, perPage: number, cursor?: string) =>
  call('POST', '/conversations/search', {
    query: closed,
    pagination: {
      per_page: perPage,
      ...(cursor === undefined ? {} : { starting_after: decodeURIComponent(cursor) }),
    },
  });

/** Ids in the order read; `between` runs after each page with what has been read so far. */
async function walk(
  readPage: (cursor?: string) => Promise<Reply>,
  between: (read: readonly string[]) => void = () => undefined,
): Promise<string[]> {
  const read: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await readPage(cursor);
    read.push(...page.items.map((item) => String(item['id'])));
    between(read);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return read;
}

const workspaces = fc.record({
  generate: fc.nat(60),
  seed: fc.nat(1000),
  perPage: fc.integer({ min: 1, max: 25 }),
});

describe('a walk by cursor', () => {
  it('reads every conversation exactly once, the newest change first, in list and in search', async () => {
    await fc.assert(
      fc.asyncProperty(workspaces, async ({ perPage, ...options }) => {
        await using simulator = await workspace(options);
        const call = caller(simulator.url, '2.16');
        const newestFirst = [...simulator.conversations()]
          .map(({ id, json }) => ({
            id,
            at: Number(json['updated_at']),
            isClosed: json['state'] === 'closed',
          }))
          .toSorted((left, right) => right.at - left.at || Number(right.id) - Number(left.id));
        expect(await walk((cursor) => list(call, perPage, cursor))).toEqual(newestFirst.map(({ id }) => id));
        expect(await walk((cursor) => search(call, perPage, cursor))).toEqual(
          newestFirst.filter(({ isClosed }) => isClosed).map(({ id }) => id),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('is not shifted by the deletion of conversations that it has read already', async () => {
    await fc.assert(
      fc.asyncProperty(
        workspaces,
        fc.nat(1000),
        fc.constantFrom(list, search),
        async ({ perPage, ...options }, salt, read) => {
          await using simulator = await workspace(options);
          const call = caller(simulator.url, '2.16');
          const expected = await walk((cursor) => read(call, perPage, cursor));
          const walked = await walk(
            (cursor) => read(call, perPage, cursor),
            (ids) => {
              for (const id of ids) if (Number(id) % 1000 < salt) simulator.happen(id, { action: 'delete' });
            },
          );
          expect(walked).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('reads those that changed in the same second exactly once, too', async () => {
    await using simulator = await workspace({
      conversations: Array.from({ length: 7 }, () => ({ updatedDaysAgo: 5 })),
    });
    const call = caller(simulator.url, '2.16');
    const walked = await walk((cursor) => list(call, 2, cursor));
    expect(walked).toEqual(['7', '6', '5', '4', '3', '2', '1']);
  });

  it('misses a conversation that changes before it is reached: it jumps to the front', async () => {
    await using simulator = await workspace({
      conversations: [{ updatedDaysAgo: 3 }, { updatedDaysAgo: 2 }, { updatedDaysAgo: 1 }],
    });
    const call = caller(simulator.url, '2.16');
    const walked = await walk(
      (cursor) => list(call, 1, cursor),
      () => simulator.happen('1', { action: 'reply' }),
    );
    expect(walked).toEqual(['3', '2']);
    expect((await list(call, 3)).items.map(({ id }) => id)).toEqual(['1', '3', '2']);
  });

  it.each([
    ['next_absent', { type: 'pages', page: 2, per_page: 2, total_pages: 2 }],
    ['next_null', { type: 'pages', page: 2, per_page: 2, total_pages: 2, next: null }],
    ['pages_null', null],
    ['starting_after_null', expect.objectContaining({ next: { per_page: 2, starting_after: null } })],
    ['starting_after_empty', expect.objectContaining({ next: { per_page: 2, starting_after: '' } })],
  ] as const)('ends in the way asked for: %s', async (lastPage, pages) => {
    await using simulator = await workspace({ generate: 3, presentation: { lastPage } });
    const call = caller(simulator.url, '2.16');
    const { cursor } = await list(call, 2);
    expect((await list(call, 2, cursor)).json).toHaveProperty('pages', pages);
  });

  it('never ends when the cursor repeats', async () => {
    await using simulator = await workspace({ generate: 3, presentation: { lastPage: 'repeats_cursor' } });
    const call = caller(simulator.url, '2.16');
    const first = await list(call, 3);
    const second = await list(call, 3, first.cursor);
    const third = await list(call, 3, second.cursor);
    expect([second.items, third.items]).toEqual([[], []]);
    expect(third.cursor).toBe(second.cursor);
  });

  it('leaves the total out, or says null, and serves the items as data, when asked to', async () => {
    await using simulator = await workspace({
      generate: 3,
      presentation: { totalCount: 'missing', listKey: 'data' },
    });
    const call = caller(simulator.url, '2.16');
    const { json } = await list(call, 2);
    expect(json).not.toHaveProperty('total_count');
    expect(json).toHaveProperty('data.length', 2);
    simulator.set({ presentation: { totalCount: 'null' } });
    expect((await list(call, 2)).json).toMatchObject({ total_count: null, conversations: [{}, {}] });
  });

  it.each(['per_page=151', 'per_page=0', 'per_page=x', 'starting_after=nonsense'])(
    'refuses %s with 400',
    async (query) => {
      await using simulator = await workspace({ generate: 1 });
      expect((await caller(simulator.url, '2.16')('GET', `/conversations?${query}`)).status).toBe(400);
    },
  );
});
