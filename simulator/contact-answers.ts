import { type Answer, badParameter, notFound, ok, type Refusal } from './answer.ts';
import type { AdmittedCall } from './api-call.ts';
import { compileQuery } from './compile-query.ts';
import { isRecord } from './is-record.ts';
import { parseJson } from './parse-json.ts';
import { contactEmail, contactId, contactName, contactNumberOf, externalId } from './personal-data.ts';
import { QueryError } from './query-error.ts';
import type { SearchField } from './search-field.ts';

/** The contacts of the workspace are numbered from 1; everything about them follows from the number. */
export interface Contacts {
  readonly count: number;
  readonly workspaceId: string;
}

/** `GET /contacts/{id}` */
export function readContact(contacts: Contacts, { id }: AdmittedCall): Answer | Refusal {
  const contactNumber = contactNumberOf(id);
  if (contactNumber === undefined || contactNumber < 1 || contactNumber > contacts.count) return notFound;
  return ok(renderContact(contacts, contactNumber));
}

const fields = new Map<string, SearchField<number>>([
  ['id', { type: 'string', read: contactId }],
  ['email', { type: 'string', read: contactEmail }],
  ['external_id', { type: 'string', read: externalId }],
  ['name', { type: 'string', read: contactName }],
]);

/** `POST /contacts/search`, by id, e-mail address, external id or name; one page holds at most 150. */
export function searchContacts(contacts: Contacts, { body }: AdmittedCall): Answer | Refusal {
  const request = parseJson(body);
  if (!isRecord(request)) return badParameter('body', 'The body must be a JSON object');
  try {
    const matches = compileQuery(request['query'], fields, { kind: 'exclusive', timeZone: 'UTC' });
    const found: number[] = [];
    for (let contactNumber = 1; contactNumber <= contacts.count; contactNumber += 1) {
      if (matches(contactNumber)) found.push(contactNumber);
    }
    return ok({
      type: 'list',
      data: found.slice(0, 150).map((contactNumber) => renderContact(contacts, contactNumber)),
      total_count: found.length,
      pages: { type: 'pages', page: 1, per_page: 150, total_pages: Math.ceil(found.length / 150) },
    });
  } catch (error) {
    if (error instanceof QueryError) return badParameter(error.field, error.message);
    throw error;
  }
}

const renderContact = ({ workspaceId }: Contacts, contactNumber: number) => ({
  type: 'contact',
  id: contactId(contactNumber),
  workspace_id: workspaceId,
  external_id: externalId(contactNumber),
  role: 'user',
  email: contactEmail(contactNumber),
  phone: null,
  name: contactName(contactNumber),
  avatar: null,
  owner_id: null,
  has_hard_bounced: false,
  marked_email_as_spam: false,
  unsubscribed_from_emails: false,
  created_at: 1_500_000_000 + contactNumber,
  updated_at: 1_600_000_000 + contactNumber,
  signed_up_at: null,
  last_seen_at: null,
  custom_attributes: {},
});
