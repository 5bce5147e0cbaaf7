import type { TokenSource } from '#intercom/caller.ts';
import type { WorkspaceId } from '#policy/ids.ts';
import type { Secret } from '#runtime/secret.ts';
import { ConfigurationError } from '#sweep/errors.ts';
import { readWorkspaceSecrets } from './workspace-secrets.ts';

/** The access token of one workspace, from the secret; read anew when Intercom has refused the one that is known. */
export const workspaceToken =
  (secret: Secret, workspaceId: WorkspaceId): TokenSource =>
  async ({ fresh }) => {
    const found =
      (await readWorkspaceSecrets(secret, fresh ? 'fresh' : 'cached')).get(workspaceId) ??
      (await readWorkspaceSecrets(secret, 'fresh')).get(workspaceId); // it may have been added since
    if (found !== undefined) return found.accessToken;
    throw new ConfigurationError(
      `The secret has no entry for the workspace ${workspaceId}, which the policy is written for; add it.`,
    );
  };
