import type { Endpoint } from './endpoint.ts';
import {
  type Failure,
  IntercomAccessError,
  IntercomAnswerError,
  type IntercomError,
  IntercomRateLimitError,
  IntercomRequestError,
  IntercomUnavailableError,
} from './intercom-error.ts';
import type { Lost, Refused, Reply } from './reply.ts';

/** The error for a call that ended in anything but what its caller can use. */
export function errorOfReply(
  endpoint: Endpoint,
  reply: Exclude<Reply, { readonly kind: 'ok' }>,
): IntercomError {
  switch (reply.kind) {
    case 'refused':
      return errorOfRefusal(endpoint, reply);
    case 'rate_limited':
      return new IntercomRateLimitError(
        `Intercom kept refusing ${endpoint.name} because the workspace's rate limit was used up (${told(reply)}); run again later, or give this tool a larger share by making other apps call less.`,
        failureOf(endpoint, reply),
        true,
      );
    case 'not_sent':
      return new IntercomUnavailableError(
        `No connection to Intercom came about (${reply.code} at ${endpoint.name}); check the network and INTERCOM_BASE_URL, then run again.`,
        { endpoint: endpoint.name, httpStatus: null, code: reply.code, requestId: null },
        true,
      );
    case 'lost':
      return errorOfLoss(endpoint, reply);
  }
}

/** The error for an answer that is JSON, but not what was asked for. `problem` names the place in it, and no value. */
export function errorOfAnswer(
  endpoint: Endpoint,
  answer: { readonly httpStatus: number; readonly requestId: string | null },
  problem: string,
): IntercomAnswerError {
  return new IntercomAnswerError(
    `Intercom's answer to ${endpoint.name} cannot be used: ${problem}; check INTERCOM_BASE_URL and INTERCOM_VERSION${forSupport(answer.requestId)}.`,
    { endpoint: endpoint.name, ...answer, code: 'unreadable_answer' },
    false,
  );
}

function errorOfRefusal(endpoint: Endpoint, reply: Refused): IntercomError {
  const failure = failureOf(endpoint, reply);
  if (reply.httpStatus === 401 || reply.httpStatus === 403) {
    return new IntercomAccessError(accessMessage(endpoint, reply), failure, false);
  }
  return new IntercomRequestError(
    `Intercom refused ${endpoint.name} (${told(reply)}); ${requestRemedy(reply)}${forSupport(reply.requestId)}.`,
    failure,
    false,
  );
}

function accessMessage(endpoint: Endpoint, reply: Refused): string {
  if (reply.code === 'api_plan_restricted') {
    return `Intercom refused ${endpoint.name} because of the workspace's plan (${told(reply)}); it needs an active subscription.`;
  }
  if (reply.httpStatus === 401 && isDeadToken(reply.code)) {
    return `Intercom does not accept the access token (${told(reply)} at ${endpoint.name}); put a valid one in its place, and check that INTERCOM_REGION is the workspace's region.`;
  }
  const permission =
    endpoint.scope === undefined ? 'the permission for it' : `the permission "${endpoint.scope}"`;
  return `The access token may not use ${endpoint.name} (${told(reply)}); give its app ${permission} in Intercom's Developer Hub, then try again with the token shown there.`;
}

/** `token_unauthorized` alone speaks of a token that lives: "not authorized to access resource". */
const isDeadToken = (code: string): boolean =>
  code === 'unauthorized' ||
  code === 'missing_authorization' ||
  code === 'http_401' ||
  (code.startsWith('token_') && code !== 'token_unauthorized');

function requestRemedy({ code, httpStatus }: Refused): string {
  if (code === 'intercom_version_invalid') return 'set INTERCOM_VERSION=2.16';
  if (httpStatus === 404) return 'check INTERCOM_BASE_URL and INTERCOM_REGION';
  return 'the request does not suit this version of its API, so check INTERCOM_VERSION';
}

function errorOfLoss(endpoint: Endpoint, reply: Lost): IntercomError {
  const failure = failureOf(endpoint, reply);
  if (reply.code === 'unreadable_answer') {
    return new IntercomAnswerError(
      `Intercom's answer to ${endpoint.name} cannot be read (${told(reply)}); check INTERCOM_BASE_URL, then run again${forSupport(reply.requestId)}.`,
      failure,
      true,
    );
  }
  return new IntercomUnavailableError(
    `Intercom gave no answer to ${endpoint.name} again and again (${told(reply)}); run again later${forSupport(reply.requestId)}.`,
    failure,
    true,
  );
}

const failureOf = (
  endpoint: Endpoint,
  reply: { readonly httpStatus: number | null; readonly code: string; readonly requestId: string | null },
): Failure => ({
  endpoint: endpoint.name,
  httpStatus: reply.httpStatus,
  code: reply.code,
  requestId: reply.requestId,
});

const told = ({ httpStatus, code }: { readonly httpStatus: number | null; readonly code: string }): string =>
  httpStatus === null || code === `http_${httpStatus}` ? code : `${httpStatus} ${code}`;

const forSupport = (requestId: string | null): string =>
  requestId === null ? '' : ` (request ${requestId}, for Intercom's support)`;
