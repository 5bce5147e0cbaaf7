import type { ConversationId } from '#policy/ids.ts';
import { type Instant, instantFromMs } from '#policy/instant.ts';
import type { ResolvedPolicy } from '#policy/policy.ts';
import { createdUntil } from './choose-scan.ts';
import type { DeletionRequest } from './deletion-request.ts';
import type { EventDeps } from './event-deps.ts';
import { indexHolds } from './holds.ts';
import { nextCursor } from './next-cursor.ts';
import { PlanDraft } from './plan-draft.ts';
import { PlanStore } from './plan-store.ts';
import type { Intercom } from './ports.ts';
import type { PlanRecord, RunRecord, ScanWindow } from './run-record.ts';
import { workThrough } from './worker-pool.ts';

const readsInFlight = 8;

/**
 * Reads every conversation that a message is about, judges it, and stores what is to go. Chunks that an earlier attempt has
 * stored are taken over. What is returned is complete and not yet in the audit.
 * @returns undefined when it was stopped before.
 */
export async function planEvent(
  deps: EventDeps,
  policy: ResolvedPolicy,
  message: DeletionRequest,
  run: RunRecord & Pick<PlanRecord, 'planId'>,
  mustStop: () => boolean,
): Promise<PlanRecord | undefined> {
  const { audit, clock, intercom, known, state } = deps;
  const callsBefore = intercom.usage().calls;
  const asOf = clock.now();
  const { name: workspaceName } = await known.workspace();
  const { workspaceId, planId, policyHash, trigger } = run;

  const holds = indexHolds(await state.readHolds(workspaceId));
  const draft = new PlanDraft(policy, holds, { asOf, scanned: 0, keptBy: {} });
  let chunkCount = 0;
  for await (const chunk of audit.planChunks(workspaceId, planId)) {
    draft.recall(chunk);
    chunkCount += 1;
  }

  // More than a run may delete are refused anyway.
  const isOver = (): boolean => mustStop() || draft.counts.candidates > policy.limits.perRun;
  const conversations = conversationsOf(intercom, message, asOf, isOver);
  await workThrough(conversations, readsInFlight, async (id) => {
    const read = await intercom.read(id);
    if (read === undefined) return; // gone already
    // A search finds more than it is asked for; what is not known to be this contact's stays.
    const isAsked = !('contactId' in message) || read.facts.contactIds?.includes(message.contactId) === true;
    if (isAsked) draft.judge(read.facts, anywhere, read.readAt);
  });
  if (mustStop()) return undefined;

  const store = new PlanStore(audit, run, chunkCount);
  await store.store(draft, 'rest');
  return {
    workspaceId,
    workspaceName,
    planId,
    policyHash,
    trigger,
    status: 'planned',
    asOf,
    finishedAt: clock.now(),
    scan: 'search',
    windows: [],
    ...draft.counts,
    chunkCount: store.chunkCount,
    workspaceTotal: draft.counts.candidates === 0 ? undefined : await known.total(),
    apiCalls: intercom.usage().calls - callsBefore,
    gate: undefined,
    appliedBy: undefined,
  };
}

const anywhere: ScanWindow = {
  ruleId: undefined,
  createdFrom: undefined,
  createdUntil: undefined,
  cursor: undefined,
  done: false,
};

/** The conversation itself, or those that a search finds for the contact. */
async function* conversationsOf(
  intercom: Intercom,
  message: DeletionRequest,
  asOf: Instant,
  isOver: () => boolean,
): AsyncGenerator<ConversationId> {
  if (!('contactId' in message)) {
    yield message.conversationId;
    return;
  }
  const query = {
    when: { kind: 'contact', choice: { negated: false, values: [message.contactId] } },
    asOf,
    createdFrom: instantFromMs(0),
    createdUntil: createdUntil(asOf),
  } as const;
  const cursors = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await intercom.searchPage(query, cursor);
    for (const { conversationId } of page.facts) {
      if (isOver()) return;
      yield conversationId;
    }
    cursor = nextCursor(page, cursors);
  } while (cursor !== undefined);
}
