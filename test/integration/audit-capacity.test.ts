import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createRunState } from '#audit/run-state.ts';
import { brandId, type TagId } from '#policy/ids.ts';
import {
  aConfirmation,
  aDeletion,
  aFactsRecord,
  anIntent,
  anOutcome,
  aRun,
  conversationIdOf,
  later,
  noon,
  stoppedClock,
  workspaceId,
} from '#support/audit-builders.ts';
import { startTestStore, type TestStore } from '#support/dynamodb.ts';
import { maxDeletionsPerChunk } from '#sweep/outcome.ts';
import type { AuditTrail, RunState } from '#sweep/ports.ts';

let store: TestStore;
let audit: AuditTrail;
let state: RunState;
let used: ConsumedCapacity[];

beforeAll(async () => {
  store = await startTestStore();
  const client = store.connect({ onConsumedCapacity: (capacity) => used.push(capacity) });
  audit = createAuditTrail(client, store.tables.audit, stoppedClock(noon));
  state = createRunState(client, store.tables.state);
});
afterAll(() => store[Symbol.asyncDispose]());
beforeEach(() => {
  used = [];
});

describe('write units', () => {
  /** Dynalite leaves the indexes out of what it reports; DynamoDB Local, which runs this test too, does not. */
  const reportedForIndexes = [
    undefined,
    { by_day: { CapacityUnits: 1 }, by_rule: { CapacityUnits: 1 }, by_run: { CapacityUnits: 1 } },
  ];

  it('costs one unit in the table and one in each of the three indexes to record an outcome', async () => {
    await audit.putOutcome(anOutcome());
    expect(used).toHaveLength(1);
    expect(used[0]?.Table?.CapacityUnits).toBe(1);
    expect(reportedForIndexes).toContainEqual(used[0]?.GlobalSecondaryIndexes);
  });

  it('costs no more for a conversation with a dozen tags and a rule with a long name', async () => {
    const tagIds = Array.from({ length: 12 }, (_, number) => brandId<TagId>(String(7_000_000 + number)));
    await audit.putOutcome(
      anOutcome({
        conversationId: conversationIdOf(2),
        ruleId: brandId('closed-and-silent-for-two-years'),
        facts: aFactsRecord({ tagIds }),
      }),
    );
    expect(used[0]?.Table?.CapacityUnits).toBe(1);
    expect(reportedForIndexes).toContainEqual(used[0]?.GlobalSecondaryIndexes);
  });

  it('costs one unit in the table and one in the journal to record a confirmation', async () => {
    await audit.putConfirmation(aConfirmation());
    expect(used).toHaveLength(1);
    expect(used[0]?.Table?.CapacityUnits).toBe(1);
    expect([undefined, { by_day: { CapacityUnits: 1 } }]).toContainEqual(used[0]?.GlobalSecondaryIndexes);
  });

  it('costs a tenth of a unit for each deletion at most to plan, to intend and to keep the place', async () => {
    const deletions = Array.from({ length: maxDeletionsPerChunk }, (_, number) => aDeletion(number));
    const { planId } = anIntent();
    await audit.putPlanChunk({ workspaceId, planId, chunkNumber: 0, deletions });
    await audit.putIntent(
      anIntent({ conversationIds: deletions.map(({ conversationId }) => conversationId) }),
    );
    const grant = await state.takeLease({
      workspaceId,
      holder: 'host 12345',
      now: noon,
      expiresAt: later(noon, 60_000),
      isGone: () => false,
    });
    const taken = used.splice(2);
    expect(grant).toEqual({ granted: true, fence: 1 });
    expect(taken).toHaveLength(2);
    await state.writeRun(aRun(), 1);

    expect(used.map(({ TableName }) => TableName)).toEqual([
      store.tables.audit,
      store.tables.audit,
      store.tables.state,
    ]);
    expect(used.map(({ Table }) => Table?.CapacityUnits)).toEqual([4, 3, 1]);
    const inJournal = [4, 3].map((units) => ({ by_day: { CapacityUnits: units } }));
    expect([[undefined, undefined], inJournal]).toContainEqual(
      used.slice(0, 2).map(({ GlobalSecondaryIndexes }) => GlobalSecondaryIndexes),
    );
    const units = [4, 3].reduce((sum, each) => sum + 2 * each, 1);
    expect(units).toBeLessThanOrEqual(maxDeletionsPerChunk / 10);
  });
});
