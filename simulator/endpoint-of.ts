import type { EndpointName } from './settings.ts';

export interface Endpoint {
  readonly endpoint: EndpointName;
  readonly id: string;
}

const fixed: Readonly<Record<string, EndpointName>> = {
  'GET /conversations': 'list',
  'POST /conversations/search': 'search',
  'GET /conversations/deleted': 'deleted_list',
  'GET /me': 'me',
  'GET /tags': 'tags',
  'GET /teams': 'teams',
  'GET /admins': 'admins',
  'POST /contacts/search': 'contact_search',
};
const withId: Readonly<Record<string, EndpointName>> = {
  'GET /conversations/': 'read',
  'DELETE /conversations/': 'delete',
  'GET /contacts/': 'contact',
};

/** Which endpoint a method and a path name. */
export function endpointOf(method: string, path: string): Endpoint {
  const known = fixed[`${method} ${path}`];
  if (known !== undefined) return { endpoint: known, id: '' };
  const slash = path.lastIndexOf('/') + 1;
  const named = withId[`${method} ${path.slice(0, slash)}`];
  const id = path.slice(slash);
  return named === undefined || id === '' ? { endpoint: 'unknown', id: '' } : { endpoint: named, id };
}
