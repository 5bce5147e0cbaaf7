import { lambdaHandler } from '#runtime/lambda-handler.ts';
import { decodeSqsEvent } from '#runtime/sqs-event.ts';
import { composeDeleteOnEvent } from './compose-delete-on-event.ts';
import { isOwnError } from './own-error.ts';
import { workOnBatch } from './work-on-batch.ts';

/** Behind the request queue: deletes what a webhook or another system's event is about, if a rule says so. */
export const handler = lambdaHandler({
  service: 'delete-on-event',
  compose: composeDeleteOnEvent,
  decode: decodeSqsEvent,
  handle: workOnBatch,
  isOwnError,
});
