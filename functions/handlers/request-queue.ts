import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { toMessage, type WebhookRequest } from '#sweep/deletion-request.ts';
import { OutsideError } from '#sweep/errors.ts';

/** Where the webhook leaves its requests for the worker. */
export interface RequestQueue {
  /** @throws OutsideError when the request is not known to be on the queue. */
  put(request: WebhookRequest, signal: AbortSignal): Promise<void>;
}

export const sqsRequestQueue = (client: SQSClient, queueUrl: string): RequestQueue => ({
  put: async (request, signal) => {
    const message = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: toMessage(request) });
    try {
      await client.send(message, { abortSignal: signal });
    } catch (cause) {
      throw new OutsideError(
        'The request could not be put on the queue; check the queue and its permissions.',
        {
          cause,
          retryable: true,
        },
      );
    }
  },
});
