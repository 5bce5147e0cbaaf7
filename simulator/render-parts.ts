import type { Conversation } from './conversation.ts';
import { personalMarker } from './personal-data.ts';
import { authorOf, type RenderContext } from './render-conversation.ts';

/** Intercom gives the 500 most recent parts of a conversation. */
const mostParts = 500;

/** `conversation_parts` of a single conversation. They are spread evenly between its creation and its last change. */
export function renderParts(conversation: Conversation, workspace: RenderContext) {
  const count = conversation.statistics?.count_conversation_parts ?? 1;
  const shown = Math.min(count, mostParts);
  const stepSeconds = (conversation.updatedAt - conversation.createdAt) / count;
  const parts = Array.from({ length: shown }, (_, index) => {
    const position = count - shown + index + 1;
    const at = conversation.createdAt + Math.round(stepSeconds * position);
    return renderPart(conversation, workspace, position, at);
  });
  return { type: 'conversation_part.list', conversation_parts: parts, total_count: count };
}

function renderPart(conversation: Conversation, workspace: RenderContext, position: number, at: number) {
  const isAnswer = position % 2 === 0 && conversation.adminId !== 0;
  const { id } = conversation;
  return {
    type: 'conversation_part',
    id: String(id * 1000 + position),
    part_type: 'comment',
    body: `<p>${personalMarker} part ${position} of ${id}.</p>`,
    created_at: at,
    updated_at: at,
    notified_at: at,
    assigned_to: null,
    author: isAnswer
      ? { type: 'admin', id: String(conversation.adminId), name: 'Teammate', email: 'teammate@example.com' }
      : authorOf(conversation, workspace.staff),
    attachments: [],
    external_id: null,
    redacted: false,
    email_message_metadata: null,
    state: conversation.state,
    tags: [],
    event_details: null,
    app_package_code: null,
  };
}
