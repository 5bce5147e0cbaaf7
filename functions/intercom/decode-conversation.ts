import type { Facts } from '#policy/facts.ts';
import type { ConversationId } from '#policy/ids.ts';
import { DecodeError } from './decode-error.ts';
import { decodeFacts } from './decode-facts.ts';

/**
 * The answer of `GET /conversations/{id}`.
 * @throws DecodeError when it is not about the conversation that was asked for.
 */
export function decodeConversation(wire: unknown, id: ConversationId): Facts {
  const facts = decodeFacts(wire);
  if (facts?.conversationId !== id) throw new DecodeError('id', 'the id that was asked for');
  return facts;
}
