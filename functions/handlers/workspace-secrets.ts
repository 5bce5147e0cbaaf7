import { brandId, type WorkspaceId } from '#policy/ids.ts';
import type { Secret } from '#runtime/secret.ts';
import { ConfigurationError } from '#sweep/errors.ts';
import { parseJson, valueAt } from '#sweep/read-json.ts';

/** What is kept secret for one workspace. */
export interface WorkspaceSecrets {
  readonly accessToken: string;
  /** Signs the webhooks of the app. Without it, no webhook for this workspace is believed. */
  readonly clientSecret: string | undefined;
}

/**
 * Reads the one secret of this installation, a JSON text with an entry for each workspace by its `app_id`:
 *
 *     { "workspaces": { "a86dr8yl": { "access_token": "…", "client_secret": "…" } } }
 *
 * @throws ConfigurationError that names the field; never its value, nor the key, which in a secret of another shape may
 * be the token.
 */
export async function readWorkspaceSecrets(
  secret: Secret,
  age: 'cached' | 'fresh',
): Promise<ReadonlyMap<WorkspaceId, WorkspaceSecrets>> {
  try {
    return secretsIn(await secret.read(age));
  } catch (error) {
    if (age === 'fresh' || !(error instanceof ConfigurationError)) throw error;
    return secretsIn(await secret.read('fresh')); // it may have been filled in since
  }
}

function secretsIn(text: string): ReadonlyMap<WorkspaceId, WorkspaceSecrets> {
  const workspaces = valueAt(parseJson(text), 'workspaces');
  if (typeof workspaces !== 'object' || workspaces === null) throw unreadable('"workspaces"');
  return new Map(
    Object.entries(workspaces).map(([appId, entry]) => [
      brandId<WorkspaceId>(appId),
      {
        accessToken: secretText(entry, 'access_token'),
        clientSecret:
          valueAt(entry, 'client_secret') === undefined ? undefined : secretText(entry, 'client_secret'),
      },
    ]),
  );
}

/** Not empty, since with an empty client secret anybody could sign, and without the blanks that come from copying. */
function secretText(entry: unknown, field: 'access_token' | 'client_secret'): string {
  const value = valueAt(entry, field);
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value))
    throw unreadable(`"${field}" of a workspace`);
  return value;
}

const unreadable = (place: string) =>
  new ConfigurationError(
    `The secret has no readable ${place}; store {"workspaces": {"<app_id>": {"access_token": "…", "client_secret": "…"}}}.`,
  );
