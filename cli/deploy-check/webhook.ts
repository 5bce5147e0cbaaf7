import { signatureHeader } from '#intercom/webhook-signature.ts';
import { ConfigurationError, OutsideError } from '#sweep/errors.ts';
import { type Check, missing, ok } from './check.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';

/** Intercom waits no longer either. */
const patienceMs = 10_000;
const forgedSignature = `sha1=${'0'.repeat(40)}`;

/** Whether the webhook is there for Intercom, and believes nothing that it did not sign. The forgery counts as one refusal. */
export async function checkWebhook({ webhookUrl, readSecrets }: DeployCheckDeps): Promise<Check> {
  const url = webhookUrl();
  const head = await statusOf(url, { method: 'HEAD' });
  if (head !== 200)
    return missing(
      `A HEAD of ${url} is answered with ${head} instead of 200, so Intercom takes no such address; see the log of the webhook function.`,
    );
  if (!(await hasClientSecret(readSecrets)))
    throw new ConfigurationError(
      `${url} is there; whether it refuses forgeries shows once it has a client secret: see "secret".`,
    );
  const forged = await statusOf(url, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json', [signatureHeader]: forgedSignature },
  });
  if (forged === 401) return ok(`${url} is there, and refuses a forged notification.`);
  if (forged >= 500)
    return missing(
      `A forged notification is answered with ${forged} instead of 401; the function fails: see its log, and check again a minute after the secret was filled in.`,
    );
  return missing(
    `A forged notification is answered with ${forged} instead of 401; something else answers there, or it checks no signature: put no such address into Intercom.`,
  );
}

/** Without one, the function fails at every notification, and remembers for a while that it has none. */
async function hasClientSecret(readSecrets: DeployCheckDeps['readSecrets']): Promise<boolean> {
  try {
    return (await readSecrets()).clientSecret !== undefined;
  } catch (error) {
    if (error instanceof ConfigurationError || error instanceof OutsideError) return false;
    throw error;
  }
}

async function statusOf(url: string, request: RequestInit): Promise<number> {
  try {
    const signal = AbortSignal.timeout(patienceMs);
    const { status, body } = await fetch(url, { ...request, redirect: 'manual', signal });
    await body?.cancel();
    return status;
  } catch (cause) {
    throw new OutsideError(
      `${url} does not answer this machine; check the network from here, and the function's address in AWS.`,
      { cause, retryable: true },
    );
  }
}
