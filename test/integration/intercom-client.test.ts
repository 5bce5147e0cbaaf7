import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { IntercomAnswerError } from '#intercom/intercom-error.ts';
import { brandId, type ConversationId } from '#policy/ids.ts';
import { instantFromMs, instantFromSeconds } from '#policy/instant.ts';
import { testNow } from '#support/facts.ts';
import { errorList, intercomAt, testToken } from '#support/intercom-under-test.ts';
import { scriptedServer } from '#support/scripted-server.ts';
import { wireConversation } from '#support/wire-conversation.ts';
import { ConfigurationError } from '#sweep/errors.ts';

const id = brandId<ConversationId>('471');
const wholeQuery = {
  when: { kind: 'state', choice: { negated: false, values: ['closed'] } },
  asOf: testNow,
  createdFrom: instantFromMs(0),
  createdUntil: testNow,
} as const;
const pageOf = (next: unknown, total = 1) => ({
  type: 'conversation.list',
  conversations: [wireConversation()],
  total_count: total,
  pages: { type: 'pages', next },
});

describe('createIntercom', () => {
  it('says with each call which version it speaks, who it is, and what it takes', async () => {
    await using server = await scriptedServer({ json: wireConversation() });
    await intercomAt(server.url, { version: 'Preview' }).read(id);
    expect(server.requests).toMatchObject([
      {
        method: 'GET',
        url: '/conversations/471',
        headers: {
          'intercom-version': 'Preview',
          authorization: `Bearer ${testToken}`,
          accept: 'application/json',
          'user-agent': 'intercom-retention',
        },
      },
    ]);
  });

  it('keeps the connection for the next call', async () => {
    await using server = await scriptedServer({ json: wireConversation() }, { json: wireConversation() });
    const intercom = intercomAt(server.url);
    await intercom.read(id);
    await intercom.read(id);
    expect(server.connections()).toBe(1);
  });

  it('reads answers that are packed, and answers below a path', async () => {
    const packed = gzipSync(JSON.stringify(wireConversation()));
    await using server = await scriptedServer({ headers: { 'content-encoding': 'gzip' }, text: packed });
    const read = await intercomAt(`${server.url}/proxy/`).read(id);
    expect(read?.facts.state).toBe('closed');
    expect(server.requests).toMatchObject([
      { url: '/proxy/conversations/471', headers: { 'accept-encoding': 'gzip' } },
    ]);
  });

  it('follows no redirect, and takes the token nowhere else', async () => {
    await using elsewhere = await scriptedServer({ json: wireConversation() });
    const redirect = { status: 302, headers: { location: elsewhere.url }, text: '' };
    await using server = await scriptedServer(...Array.from({ length: 6 }, () => redirect));
    await expect(intercomAt(server.url).read(id)).rejects.toMatchObject({ code: 'http_302' });
    expect(elsewhere.requests).toEqual([]);
  });

  it('goes through the proxy that the environment names', async () => {
    await using proxy = await scriptedServer({ json: wireConversation() });
    const intercom = intercomAt('http://intercom.invalid', { proxyEnv: { HTTP_PROXY: proxy.url } });
    await intercom.read(id);
    expect(proxy.requests).toMatchObject([{ url: 'http://intercom.invalid/conversations/471' }]);
  });
});

describe('Intercom.identify', () => {
  const me = (region: string) => ({ type: 'admin', app: { id_code: 'a86dr8yl', name: 'Example', region } });

  it('says whose token it is', async () => {
    await using server = await scriptedServer({ json: me('EU') });
    expect(await intercomAt(server.url).identify()).toEqual({
      workspaceId: 'a86dr8yl',
      name: 'Example',
      region: 'EU',
    });
  });

  it('refuses a workspace of another region than the one that is asked', async () => {
    await using server = await scriptedServer({ json: me('EU') });
    const identified = intercomAt(server.url, { region: 'us' }).identify();
    await expect(identified).rejects.toThrow(ConfigurationError);
    await expect(identified).rejects.toThrow('set INTERCOM_REGION=eu');
  });
});

describe('Intercom.directory', () => {
  it('asks only for the kinds that are wanted', async () => {
    await using server = await scriptedServer({ json: { type: 'list', data: [{ id: 1, name: 'vip' }] } });
    const directory = await intercomAt(server.url).directory(['tags']);
    expect(directory).toEqual({ tags: [{ id: '1', name: 'vip' }], teams: [], admins: [] });
    expect(server.requests.map(({ url }) => url)).toEqual(['/tags']);
  });
});

describe('Intercom.listPage', () => {
  it('asks for 150 conversations and follows the cursor, never a URL', async () => {
    const cursor = 'WzE3Njk1NzY2ODkwMDAsMjE1NDcyODU2NDQ4NjQ2LDNd+/=';
    await using server = await scriptedServer(
      { json: pageOf({ starting_after: cursor }) },
      { json: pageOf(null) },
    );
    const intercom = intercomAt(server.url);
    const first = await intercom.listPage(undefined);
    const second = await intercom.listPage(first.next);
    expect([first.next, second.next]).toEqual([cursor, undefined]);
    expect(first).toMatchObject({ total: 1, unreadable: 0, readAt: testNow });
    const [one, two] = server.requests.map(({ url }) => new URL(url, server.url));
    expect(Object.fromEntries(one?.searchParams ?? [])).toEqual({ per_page: '150' });
    expect(Object.fromEntries(two?.searchParams ?? [])).toEqual({ per_page: '150', starting_after: cursor });
  });

  it('refuses to go in a circle', async () => {
    await using server = await scriptedServer({ json: pageOf({ starting_after: 'same' }) });
    await expect(intercomAt(server.url).listPage('same')).rejects.toThrow(IntercomAnswerError);
  });
});

describe('Intercom.searchPage', () => {
  it('sends the compiled query as JSON, with the cursor beside it', async () => {
    await using server = await scriptedServer({ json: pageOf(null) });
    await intercomAt(server.url).searchPage(wholeQuery, 'cursor');
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', url: '/conversations/search' });
    expect(request?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(request?.body ?? '')).toEqual({
      query: {
        operator: 'AND',
        value: [
          { field: 'created_at', operator: '<', value: testNow / 1000 + 25 * 3600 + 1 },
          { field: 'state', operator: 'IN', value: ['closed'] },
        ],
      },
      pagination: { per_page: 150, starting_after: 'cursor' },
    });
  });
});

describe('Intercom.count', () => {
  it('asks for one conversation, and takes the total', async () => {
    await using server = await scriptedServer({ json: pageOf(null, 512) }, { json: pageOf(null, 7) });
    const intercom = intercomAt(server.url);
    expect([await intercom.count('all'), await intercom.count(wholeQuery)]).toEqual([512, 7]);
    expect(server.requests[0]?.url).toBe('/conversations?per_page=1');
    expect(JSON.parse(server.requests[1]?.body ?? '')).toMatchObject({ pagination: { per_page: 1 } });
  });

  it('does not know a total that Intercom does not say', async () => {
    await using server = await scriptedServer({ json: { conversations: [] } });
    expect(await intercomAt(server.url).count('all')).toBeUndefined();
  });
});

describe('Intercom.read', () => {
  it('knows that a conversation is not there', async () => {
    await using server = await scriptedServer({ status: 404, json: errorList('not_found') });
    expect(await intercomAt(server.url).read(id)).toBeUndefined();
  });

  it('does not take another conversation for the one that was asked for', async () => {
    await using server = await scriptedServer({ json: wireConversation({ id: '472' }) });
    await expect(intercomAt(server.url).read(id)).rejects.toThrow(
      "Intercom's answer to GET /conversations/{id} cannot be used: id is not the id that was asked for",
    );
  });
});

describe('Intercom.deletedPage', () => {
  it('asks by page number and order', async () => {
    const entry = { type: 'conversation', id: '512', metrics_retained: false, deleted_at: 1734537460 };
    const next = 'https://elsewhere.example.com/conversations/deleted?page=3';
    await using server = await scriptedServer({
      json: { conversations: [entry], total_count: 61, pages: { next } },
    });
    const page = await intercomAt(server.url).deletedPage({ page: 2, perPage: 60, order: 'desc' });
    expect(page).toEqual({
      entries: [{ conversationId: '512', deletedAt: instantFromSeconds(1734537460), metricsRetained: false }],
      total: 61,
      hasNext: true,
    });
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/conversations/deleted?page=2&per_page=60&order=desc',
    ]);
  });

  it.each(['2.13', '2.14', '2.15'] as const)(
    'is refused by name on %s, before any request',
    async (version) => {
      await using server = await scriptedServer();
      const asked = intercomAt(server.url, { version }).deletedPage({ page: 1, perPage: 60, order: 'desc' });
      await expect(asked).rejects.toThrow(
        new ConfigurationError(
          `Version ${version} of Intercom's API has no list of deleted conversations; set INTERCOM_VERSION=2.16.`,
        ),
      );
      expect(server.requests).toEqual([]);
    },
  );
});

describe('Intercom.usage', () => {
  it('counts every request, deletions and 429 apart, and knows the limit', async () => {
    const headers = {
      'x-ratelimit-limit': '1667',
      'x-ratelimit-remaining': '1600',
      'x-ratelimit-reset': '1',
    };
    await using server = await scriptedServer(
      { headers, json: wireConversation() },
      { status: 429, json: errorList('rate_limit_exceeded') },
      { json: { id: '471', deleted: true } },
      { json: pageOf(null) },
    );
    const intercom = intercomAt(server.url);
    expect(intercom.usage()).toEqual({ calls: 0, writeCalls: 0, rateLimited: 0, limitPerWindow: undefined });
    await intercom.read(id);
    await intercom.delete(id, true);
    await intercom.searchPage(wholeQuery, undefined);
    expect(intercom.usage()).toEqual({ calls: 4, writeCalls: 2, rateLimited: 1, limitPerWindow: 1667 });
  });
});
