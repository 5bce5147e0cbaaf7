import type { ConversationId } from '#policy/ids.ts';
import { ConfigurationError } from '#sweep/errors.ts';
import type { ConversationQuery, DeletedPageRequest, NamedContact } from '#sweep/ports.ts';
import { type ApiVersion, capabilitiesOf } from './api-version.ts';
import { type Endpoint, endpoints } from './endpoint.ts';
import { compileSearch } from './search-query.ts';

/** A request of which only the token is missing. */
export interface ApiRequest {
  readonly endpoint: Endpoint;
  /** Path and query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export function listRequest(perPage: number, cursor: string | undefined): ApiRequest {
  const query = new URLSearchParams({ per_page: String(perPage) });
  if (cursor !== undefined) query.set('starting_after', cursor);
  return { endpoint: endpoints.list, path: `/conversations?${query.toString()}` };
}

export function searchRequest(
  query: ConversationQuery,
  perPage: number,
  cursor: string | undefined,
): ApiRequest {
  const pagination = { per_page: perPage, starting_after: cursor }; // undefined leaves no trace in JSON
  return {
    endpoint: endpoints.search,
    path: '/conversations/search',
    body: { query: compileSearch(query), pagination },
  };
}

export const readRequest = (id: ConversationId): ApiRequest => ({
  endpoint: endpoints.read,
  path: pathOf(id),
});

/** Asks for one contact by its id, or for all that have the address or external id. */
export function contactRequest({ by, value }: NamedContact): ApiRequest {
  if (by === 'id') return { endpoint: endpoints.contact, path: `/contacts/${encodeURIComponent(value)}` };
  return {
    endpoint: endpoints.contactSearch,
    path: '/contacts/search',
    body: { query: { field: by, operator: '=', value }, pagination: { per_page: mostContacts } },
  };
}

/** Enough to see that there are several. */
const mostContacts = 50;

/** @throws ConfigurationError when this version would keep the metrics whatever it is told. */
export function deleteRequest(id: ConversationId, retainMetrics: boolean, version: ApiVersion): ApiRequest {
  const { retainMetricsFalse } = capabilitiesOf(version);
  if (retainMetrics) {
    const query = retainMetricsFalse ? '?retain_metrics=true' : '';
    return { endpoint: endpoints.delete, path: pathOf(id) + query };
  }
  if (retainMetricsFalse) {
    return { endpoint: endpoints.deleteWithMetrics, path: `${pathOf(id)}?retain_metrics=false` };
  }
  throw new ConfigurationError(
    `Version ${version} of Intercom's API would ignore retain_metrics: false and keep the reporting metrics; set INTERCOM_VERSION=2.16.`,
  );
}

/** @throws ConfigurationError when this version has no such list. */
export function deletedPageRequest(request: DeletedPageRequest, version: ApiVersion): ApiRequest {
  if (!capabilitiesOf(version).deletedList) {
    throw new ConfigurationError(
      `Version ${version} of Intercom's API has no list of deleted conversations; set INTERCOM_VERSION=2.16.`,
    );
  }
  const { page, perPage, order } = request;
  const query = new URLSearchParams({ page: String(page), per_page: String(perPage), order });
  return { endpoint: endpoints.deletedList, path: `/conversations/deleted?${query.toString()}` };
}

const pathOf = (id: ConversationId): string => `/conversations/${encodeURIComponent(id)}`;
