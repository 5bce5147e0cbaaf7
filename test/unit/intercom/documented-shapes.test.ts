import { describe, expect, it } from 'vitest';
import { decodeDeletedPage } from '#intercom/decode-deleted-page.ts';
import { decodeNames } from '#intercom/decode-directory.ts';
import { decodePage } from '#intercom/decode-page.ts';
import { decodeRefusal } from '#intercom/decode-refusal.ts';
import { decodeWorkspace } from '#intercom/decode-workspace.ts';
import { toDeleteAnswer } from '#intercom/delete-answer.ts';
import { endpoints } from '#intercom/endpoint.ts';
import { brandId, type ConversationId } from '#policy/ids.ts';
import { instantFromSeconds } from '#policy/instant.ts';

/** The example values of Intercom's reference pages, page by page. */
describe('documented answers', () => {
  it('of GET /conversations/deleted (Unstable): `list`, pages by number', () => {
    const wire = {
      type: 'list',
      conversations: [{ type: 'conversation', id: '512', metrics_retained: true, deleted_at: 1734537745 }],
      total_count: 10,
      pages: { type: 'pages', page: 1, next: null, per_page: 50, total_pages: 1 },
    };
    expect(decodeDeletedPage(wire)).toEqual({
      entries: [{ conversationId: '512', metricsRetained: true, deletedAt: instantFromSeconds(1734537745) }],
      total: 10,
      hasNext: false,
    });
  });

  it('of GET /conversations/deleted (2.16): `conversations.list`, a URL in pages.next', () => {
    const wire = {
      type: 'conversations.list',
      total_count: 4,
      pages: {
        type: 'pages',
        next: 'https://api.intercom.io/conversations/deleted?per_page=2&order=desc&page=2',
        page: 1,
        per_page: 2,
        total_pages: 2,
      },
      conversations: [
        { type: 'conversation', id: '512', metrics_retained: false, deleted_at: 1734537460 },
        { type: 'conversation', id: '513', metrics_retained: true, deleted_at: 1734537400 },
      ],
    };
    const page = decodeDeletedPage(wire);
    expect(page).toMatchObject({ total: 4, hasNext: true });
    expect(
      page.entries.map(({ conversationId, metricsRetained }) => [conversationId, metricsRetained]),
    ).toEqual([
      ['512', false],
      ['513', true],
    ]);
  });

  it.each(['2.14', 'Preview'])(
    'of DELETE /conversations/{id} (%s): an id that may be hexadecimal, and `object`',
    () => {
      const json = { id: '5ba682d23d7cf92bef87bfd4', object: 'conversation', deleted: true };
      const id = brandId<ConversationId>('5ba682d23d7cf92bef87bfd4');
      const reply = { kind: 'ok', httpStatus: 200, requestId: null, json } as const;
      expect(toDeleteAnswer(endpoints.delete, reply, id)).toEqual({
        kind: 'deleted',
        httpStatus: 200,
        requestId: null,
      });
    },
  );

  it('of GET /conversations (2.7): `list`, items in `data`, a cursor in pages.next', () => {
    const wire = {
      type: 'list',
      pages: {
        type: 'pages',
        page: 1,
        next: { per_page: 2, starting_after: 'your-cursor-from-response' },
        per_page: 2,
        total_pages: 13,
      },
      total_count: 1,
      data: [{ type: 'conversation', id: '1295', state: 'closed', created_at: 1663597223 }],
    };
    const page = decodePage(wire, undefined);
    expect(page).toMatchObject({ total: 1, unreadable: 0, next: 'your-cursor-from-response' });
    expect(page.facts).toMatchObject([
      {
        conversationId: '1295',
        state: 'closed',
        createdAt: instantFromSeconds(1663597223),
        hasTicket: undefined,
      },
    ]);
  });

  it('of GET /conversations (Preview): everything that a rule may look at', () => {
    const wire = {
      type: 'conversation.list',
      conversations: [
        {
          type: 'conversation',
          id: '1295',
          title: 'Conversation Title',
          created_at: 1663597223,
          updated_at: 1663597260,
          waiting_since: 1663597260,
          snoozed_until: 1663597260,
          open: true,
          state: 'open',
          read: true,
          priority: 'priority',
          admin_assignee_id: null,
          team_assignee_id: '5017691',
          company: { type: 'company', id: '531ee472cce572a6ec000006', name: 'Blue Sun', company_id: '6' },
          tags: { tags: [{ type: 'tag', id: '123456', name: 'Test tag', applied_at: 1663597223 }] },
          conversation_rating: { rating: 5, created_at: 1671028894, updated_at: 1671028894 },
          source: {
            type: 'conversation',
            id: '3',
            delivered_as: 'operator_initiated',
            author: { type: 'admin', id: '274', name: 'Operator', from_ai_agent: true },
          },
        },
      ],
      total_count: 1,
    };
    expect(decodePage(wire, undefined).facts).toMatchObject([
      {
        conversationId: '1295',
        state: 'open',
        createdAt: instantFromSeconds(1663597223),
        updatedAt: instantFromSeconds(1663597260),
        waitingSinceAt: instantFromSeconds(1663597260),
        lastClosedAt: undefined,
        tagIds: ['123456'],
        teamId: '5017691',
        assigneeId: 'unassigned',
        channel: 'conversation',
        initiatedBy: 'operator_initiated',
        authorType: 'admin',
        priority: 'unspecified',
        read: true,
        rating: 5,
        contactIds: undefined,
        companyId: '531ee472cce572a6ec000006',
      },
    ]);
  });

  it('of every endpoint that refuses: an error.list, of which the code and the request are kept', () => {
    const wire = {
      type: 'error.list',
      request_id: 'f93ecfa8-d08a-4325-8694-89aeb89c8f85',
      errors: [{ code: 'unauthorized', message: 'Access Token Invalid', field: 'email' }],
    };
    expect(decodeRefusal(wire)).toEqual({
      code: 'unauthorized',
      requestId: 'f93ecfa8-d08a-4325-8694-89aeb89c8f85',
    });
  });

  it('of GET /me: the workspace and its region', () => {
    const app = {
      type: 'app',
      id_code: 'a86dr8yl',
      name: 'MyApp 1',
      timezone: 'America/Los_Angeles',
      region: 'US',
    };
    expect(decodeWorkspace({ type: 'admin', id: '991267459', email: 'admin1@example.com', app })).toEqual({
      workspaceId: 'a86dr8yl',
      name: 'MyApp 1',
      region: 'US',
    });
  });

  it('of GET /tags, /teams and /admins: a list under a key of its own each', () => {
    expect(
      decodeNames('tags', { type: 'list', data: [{ type: 'tag', id: '102', name: 'Manual tag 1' }] }),
    ).toEqual([{ id: '102', name: 'Manual tag 1' }]);
    const teams = [{ type: 'team', id: '814865', name: 'Example Team', admin_ids: [493881] }];
    expect(decodeNames('teams', { type: 'team.list', teams })).toEqual([
      { id: '814865', name: 'Example Team' },
    ]);
    const admins = [{ type: 'admin', id: 991267466, name: 'Ciaran7 Lee', email: 'admin7@example.com' }];
    expect(decodeNames('admins', { type: 'admin.list', admins })).toEqual([
      { id: '991267466', name: 'Ciaran7 Lee' },
    ]);
  });
});
