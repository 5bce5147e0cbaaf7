import { type Answer, notFound, type Refusal } from './answer.ts';
import type { AdmittedCall } from './api-call.ts';
import { readContact, searchContacts } from './contact-answers.ts';
import type { Conversation } from './conversation.ts';
import { conversationSearch, listConversations } from './conversation-pages.ts';
import type { ConversationStore } from './conversation-store.ts';
import { damage } from './damage.ts';
import { deletedList } from './deleted-list.ts';
import { directoryAnswers, type WorkspaceProfile } from './directory-answers.ts';
import { renderConversation } from './render-conversation.ts';
import { renderParts } from './render-parts.ts';
import type { Settings } from './settings.ts';
import { deleteConversation, numericId } from './single-conversation.ts';
import { shapeForVersion } from './version-shape.ts';

export interface ApiDeps {
  readonly store: ConversationStore;
  readonly profile: WorkspaceProfile;
  readonly contactCount: number;
  readonly seed: number;
  readonly nowMs: () => number;
  readonly settings: () => Settings;
}

/** Does what an admitted call asks for. */
export type Api = (call: AdmittedCall) => Answer | Refusal;

export function api(deps: ApiDeps): Api {
  const { store, profile, settings } = deps;
  const contacts = { count: deps.contactCount, workspaceId: profile.workspaceId };
  const deleted = deletedList({ deletions: store.deletions, nowMs: deps.nowMs, seed: deps.seed });

  const render = (conversation: Conversation, call: AdmittedCall): string => {
    const json = renderConversation(conversation, profile);
    const shaped = shapeForVersion(json, call.version);
    const { presentation } = settings();
    if (presentation.damagedOn.some((endpoint) => endpoint === call.endpoint)) {
      damage(shaped, conversation.id, { seed: deps.seed, presentation });
    }
    const item = JSON.stringify(shaped);
    if (call.endpoint !== 'read') return item;
    return `${item.slice(0, -1)},"conversation_parts":${renderParts(conversation, profile)}}`;
  };
  const pages = { index: store.index, staff: profile.staff, timeZone: profile.timeZone, render };
  const search = conversationSearch(pages);

  return (call) => {
    switch (call.endpoint) {
      case 'list':
        return listConversations(pages, call, settings());
      case 'search':
        return search(call, settings());
      case 'read': {
        const conversation = store.get(numericId(call.id));
        return conversation === undefined ? notFound : { status: 200, body: render(conversation, call) };
      }
      case 'delete':
        return deleteConversation(store, call);
      case 'deleted_list':
        return deleted.answer(call, settings());
      case 'me':
      case 'tags':
      case 'teams':
      case 'admins':
        return directoryAnswers[call.endpoint](profile);
      case 'contact':
        return readContact(contacts, call);
      case 'contact_search':
        return searchContacts(contacts, call);
      case 'unknown':
        return notFound;
    }
  };
}
