import { decodeNotification, type Notification } from '#intercom/webhook-notification.ts';
import { signatureHeader, signingWorkspaces } from '#intercom/webhook-signature.ts';
import type { WorkspaceId } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import { bodyBytes, bodySize, type HttpAnswer, type HttpRequest } from '#runtime/http-request.ts';
import type { Invocation } from '#runtime/lambda-handler.ts';
import type { Secret } from '#runtime/secret.ts';
import { ConfigurationError } from '#sweep/errors.ts';
import type { RequestQueue } from './request-queue.ts';
import { readWorkspaceSecrets } from './workspace-secrets.ts';

export interface WebhookDeps {
  readonly secret: Secret;
  readonly queue: RequestQueue;
  readonly now: () => Instant;
}

/** Of the body, decoded. Notifications carry one object and stay far below. */
const maxBodyBytes = 1024 * 1024;

/**
 * Takes one notification of Intercom in: verifies it, puts one request on the queue, answers. Nothing else, because
 * Intercom waits five seconds at most and sends to slow endpoints last.
 *
 * What the answers make Intercom do: 2xx, the notification is done with. Any other 4xx or a 5xx, it is sent once more a
 * minute later and then given up. So 200 is said to topics that nobody serves, or they would count against the
 * subscription; 4xx to what would fare no better a second time; and a failure of our own throws, which the sender sees
 * as a 5xx. Never 410, which ends the subscription, nor 429, which delays it.
 */
export async function acceptWebhook(
  deps: WebhookDeps,
  request: HttpRequest,
  invocation: Invocation,
): Promise<HttpAnswer> {
  const { log, metrics } = invocation;
  if (request.method === 'HEAD') return answer(200); // Intercom's check that the address exists; carries no signature
  if (request.method !== 'POST') return { ...answer(405), headers: { allow: 'HEAD, POST' } };
  if (bodySize(request) > maxBodyBytes) {
    metrics.count('WebhookTooLarge');
    log.warn('webhook_too_large', { bytes: bodySize(request) });
    return answer(413);
  }

  const body = bodyBytes(request);
  const signers = await whoSigned(deps.secret, body, request.headers[signatureHeader] ?? '');
  if (signers.size === 0) return refuse(invocation, 'signature');
  const decoded = decodeNotification(body);
  if (!decoded.ok) {
    metrics.count('WebhookUnreadable');
    log.warn('webhook_unreadable', { unreadable: decoded.unreadable });
    return answer(400);
  }

  const { notification } = decoded;
  if (!signers.has(notification.workspaceId)) return refuse(invocation, 'workspace');
  await act(deps, notification, invocation);
  return answer(200);
}

async function act(
  deps: WebhookDeps,
  notification: Notification,
  { log, metrics, signal }: Invocation,
): Promise<void> {
  const { workspaceId } = notification;
  switch (notification.kind) {
    case 'ping':
      log.info('webhook_ping', { workspace_id: workspaceId });
      return;
    case 'other':
      metrics.count('WebhookUnknownTopic');
      log.info('webhook_unknown_topic', { workspace_id: workspaceId, topic: notification.topic });
      return;
    case 'event': {
      const { notificationId, createdAt, subject } = notification;
      const receivedAt = deps.now();
      const request = { workspaceId, notificationId, occurredAt: createdAt ?? receivedAt, receivedAt };
      await deps.queue.put({ ...subject, ...request }, signal);
      metrics.count('WebhookQueued');
      log.info('webhook_queued', {
        workspace_id: workspaceId,
        topic: subject.topic,
        notification_id: notificationId,
      });
    }
  }
}

/** A signature that fits nothing may be of a secret that was changed since it was read; so it is read again before a no. */
async function whoSigned(
  secret: Secret,
  body: Uint8Array,
  signature: string,
): Promise<ReadonlySet<WorkspaceId>> {
  const signers = signingWorkspaces(await clientSecrets(secret, 'cached'), body, signature);
  if (signers.size > 0 || signature === '') return signers;
  return signingWorkspaces(await clientSecrets(secret, 'fresh'), body, signature);
}

async function clientSecrets(
  secret: Secret,
  age: 'cached' | 'fresh',
): Promise<ReadonlyMap<WorkspaceId, string>> {
  const found = new Map<WorkspaceId, string>();
  for (const [workspaceId, { clientSecret }] of await readWorkspaceSecrets(secret, age)) {
    if (clientSecret !== undefined) found.set(workspaceId, clientSecret);
  }
  if (found.size > 0) return found;
  if (age === 'cached') return clientSecrets(secret, 'fresh'); // one may have been added since
  throw new ConfigurationError(
    'No workspace of the secret has a "client_secret", which webhooks are signed with; add it.',
  );
}

/** The sender learns nothing but that it was refused; the alarm is on the metric. */
function refuse({ log, metrics }: Invocation, because: 'signature' | 'workspace'): HttpAnswer {
  metrics.count('WebhookRefused');
  log.warn('webhook_refused', { because });
  return answer(401);
}

const answer = (statusCode: 200 | 400 | 401 | 405 | 413): HttpAnswer => ({ statusCode, body: '' });
