import { type Command, Option } from 'commander';
import type { NamedContact } from '#sweep/ports.ts';
import { usageError } from './cli-error.ts';

/** How flags name a contact. */
export interface ContactOptions {
  readonly contact?: string;
  readonly email?: string;
  readonly externalId?: string;
}

export const withContact = (command: Command): Command =>
  command
    .addOption(
      new Option('--contact <id>', "the contact by Intercom's id").conflicts(['email', 'externalId']),
    )
    .addOption(
      new Option(
        '--email <address>',
        'the contact by its e-mail address, which is looked up and stored nowhere',
      ).conflicts(['contact', 'externalId']),
    )
    .addOption(
      new Option('--external-id <id>', 'the contact by the id that your own systems know it by').conflicts([
        'contact',
        'email',
      ]),
    );

/** No message quotes what was given: it may be an address. @throws CliError when none is named, or none can be. */
export function namedContact({ contact, email, externalId }: ContactOptions): NamedContact {
  if (contact !== undefined) {
    if (/^[\w-]{1,128}$/.test(contact)) return { by: 'id', value: contact };
    throw usageError(
      "What --contact names is no contact id; give Intercom's own, as in the contact's address, or use --email or --external-id.",
    );
  }
  if (email !== undefined) {
    if (/^[^\s@]+@[^\s@]+$/.test(email.trim())) return { by: 'email', value: email.trim() };
    throw usageError('What --email names is no e-mail address; give one such as name@example.com.');
  }
  if (externalId !== undefined && externalId !== '') return { by: 'external_id', value: externalId };
  throw usageError('Say whose conversations are to be erased: --contact, --email or --external-id.');
}
