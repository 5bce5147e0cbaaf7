import { decodeHttpRequest } from '#runtime/http-request.ts';
import { lambdaHandler } from '#runtime/lambda-handler.ts';
import { acceptWebhook } from './accept-webhook.ts';
import { composeWebhook } from './compose-webhook.ts';
import { isOwnError } from './own-error.ts';

/** Behind a function URL or an HTTP API: takes Intercom's notifications in. */
export const handler = lambdaHandler({
  service: 'webhook',
  compose: composeWebhook,
  decode: decodeHttpRequest,
  handle: acceptWebhook,
  isOwnError,
});
