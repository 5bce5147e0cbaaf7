import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { brandId, type PlanId, type PolicyHash, type RunId } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import type { DeletionRequest } from './deletion-request.ts';
import { noOutcomes } from './run-counts.ts';
import type { RunEvent, RunRecord } from './run-record.ts';

type EventRun = RunRecord & { readonly planId: PlanId };

/**
 * The run of one notification, as it begins. Its ids come from the notification, so that whoever gets the same one again,
 * however often and on whatever machine, finds what was done for it.
 */
export function eventRun(message: DeletionRequest, policyHash: PolicyHash): EventRun {
  const startedAt = datedAt(message);
  return {
    workspaceId: message.workspaceId,
    runId: brandId<RunId>(derivedId('run', message, startedAt)),
    trigger: 'webhook',
    policyHash,
    planId: brandId<PlanId>(derivedId('plan', message, startedAt)),
    phase: 'applying',
    startedAt,
    finishedAt: undefined,
    stopReason: undefined,
    nextChunk: 0,
    trimmedTo: undefined,
    intended: 0,
    counts: noOutcomes,
    countsByRule: {},
    apiCalls: 0,
    rateLimited: 0,
  };
}

/** What stays in the audit of the notification. */
export function toRunEvent(message: DeletionRequest): RunEvent {
  const { topic, notificationId } = message;
  const subject =
    'contactId' in message ? `contact ${message.contactId}` : `conversation ${message.conversationId}`;
  if (!('reason' in message)) return { topic, notificationId, subject };
  return { topic, notificationId, subject, reason: message.reason, requestedBy: message.requestedBy };
}

function derivedId(kind: 'run' | 'plan', message: DeletionRequest, at: Instant): string {
  const seed = [kind, message.workspaceId, message.notificationId].join('\n');
  return uuidv7({ msecs: at, random: createHash('sha256').update(seed).digest() });
}

/** A message waits in a queue for fourteen days at most, but that is after it was received. */
const longestWayMs = 2 * 86_400_000;
const clockDifferenceMs = 5 * 60_000;

/**
 * The sender's time, which every delivery has in common. Runs are listed by it, so a time that cannot be right does not
 * count; then a second delivery is another run, which finds the work done.
 */
function datedAt({ occurredAt, receivedAt }: DeletionRequest): Instant {
  const isPlausible = occurredAt > receivedAt - longestWayMs && occurredAt < receivedAt + clockDifferenceMs;
  return isPlausible ? occurredAt : receivedAt;
}
