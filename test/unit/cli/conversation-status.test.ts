import { describe, expect, it } from 'vitest';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createRunState } from '#audit/run-state.ts';
import { findStatus } from '#cli/conversation-status.ts';
import { createOutput } from '#cli/output.ts';
import { statusText, toStatusDocument } from '#cli/status-text.ts';
import { brandId, type ContactId, type PlanId } from '#policy/ids.ts';
import {
  aDeletion,
  aFactsRecord,
  anOutcome,
  aPlan,
  conversationIdOf,
  later,
  noon,
  stoppedClock,
  workspaceId,
} from '#support/audit-builders.ts';
import { startTestStore } from '#support/dynamodb.ts';
import { recordedStream } from '#support/recorded-stream.ts';
import type { Hold } from '#sweep/hold.ts';
import type { PlanRecord } from '#sweep/run-record.ts';

const id = conversationIdOf(1);
const holdOn = (changes: Partial<Hold>): Hold => ({
  target: 'conversation',
  targetId: id,
  matter: 'Case 12/2026',
  owner: 'legal',
  reason: 'Litigation',
  placedAt: noon,
  ...changes,
});

async function openRooms() {
  const store = await startTestStore();
  const clock = stoppedClock(noon);
  const audit = createAuditTrail(store.client, store.tables.audit, clock);
  const state = createRunState(store.client, store.tables.state);
  const grant = await state.takeLease({
    workspaceId,
    holder: 'test',
    now: noon,
    expiresAt: later(noon, 60_000),
    isGone: () => false,
  });
  const fence = grant.granted ? grant.fence : 0;
  return {
    audit,
    state,
    async plan(status: 'planned' | 'applied', changes: Partial<PlanRecord> = {}) {
      const plan = aPlan({ status, chunkCount: 1, candidates: 1, ...changes });
      await audit.putPlanChunk({
        workspaceId,
        planId: plan.planId,
        chunkNumber: 0,
        deletions: [aDeletion(1)],
      });
      await state.writePlan(plan, fence);
    },
    find: () => findStatus({ audit, state }, workspaceId, id),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

describe('findStatus', () => {
  it('has never seen a conversation of which nothing is known', async () => {
    await using rooms = await openRooms();
    expect(await rooms.find()).toMatchObject({
      knownAs: 'never_seen',
      outcomes: [],
      holds: [],
      planned: undefined,
    });
  });

  it('looks beyond an erasure of somebody else for the plan that waits', async () => {
    await using rooms = await openRooms();
    const erasure = { contactId: brandId<ContactId>('6762f0f3'), retainMetrics: true, kept: [] };
    await rooms.plan('planned');
    await rooms.plan('applied', { planId: brandId<PlanId>('ffff'), erasure });
    expect(await rooms.find()).toMatchObject({ knownAs: 'planned' });
  });

  it('finds what a plan that waits would delete, and not what a plan has been applied to', async () => {
    await using rooms = await openRooms();
    await rooms.plan('planned');
    expect(await rooms.find()).toMatchObject({
      knownAs: 'planned',
      planned: { deletion: { conversationId: id } },
    });
    await rooms.plan('applied');
    expect((await rooms.find()).planned).toBeUndefined();
  });

  it('lets a hold on the conversation go before a plan', async () => {
    await using rooms = await openRooms();
    await rooms.plan('planned');
    await rooms.state.addHold(workspaceId, holdOn({}));
    expect(await rooms.find()).toMatchObject({ knownAs: 'held', holds: [holdOn({})] });
  });

  it('counts a hold on one of its tags as last seen, and tells of holds on people without claiming them', async () => {
    await using rooms = await openRooms();
    const [tagId = ''] = aFactsRecord().tagIds ?? [];
    await rooms.audit.putOutcome(anOutcome({ outcome: 'kept', reason: 'held', deletedAt: null }));
    await rooms.state.addHold(workspaceId, holdOn({ target: 'tag', targetId: tagId }));
    await rooms.state.addHold(workspaceId, holdOn({ target: 'contact', targetId: '64f' }));
    expect(await rooms.find()).toMatchObject({
      knownAs: 'held',
      holds: [{ target: 'tag' }],
      holdsOnPeople: 1,
    });
  });

  it('lets a deletion go before all else', async () => {
    await using rooms = await openRooms();
    await rooms.audit.putOutcome(anOutcome());
    await rooms.state.addHold(workspaceId, holdOn({}));
    expect((await rooms.find()).knownAs).toBe('deleted');
  });
});

describe('statusText', () => {
  const output = createOutput({
    stdout: recordedStream({ isTTY: false }),
    stderr: recordedStream({ isTTY: false }),
    json: false,
    quiet: false,
  });

  it('says which rule deleted it, when in UTC, in which run, and what became of the metrics', async () => {
    await using rooms = await openRooms();
    await rooms.audit.putOutcome(anOutcome());
    expect(statusText(output, await rooms.find())).toBe(
      [
        `Conversation ${id}: deleted.`,
        `  Deleted 2026-11-21T12:00:00Z, rule closed-two-years, run ${anOutcome().runId}, metrics kept.`,
      ].join('\n'),
    );
  });

  it('says that a hold will keep what a plan would delete, and for which matter', async () => {
    await using rooms = await openRooms();
    await rooms.plan('planned');
    await rooms.state.addHold(workspaceId, holdOn({}));
    const text = statusText(output, await rooms.find());
    expect(text).toContain('under a legal hold');
    expect(text).toContain('Held since 2026-11-21T12:00:00Z for "Case 12/2026", by legal.');
    expect(text).toContain('the hold will keep it');
  });
});

describe('toStatusDocument', () => {
  it('gives the outcome records with their fixed names', async () => {
    await using rooms = await openRooms();
    await rooms.audit.putOutcome(anOutcome());
    expect(toStatusDocument(await rooms.find())).toMatchObject({
      conversation_id: id,
      known_as: 'deleted',
      outcomes: [{ conversation_id: id, outcome: 'deleted', retain_metrics: true, metrics_retained: null }],
      planned: null,
    });
  });
});
