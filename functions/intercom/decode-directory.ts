import type { DirectoryKind } from '#policy/directory.ts';
import { DecodeError } from './decode-error.ts';
import { asArray, asId, asObject, asText } from './wire-value.ts';

/** Each list has a key of its own. */
const listKeys = { tags: 'data', teams: 'teams', admins: 'admins' } as const satisfies Record<
  DirectoryKind,
  string
>;

interface Named<Id extends string> {
  readonly id: Id;
  readonly name: string;
}

/**
 * The names in an answer of `GET /tags`, `/teams` or `/admins`. What has no name cannot be named by a policy and is left out.
 * @throws DecodeError also when something has a name but no readable id: leaving it out could hide that the name is ambiguous.
 */
export function decodeNames<Id extends string>(kind: DirectoryKind, wire: unknown): readonly Named<Id>[] {
  const key = listKeys[kind];
  const items = asArray(asObject(wire)?.[key]);
  if (items === undefined) throw new DecodeError(key, 'a list');
  return items.flatMap((item, index) => {
    const entry = asObject(item);
    const name = asText(entry?.['name']);
    if (name === undefined) return [];
    const id = asId<Id>(entry?.['id']);
    if (id === undefined) throw new DecodeError(`${key}[${index}].id`, 'an id');
    return { id, name };
  });
}
