import { notFound, type Refusal } from './answer.ts';
import type { ApiCall } from './api-call.ts';
import { canDelete, hasDeletedList, type VersionRank, versionRank } from './api-version.ts';
import type { Access, EndpointName, Settings } from './settings.ts';

type Scope = Access['missingScopes'][number];

/** Undefined when the token is good for anything at all. */
export function refuseToken({ headers }: ApiCall, access: Access): Refusal | undefined {
  const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (token === undefined || (access.token !== undefined && token !== access.token))
    return tokenRefusal('unauthorized');
  if (access.status === 'active') return undefined;
  if (access.status !== 'api_plan_restricted') return tokenRefusal(access.status);
  return { status: 403, code: 'api_plan_restricted', message: 'Active subscription needed.' };
}

const tokenMessages: Readonly<Record<string, string>> = {
  unauthorized: 'Access Token Invalid',
  token_unauthorized: 'Not authorized to access resource',
  token_revoked: 'The access token has been revoked',
  token_expired: 'The access token has expired',
  token_blocked: 'The access token has been blocked',
  token_not_found: 'The access token was not found',
};

const tokenRefusal = (code: string): Refusal => ({ status: 401, code, message: tokenMessages[code] ?? code });

/** The version of the API that answers. A version that does not exist is refused. */
export function versionOf({ headers }: ApiCall, { defaultVersion }: Settings): VersionRank | Refusal {
  const name = headers['intercom-version'];
  const rank = versionRank(typeof name === 'string' ? name : defaultVersion);
  return rank ?? versionInvalid('The requested version could not be found');
}

const versionInvalid = (message: string): Refusal => ({
  status: 400,
  code: 'intercom_version_invalid',
  message,
});

/** Undefined when this call may be made in this version, in this form, with these scopes. */
export function refuseCall(call: ApiCall, version: VersionRank, access: Access): Refusal | undefined {
  if (!['GET', 'POST', 'PUT', 'DELETE', 'HEAD'].includes(call.method)) {
    return { status: 405, code: 'client_error', message: 'Method Not Allowed' };
  }
  if (!acceptsJson(call.headers.accept)) {
    return { status: 406, code: 'client_error', message: 'Accept header must allow application/json' };
  }
  if (call.endpoint === 'unknown' || (call.endpoint === 'delete' && !canDelete(version))) return notFound;
  if (call.endpoint === 'deleted_list' && !hasDeletedList(version)) {
    return versionInvalid('Requested resource is not available in current API version.');
  }
  const lacks = scopesOf(call).some((scope) => access.missingScopes.includes(scope));
  return lacks ? missingScope(access) : undefined;
}

const acceptsJson = (accept: string | undefined): boolean =>
  accept !== undefined && /\*\/\*|application\/(json|\*)/.test(accept);

const scopes: Readonly<Record<EndpointName, readonly Scope[]>> = {
  list: ['read_conversations'],
  search: ['read_conversations'],
  read: ['read_conversations'],
  deleted_list: ['read_conversations'],
  delete: ['write_conversations'],
  tags: ['read_tags'],
  teams: ['read_admins'],
  admins: ['read_admins'],
  contact: ['read_contacts'],
  contact_search: ['read_contacts'],
  me: [],
  unknown: [],
};

function scopesOf({ endpoint, query }: ApiCall): readonly Scope[] {
  if (endpoint !== 'delete' || query.get('retain_metrics') !== 'false') return scopes[endpoint];
  return [...scopes.delete, 'delete_conversations_and_metrics'];
}

const missingScope = ({ missingScopeAnswer }: Access): Refusal =>
  missingScopeAnswer === 'token_unauthorized'
    ? { status: 401, code: 'token_unauthorized', message: 'Not authorized to access resource' }
    : { status: 403, code: 'forbidden', message: 'Not authorized to access resource' };
