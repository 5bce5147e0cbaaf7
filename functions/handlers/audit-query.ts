import { decodeHttpRequest } from '#runtime/http-request.ts';
import { lambdaHandler } from '#runtime/lambda-handler.ts';
import { answerAuditQuery } from './answer-audit-query.ts';
import { composeAuditQuery } from './compose-audit-query.ts';
import { isOwnError } from './own-error.ts';

/** Behind a function URL with IAM: answers questions to the audit trail, a page at a time. */
export const handler = lambdaHandler({
  service: 'audit-query',
  compose: composeAuditQuery,
  decode: decodeHttpRequest,
  handle: answerAuditQuery,
  isOwnError,
});
