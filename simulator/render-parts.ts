import type { Conversation } from './conversation.ts';
import { personalMarker } from './personal-data.ts';
import { authorOf, type RenderContext } from './render-conversation.ts';

/** Intercom gives the 500 most recent parts of a conversation. */
const mostParts = 500;

/**
 * `conversation_parts` of a single conversation, as JSON. They are spread evenly between its creation and its last change. Written as text,
 * since this is most of what a sweep reads: the simulator shares the machine with what is measured.
 */
export function renderParts(conversation: Conversation, workspace: RenderContext): string {
  const count = conversation.statistics?.count_conversation_parts ?? 1;
  const shown = Math.min(count, mostParts);
  const stepSeconds = (conversation.updatedAt - conversation.createdAt) / count;
  const question = JSON.stringify(authorOf(conversation, workspace.staff));
  const answer = conversation.adminId === 0 ? question : teammate(conversation.adminId);
  let parts = '';
  for (let position = count - shown + 1; position <= count; position += 1) {
    const at = conversation.createdAt + Math.round(stepSeconds * position);
    const author = position % 2 === 0 ? answer : question;
    parts += `${parts === '' ? '' : ','}${renderPart(conversation, position, at, author)}`;
  }
  return `{"type":"conversation_part.list","conversation_parts":[${parts}],"total_count":${count}}`;
}

const teammate = (adminId: number): string =>
  `{"type":"admin","id":"${adminId}","name":"Teammate","email":"teammate@example.com"}`;

/** `author` is JSON; nothing else of it holds a character that JSON would escape. */
const renderPart = ({ id, state }: Conversation, position: number, at: number, author: string): string =>
  `{"type":"conversation_part","id":"${id}${String(position).padStart(3, '0')}","part_type":"comment",` +
  `"body":"<p>${personalMarker} part ${position} of ${id}.</p>","created_at":${at},"updated_at":${at},` +
  `"notified_at":${at},"assigned_to":null,"author":${author},"attachments":[],"external_id":null,"redacted":false,` +
  `"email_message_metadata":null,"state":"${state}","tags":[],"event_details":null,"app_package_code":null}`;
