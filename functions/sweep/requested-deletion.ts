import { brandId, type ContactId, type ConversationId, type WorkspaceId } from '#policy/ids.ts';
import { isPlainText, plainTextHelp } from './plain-text.ts';
import { idAt, valueAt } from './read-json.ts';

export const requestedTopic = 'conversation.deletion.requested';

/** What a company's own system asks for, in an EventBridge event of this detail type. */
export type RequestedDeletion = {
  readonly topic: typeof requestedTopic;
  /** For the audit; no personal data. */
  readonly reason: string;
  /** The system or role that asks; no personal data. */
  readonly requestedBy: string;
} & Subject;

type Subject = { readonly conversationId: ConversationId } | { readonly contactId: ContactId };

type RequestedDeletionDecode =
  | {
      readonly ok: true;
      readonly requested: RequestedDeletion;
      /** Undefined when the event leaves it to who hears it: with one workspace in an account there is no doubt. */
      readonly workspaceId: WorkspaceId | undefined;
    }
  /** One sentence that names the first field that is wrong and quotes nothing. */
  | { readonly ok: false; readonly problem: string };

const fields: ReadonlySet<string> = new Set([
  'workspace_id',
  'conversation_id',
  'contact_id',
  'reason',
  'requested_by',
]);

/**
 * Reads EventBridge's envelope strictly: what asks for a deletion must say exactly what is meant. An `@` is refused, because
 * reason and requester stay in the audit for good and no e-mail address may.
 */
export function decodeRequestedDeletion(event: unknown): RequestedDeletionDecode {
  if (valueAt(event, 'detail-type') !== requestedTopic) {
    return problem(`The event is of another detail type than ${requestedTopic}; take it off the rule.`);
  }
  const detail = valueAt(event, 'detail');
  if (typeof detail !== 'object' || detail === null) return problem('The event has no readable detail.');
  if (Object.keys(detail).some((key) => !fields.has(key))) {
    return problem(`The detail has a field that is none of ${[...fields].join(', ')}; leave it out.`);
  }
  const reason = plainTextAt(detail, 'reason');
  if (reason === undefined) return problem(textProblem('reason'));
  const requestedBy = plainTextAt(detail, 'requested_by');
  if (requestedBy === undefined) return problem(textProblem('requested_by'));

  const workspaceId = idAt(detail, 'workspace_id');
  if ('workspace_id' in detail && workspaceId === undefined) {
    return problem('The detail has no readable workspace_id; give one, or leave it out.');
  }
  const subject = subjectOf(detail);
  if (subject === undefined) {
    return problem('The detail has not one readable id; give either conversation_id or contact_id.');
  }
  return {
    ok: true,
    requested: { topic: requestedTopic, reason, requestedBy, ...subject },
    workspaceId: workspaceId === undefined ? undefined : brandId(workspaceId),
  };
}

function subjectOf(detail: object): Subject | undefined {
  if ('conversation_id' in detail === 'contact_id' in detail) return undefined;
  const conversationId = idAt(detail, 'conversation_id');
  if (conversationId !== undefined) return { conversationId: brandId(conversationId) };
  const contactId = idAt(detail, 'contact_id');
  return contactId === undefined ? undefined : { contactId: brandId(contactId) };
}

function plainTextAt(detail: object, field: string): string | undefined {
  const text = valueAt(detail, field);
  return typeof text === 'string' && isPlainText(text) ? text : undefined;
}

const textProblem = (field: string): string => `The detail has no usable ${field}; give ${plainTextHelp}.`;

const problem = (sentence: string): RequestedDeletionDecode => ({ ok: false, problem: sentence });
