/** One of Intercom's endpoints, as far as sending to it and speaking of it goes. */
export interface Endpoint {
  /** As in Intercom's documentation: with placeholders, without ids. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** How long an answer may take: pages of a search have been seen to take more than 20 seconds. */
  readonly patience: 'page' | 'single';
  /** The permission that the token needs, as the Developer Hub calls it; undefined when any token will do. */
  readonly scope: string | undefined;
}

const conversations = 'Read conversations';
const contacts = 'Read and list users and companies';

export const endpoints = {
  me: { name: 'GET /me', method: 'GET', patience: 'single', scope: undefined },
  tags: { name: 'GET /tags', method: 'GET', patience: 'single', scope: 'Read tags' },
  teams: { name: 'GET /teams', method: 'GET', patience: 'single', scope: 'Read admins' },
  admins: { name: 'GET /admins', method: 'GET', patience: 'single', scope: 'Read admins' },
  list: { name: 'GET /conversations', method: 'GET', patience: 'page', scope: conversations },
  search: { name: 'POST /conversations/search', method: 'POST', patience: 'page', scope: conversations },
  deletedList: { name: 'GET /conversations/deleted', method: 'GET', patience: 'page', scope: conversations },
  contact: { name: 'GET /contacts/{id}', method: 'GET', patience: 'single', scope: contacts },
  contactSearch: { name: 'POST /contacts/search', method: 'POST', patience: 'single', scope: contacts },
  read: { name: 'GET /conversations/{id}', method: 'GET', patience: 'single', scope: conversations },
  delete: {
    name: 'DELETE /conversations/{id}',
    method: 'DELETE',
    patience: 'single',
    scope: 'Write conversations',
  },
  deleteWithMetrics: {
    name: 'DELETE /conversations/{id}',
    method: 'DELETE',
    patience: 'single',
    scope: 'Delete conversations and metrics',
  },
} as const satisfies Record<string, Endpoint>;
