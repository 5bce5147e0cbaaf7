import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRunState } from '#audit/run-state.ts';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import {
  aConfirmation,
  aReconcileProgress,
  aReconciliation,
  aRun,
  conversationIdOf,
  later,
  noon,
  runIdOf,
} from '#support/audit-builders.ts';
import { collect } from '#support/collect.ts';
import { startTestStore, type TestStore } from '#support/dynamodb.ts';
import { LeaseLostError } from '#sweep/errors.ts';
import type { LeaseLane, RunState } from '#sweep/ports.ts';

let store: TestStore;
let state: RunState;
let used: ConsumedCapacity[];
let workspaces = 0;

beforeAll(async () => {
  store = await startTestStore();
  const client = store.connect({ onConsumedCapacity: (capacity) => used.push(capacity) });
  state = createRunState(client, store.tables.state);
});
afterAll(() => store[Symbol.asyncDispose]());
beforeEach(() => {
  used = [];
});

function newWorkspace(): WorkspaceId {
  workspaces += 1;
  return brandId(`ws${workspaces}`);
}

async function takeLease(workspaceId: WorkspaceId, lane: LeaseLane, holder = 'a'): Promise<number> {
  const expiresAt = later(noon, 60_000);
  const isGone = () => true;
  const grant = await state.takeLease({ workspaceId, lane, holder, now: noon, expiresAt, isGone });
  if (!grant.granted) throw new Error(`The lease is held by ${grant.holder}.`);
  return grant.fence;
}

describe('writeReconcileProgress', () => {
  it('is read back the same, with nothing before the first, and with what an unfinished run wrote left alone', async () => {
    const workspaceId = newWorkspace();
    expect(await state.readReconcileProgress(workspaceId)).toBeUndefined();
    const run = aRun({ workspaceId });
    await state.writeRun(run, await takeLease(workspaceId, 'sweep'));
    const fence = await takeLease(workspaceId, 'reconcile');
    for (const progress of [
      aReconcileProgress({ workspaceId, storing: [aConfirmation({ workspaceId })] }),
      aReconcileProgress({ workspaceId, current: undefined, last: aReconciliation({ workspaceId }) }),
    ]) {
      await state.writeReconcileProgress(progress, fence);
      expect(await state.readReconcileProgress(workspaceId)).toEqual(progress);
    }
    expect(await state.readUnfinishedRun(workspaceId)).toEqual(run);
  });

  it('is refused to a holder that has lost the lease of its lane, whoever has the one of the other', async () => {
    const workspaceId = newWorkspace();
    const old = await takeLease(workspaceId, 'reconcile');
    await takeLease(workspaceId, 'sweep', 'b');
    await state.writeReconcileProgress(aReconcileProgress({ workspaceId }), old);
    await takeLease(workspaceId, 'reconcile', 'b');
    const late = state.writeReconcileProgress(aReconcileProgress({ workspaceId, storing: [] }), old);
    await expect(late).rejects.toThrow(LeaseLostError);
  });

  it('costs eight units at most with a page of sixty new entries', async () => {
    const workspaceId = newWorkspace();
    const fence = await takeLease(workspaceId, 'reconcile');
    const storing = Array.from({ length: 60 }, (_, number) =>
      aConfirmation({ workspaceId, conversationId: conversationIdOf(number) }),
    );
    used.length = 0;
    await state.writeReconcileProgress(aReconcileProgress({ workspaceId, storing }), fence);
    expect(used).toHaveLength(1);
    expect(used[0]?.CapacityUnits).toBeLessThanOrEqual(8);
  });
});

describe('addAbsence', () => {
  it('keeps one for each conversation of the workspace until it is removed', async () => {
    const workspaceId = newWorkspace();
    const absence = (number: number, outcome: 'deleted' | 'unresolved') => ({
      workspaceId,
      conversationId: conversationIdOf(number),
      runId: runIdOf(1),
      outcome,
      recordedAt: noon,
    });
    await state.addAbsence(absence(1, 'unresolved'));
    await state.addAbsence(absence(1, 'deleted'));
    await state.addAbsence(absence(2, 'deleted'));
    await state.addAbsence({ ...absence(3, 'deleted'), workspaceId: newWorkspace() });
    expect(await collect(state.absences(workspaceId))).toEqual([
      absence(1, 'deleted'),
      absence(2, 'deleted'),
    ]);
    await state.removeAbsence(absence(1, 'deleted'));
    expect(await collect(state.absences(workspaceId))).toEqual([absence(2, 'deleted')]);
  });
});
