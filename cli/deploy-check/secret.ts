import { ConfigurationError } from '#sweep/errors.ts';
import { outputOf } from '../deployed-stack.ts';
import { type Check, missing, ok } from './check.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';

/** Whether the secret is filled in, for the workspace that is deployed for. */
export async function checkSecret({ stack, readSecrets }: DeployCheckDeps): Promise<Check> {
  const name = outputOf(stack, 'secretName');
  const workspaceId = outputOf(stack, 'workspaceId');
  try {
    const { clientSecret } = await readSecrets();
    if (clientSecret === undefined)
      return missing(
        `Its entry for ${workspaceId} has no "client_secret", without which no webhook is believed; add the app's from the Developer Hub.`,
      );
  } catch (error) {
    if (error instanceof ConfigurationError)
      return missing(`${error.message} It is ${name}: see docs/operations.md, "Filling the secret".`);
    throw error;
  }
  return ok(`${name} has an access token and a client secret for the workspace ${workspaceId}.`);
}
