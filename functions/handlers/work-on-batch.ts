import { type Instant, instantFromMs } from '#policy/instant.ts';
import { errorFields } from '#runtime/error-fields.ts';
import type { Invocation } from '#runtime/lambda-handler.ts';
import { PlatformError } from '#runtime/platform-error.ts';
import type { BatchAnswer, QueueMessage } from '#runtime/sqs-event.ts';
import { deleteOnEvent } from '#sweep/delete-on-event.ts';
import { type DeletionRequest, decodeDeletionRequest } from '#sweep/deletion-request.ts';
import { ConfigurationError } from '#sweep/errors.ts';
import type { KnownWorkspace } from '#sweep/known-workspace.ts';
import type { OpenWorkspace } from './open-workspace.ts';
import { isOwnError } from './own-error.ts';
import { tellEvent } from './tell-event.ts';
import { tellFailedNotice } from './tell-failed-notice.ts';

export interface WorkerDeps extends OpenWorkspace {
  readonly known: KnownWorkspace;
}

/** Left for the calls in flight when the time is up. */
const beforeDeadlineMs = 30_000;

interface Slot {
  readonly stopAt: Instant;
  /** The function's time-out, as all its instances have it: whoever began longer ago is gone. */
  readonly longestWorkMs: number;
}

/**
 * Works through one batch, message by message: Intercom's limit is what takes the time, and so the calls of one run are not
 * counted for another. What could not be dealt with goes back to the queue, and after some returns to its dead letters.
 */
export async function workOnBatch(
  deps: WorkerDeps,
  messages: readonly QueueMessage[],
  invocation: Invocation,
): Promise<BatchAnswer> {
  const slot = slotOf(deps.clock.now(), invocation.remainingMs());
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const message of messages) {
    const isDone = deps.clock.now() < slot.stopAt && (await workOn(deps, message, slot, invocation));
    if (!isDone) batchItemFailures.push({ itemIdentifier: message.messageId });
  }
  return { batchItemFailures };
}

function slotOf(now: Instant, remainingMs: number): Slot {
  if (remainingMs > beforeDeadlineMs) {
    return { stopAt: instantFromMs(now + remainingMs - beforeDeadlineMs), longestWorkMs: remainingMs };
  }
  throw new ConfigurationError(
    'The function has less than half a minute for a batch, which is what it keeps for its end; raise its time-out to three minutes.',
  );
}

/** Whether the message is done with. */
async function workOn(
  deps: WorkerDeps,
  { messageId, body, sentAtMs, receiveCount }: QueueMessage,
  slot: Slot,
  invocation: Invocation,
): Promise<boolean> {
  const { log, metrics } = invocation;
  const { workspaceId } = deps.policyFile.policy;
  const delivery = { message_id: messageId, receive_count: receiveCount };
  const decoded = decodeDeletionRequest(body, { workspaceId, receivedAt: instantFromMs(sentAtMs) });
  if (!decoded.ok) {
    metrics.count('EventUnreadable');
    log.error('event_unreadable', { ...delivery, problem: decoded.problem });
    return false;
  }
  const { request } = decoded;
  if (request.workspaceId !== workspaceId) {
    metrics.count('EventOfOtherWorkspace');
    log.warn('event_of_other_workspace', { ...delivery, workspace_id: request.workspaceId });
    return true;
  }
  try {
    return await dealWith(deps, request, slot, invocation);
  } catch (error) {
    metrics.count('EventLeft');
    const { topic, notificationId } = request;
    const about = { ...delivery, workspace_id: workspaceId, topic, notification_id: notificationId };
    log.error('event_failed', { ...about, ...errorFields(error, isTellable) });
    return false;
  }
}

async function dealWith(
  { policyFile, ...deps }: WorkerDeps,
  message: DeletionRequest,
  slot: Slot,
  invocation: Invocation,
): Promise<boolean> {
  const report = await deleteOnEvent(
    {
      ...deps,
      observe: (event) => {
        if (event.kind === 'notice_failed') tellFailedNotice(invocation, event);
      },
    },
    {
      policy: policyFile.policy,
      policyHash: policyFile.hash,
      policyJson: policyFile.canonicalJson,
      message,
      stop: invocation.signal,
      ...slot,
    },
  );
  tellEvent(invocation, message, report);
  return report.kind !== 'unfinished';
}

const isTellable = (error: Error): boolean => error instanceof PlatformError || isOwnError(error);
