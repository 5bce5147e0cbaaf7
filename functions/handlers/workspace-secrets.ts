import * as z from 'zod/mini';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import type { Secret } from '#runtime/secret.ts';
import { ConfigurationError } from '#sweep/errors.ts';
import { parseJson } from '#sweep/parse-json.ts';

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
 * @throws ConfigurationError that names the field, never its value.
 */
export async function readWorkspaceSecrets(
  secret: Secret,
  age: 'cached' | 'fresh',
): Promise<ReadonlyMap<WorkspaceId, WorkspaceSecrets>> {
  const read = secretSchema.safeParse(parseJson(await secret.read(age)));
  if (!read.success) {
    throw new ConfigurationError(
      `The secret with the workspaces' tokens has no readable ${placeOf(read.error)}; store ${shape}.`,
    );
  }
  return new Map(
    Object.entries(read.data.workspaces).map(([appId, { access_token, client_secret }]) => [
      brandId<WorkspaceId>(appId),
      { accessToken: access_token, clientSecret: client_secret },
    ]),
  );
}

const shape = '{"workspaces": {"<app_id>": {"access_token": "…", "client_secret": "…"}}}';

/** `workspaces.<app_id>.client_secret`. The key itself is not said: in a secret of another shape it may be the token. */
function placeOf({ issues }: z.core.$ZodError): string {
  const [root, appId, field] = issues[0]?.path ?? [];
  if (root === undefined) return 'JSON object';
  if (appId === undefined) return 'workspaces';
  return field === undefined ? 'workspaces.<app_id>' : `workspaces.<app_id>.${String(field)}`;
}

/** An empty one would let anybody sign; blanks come from copying. */
const secretText = z.string().check(z.regex(/^[\x21-\x7e]+$/));
const secretSchema = z.object({
  workspaces: z.record(
    z.string().check(z.minLength(1)),
    z.object({ access_token: secretText, client_secret: z.optional(secretText) }),
  ),
});
