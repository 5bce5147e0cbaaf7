import type { ContactId } from '#policy/ids.ts';
import type { NamedContact } from '#sweep/ports.ts';
import { DecodeError } from './decode-error.ts';
import { asArray, asId, asObject, asText } from './wire-value.ts';

/**
 * The ids in an answer of `GET /contacts/{id}` or `POST /contacts/search`.
 * @throws DecodeError also when a contact is not the one that was asked for: its conversations are about to be deleted.
 */
export function decodeContacts(wire: unknown, named: NamedContact): readonly ContactId[] {
  if (named.by === 'id') return [decodeContact(wire, named, '')];
  const items = asArray(asObject(wire)?.['data']);
  if (items === undefined) throw new DecodeError('data', 'a list');
  return items.map((item, index) => decodeContact(item, named, `data[${index}].`));
}

function decodeContact(wire: unknown, { by, value }: NamedContact, path: string): ContactId {
  const contact = asObject(wire);
  const id = asId<ContactId>(contact?.['id']);
  if (id === undefined) throw new DecodeError(`${path}id`, 'an id');
  const told = by === 'id' ? id : asText(contact?.[by]);
  // Intercom keeps addresses in lower case, whatever is typed.
  if (told?.toLowerCase() !== value.toLowerCase())
    throw new DecodeError(`${path}${by}`, 'what was asked for');
  return id;
}
