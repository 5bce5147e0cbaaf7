import type { ConversationId } from '#policy/ids.ts';
import type { DeleteAnswer } from '#sweep/ports.ts';
import type { Endpoint } from './endpoint.ts';
import { errorOfReply } from './error-of-reply.ts';
import type { Reply } from './reply.ts';
import { asId, asObject } from './wire-value.ts';

/**
 * What came of a DELETE.
 * @throws IntercomError when it had no effect and no other would: the token may not, the limit is used up, or nothing is reached.
 */
export function toDeleteAnswer(endpoint: Endpoint, reply: Reply, id: ConversationId): DeleteAnswer {
  switch (reply.kind) {
    case 'ok': {
      const { httpStatus, requestId } = reply;
      return httpStatus === 200 && isDeletionOf(reply.json, id)
        ? { kind: 'deleted', httpStatus, requestId }
        : { kind: 'lost', cause: 'unreadable_answer', httpStatus, requestId };
    }
    case 'refused': {
      const { httpStatus, requestId, code } = reply;
      if (httpStatus === 401 || httpStatus === 403) throw errorOfReply(endpoint, reply);
      // All that came before, in the same call, was a 429 or no connection: this 404 is not of our own making.
      if (httpStatus === 404) return { kind: 'not_found', httpStatus, requestId };
      return { kind: 'refused', code, httpStatus, requestId };
    }
    case 'lost': {
      const { code: cause, httpStatus, requestId } = reply;
      return { kind: 'lost', cause, httpStatus, requestId };
    }
    case 'rate_limited':
    case 'not_sent':
      throw errorOfReply(endpoint, reply);
  }
}

/** Whether the answer says, in so many words, that this conversation is deleted. */
function isDeletionOf(wire: unknown, id: ConversationId): boolean {
  const answer = asObject(wire);
  return answer?.['deleted'] === true && asId<ConversationId>(answer['id']) === id;
}
