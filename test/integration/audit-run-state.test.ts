import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRunState } from '#audit/run-state.ts';
import { brandId, type PlanId, type WorkspaceId } from '#policy/ids.ts';
import { type Instant, instantFromMs } from '#policy/instant.ts';
import { anOutcome, aPlan, aRun, later, noon, runIdOf } from '#support/audit-builders.ts';
import { collect } from '#support/collect.ts';
import { startTestStore, type TestStore } from '#support/dynamodb.ts';
import { LeaseLostError } from '#sweep/errors.ts';
import type { Hold } from '#sweep/hold.ts';
import type { Fence, LeaseRequest, RunState } from '#sweep/ports.ts';
import type { Approval } from '#sweep/run-record.ts';

let store: TestStore;
let state: RunState;
const unusedWorkspaces = Array.from({ length: 50 }, (_, number) => brandId<WorkspaceId>(`ws${number}`));
const newWorkspace = (): WorkspaceId => unusedWorkspaces.pop()!;

beforeAll(async () => {
  store = await startTestStore();
  state = createRunState(store.client, store.tables.state);
});
afterAll(() => store[Symbol.asyncDispose]());

const leaseMs = 60_000;
const leaseRequest = (workspaceId: WorkspaceId, holder: string, now: Instant = noon): LeaseRequest => ({
  workspaceId,
  holder,
  now,
  expiresAt: later(now, leaseMs),
  isGone: () => false,
});

async function takeLease(workspaceId: WorkspaceId, holder = 'a', now: Instant = noon): Promise<Fence> {
  const grant = await state.takeLease(leaseRequest(workspaceId, holder, now));
  if (!grant.granted) throw new Error(`The lease is held by ${grant.holder}.`);
  return grant.fence;
}

describe('takeLease', () => {
  it('tells who holds it until when, and grants it to nobody else until it expires', async () => {
    const workspaceId = newWorkspace();
    await takeLease(workspaceId, 'a');
    const refused = { granted: false, holder: 'a', expiresAt: later(noon, leaseMs) };
    expect(await state.takeLease(leaseRequest(workspaceId, 'b'))).toEqual(refused);
    expect(await state.takeLease(leaseRequest(workspaceId, 'b', later(noon, leaseMs - 1)))).toEqual(refused);
    const atExpiry = await state.takeLease(leaseRequest(workspaceId, 'b', later(noon, leaseMs)));
    expect(atExpiry).toEqual({ granted: true, fence: 2 });
  });

  it('lets the same holder take it again, and another one when the holder is known to be gone', async () => {
    const workspaceId = newWorkspace();
    expect(await takeLease(workspaceId, 'a')).toBe(1);
    expect(await takeLease(workspaceId, 'a')).toBe(2);
    const isGone = (holder: string): boolean => holder === 'a';
    expect(await state.takeLease({ ...leaseRequest(workspaceId, 'b'), isGone })).toEqual({
      granted: true,
      fence: 3,
    });
  });

  it('grants it at once when it was released, with a fence that has grown', async () => {
    const workspaceId = newWorkspace();
    await state.releaseLease(workspaceId, await takeLease(workspaceId, 'a'));
    expect(await takeLease(workspaceId, 'b')).toBe(2);
  });

  it('grants it to one of many who ask at once', async () => {
    const workspaceId = newWorkspace();
    const grants = await Promise.all(
      Array.from({ length: 12 }, (_, number) =>
        state.takeLease(leaseRequest(workspaceId, `holder ${number}`)),
      ),
    );
    expect(grants.filter(({ granted }) => granted)).toEqual([{ granted: true, fence: 1 }]);
  });
});

describe('renewLease', () => {
  it('moves the expiry of the holder, and fails for one whose lease was taken or released', async () => {
    const workspaceId = newWorkspace();
    const fence = await takeLease(workspaceId, 'a');
    const expiresAt = later(noon, 3 * leaseMs);
    await state.renewLease(workspaceId, fence, expiresAt);
    expect(await state.takeLease(leaseRequest(workspaceId, 'b', later(noon, 2 * leaseMs)))).toEqual({
      granted: false,
      holder: 'a',
      expiresAt,
    });
    const newer = await takeLease(workspaceId, 'b', expiresAt);
    await expect(state.renewLease(workspaceId, fence, later(noon, 9 * leaseMs))).rejects.toThrow(
      LeaseLostError,
    );
    await state.releaseLease(workspaceId, newer);
    await expect(state.renewLease(workspaceId, newer, later(noon, 9 * leaseMs))).rejects.toThrow(
      LeaseLostError,
    );
  });
});

describe('releaseLease', () => {
  it('leaves the lease to whoever has taken it since', async () => {
    const workspaceId = newWorkspace();
    const old = await takeLease(workspaceId, 'a');
    await takeLease(workspaceId, 'b', later(noon, leaseMs));
    await state.releaseLease(workspaceId, old);
    expect(await state.takeLease(leaseRequest(workspaceId, 'c', later(noon, leaseMs)))).toMatchObject({
      granted: false,
      holder: 'b',
    });
  });
});

describe('writeRun', () => {
  it('gives back the run that has not finished, whoever holds the lease', async () => {
    const workspaceId = newWorkspace();
    expect(await state.readUnfinishedRun(workspaceId)).toBeUndefined();
    const fence = await takeLease(workspaceId);
    const run = aRun({ workspaceId });
    await state.writeRun({ ...run, nextChunk: 0 }, fence);
    await state.writeRun(run, fence);
    await state.releaseLease(workspaceId, fence);
    await takeLease(workspaceId, 'b');
    expect(await state.readUnfinishedRun(workspaceId)).toEqual(run);
    expect(await state.readRun(workspaceId, run.runId)).toEqual(run);
    expect(await state.readRun(workspaceId, runIdOf(2))).toBeUndefined();
  });

  it('keeps a finished run by its id and lets go of it as the unfinished one, also when told twice', async () => {
    const workspaceId = newWorkspace();
    const fence = await takeLease(workspaceId);
    const finished = aRun({ workspaceId, phase: 'finished', finishedAt: noon, stopReason: 'done' });
    await state.writeRun(aRun({ workspaceId }), fence);
    await state.writeRun(finished, fence);
    await state.writeRun(finished, fence);
    expect(await state.readUnfinishedRun(workspaceId)).toBeUndefined();
    expect(await state.readRun(workspaceId, finished.runId)).toEqual(finished);

    const next = aRun({ workspaceId, runId: runIdOf(2) });
    await state.writeRun(next, fence);
    expect(await state.readUnfinishedRun(workspaceId)).toEqual(next);
    expect(await state.readRun(workspaceId, finished.runId)).toEqual(finished);
  });

  it('refuses the old fence as soon as the lease is taken, before the new holder has written anything', async () => {
    const workspaceId = newWorkspace();
    const old = await takeLease(workspaceId, 'a');
    const run = aRun({ workspaceId });
    await state.writeRun(run, old);
    await takeLease(workspaceId, 'b', later(noon, leaseMs));
    const lateWrites = [
      aRun({ workspaceId, nextChunk: 4 }),
      aRun({ workspaceId, phase: 'finished' }),
      aRun({ workspaceId, runId: runIdOf(5) }),
    ];
    for (const late of lateWrites) {
      await expect(state.writeRun(late, old)).rejects.toThrow(LeaseLostError);
    }
    expect(await state.readUnfinishedRun(workspaceId)).toEqual(run);
    expect(await state.readRun(workspaceId, run.runId)).toEqual(run);
  });

  it('does not let a second run begin while one has not finished', async () => {
    const workspaceId = newWorkspace();
    const fence = await takeLease(workspaceId);
    await state.writeRun(aRun({ workspaceId }), fence);
    await expect(state.writeRun(aRun({ workspaceId, runId: runIdOf(2) }), fence)).rejects.toThrow(
      'while another one has not finished',
    );
    expect(await state.readUnfinishedRun(workspaceId)).toEqual(aRun({ workspaceId }));
  });
});

describe('writePlan', () => {
  const planIdOf = (number: number): PlanId => brandId(`019a000${number}-0000-7000-8000-00000000000a`);

  it('gives back a plan of a thousand windows as it was written', async () => {
    const workspaceId = newWorkspace();
    const fence = await takeLease(workspaceId);
    const [window] = aPlan().windows;
    const windows = Array.from({ length: 1_000 }, (_, number) => ({
      ...window!,
      createdFrom: instantFromMs(number * 86_400_000),
      cursor: number % 2 === 0 ? undefined : `${window!.cursor}${number}`,
    }));
    const plan = aPlan({ workspaceId, windows });
    await state.writePlan(plan, fence);
    expect(await state.readPlan(workspaceId, plan.planId)).toEqual(plan);
    expect(await state.readPlan(workspaceId, planIdOf(9))).toBeUndefined();
  });

  it('lists plans newest first, over more than a page', async () => {
    const workspaceId = newWorkspace();
    const fence = await takeLease(workspaceId);
    const ids = Array.from({ length: 25 }, (_, number) => brandId<PlanId>(`plan-${100 + number}`));
    for (const planId of ids) await state.writePlan(aPlan({ workspaceId, planId }), fence);
    const listed = await collect(state.plans(workspaceId));
    expect(listed.map(({ planId }) => planId)).toEqual(ids.toReversed());
  });

  it('refuses the old fence for a plan that is there and for a new one', async () => {
    const workspaceId = newWorkspace();
    const old = await takeLease(workspaceId, 'a');
    await state.writePlan(aPlan({ workspaceId }), old);
    await takeLease(workspaceId, 'b', later(noon, leaseMs));
    await expect(state.writePlan(aPlan({ workspaceId, status: 'applied' }), old)).rejects.toThrow(
      LeaseLostError,
    );
    await expect(state.writePlan(aPlan({ workspaceId, planId: planIdOf(2) }), old)).rejects.toThrow(
      LeaseLostError,
    );
    expect(await collect(state.plans(workspaceId))).toEqual([aPlan({ workspaceId })]);
  });
});

describe('writeApproval', () => {
  const approvalOf = (workspaceId: WorkspaceId, covers: Approval['covers']): Approval => ({
    workspaceId,
    planId: aPlan().planId,
    policyHash: anOutcome().policyHash,
    covers,
    approvedBy: 'dpo',
    approvedAt: noon,
  });

  it('approves the plan alone when it covers the plan', async () => {
    const workspaceId = newWorkspace();
    const approval = approvalOf(workspaceId, 'plan');
    await state.writeApproval(approval);
    expect(await state.readPlanApproval(workspaceId, approval.planId)).toEqual(approval);
    expect(await state.readPolicyApproval(workspaceId, approval.policyHash)).toBeUndefined();
    expect(await state.readPlanApproval(newWorkspace(), approval.planId)).toBeUndefined();
  });

  it('approves the policy, too, when it covers it', async () => {
    const workspaceId = newWorkspace();
    const approval = approvalOf(workspaceId, 'policy');
    await state.writeApproval(approval);
    expect(await state.readPlanApproval(workspaceId, approval.planId)).toEqual(approval);
    expect(await state.readPolicyApproval(workspaceId, approval.policyHash)).toEqual(approval);
  });
});

describe('writePause', () => {
  it('pauses until it is told otherwise', async () => {
    const workspaceId = newWorkspace();
    const pause = { by: 'ops', reason: 'incident 12', at: noon };
    expect(await state.readPause(workspaceId)).toBeUndefined();
    await state.writePause(workspaceId, pause);
    expect(await state.readPause(workspaceId)).toEqual(pause);
    await state.writePause(workspaceId, undefined);
    expect(await state.readPause(workspaceId)).toBeUndefined();
  });
});

describe('addHold', () => {
  const hold: Hold = {
    target: 'conversation',
    targetId: '4711',
    matter: 'Müller ./. Acme #3',
    owner: 'legal',
    reason: 'pending suit',
    placedAt: noon,
  };

  it('places one hold for each target and matter, and the first stays', async () => {
    const workspaceId = newWorkspace();
    expect(await state.addHold(workspaceId, hold)).toBe(true);
    expect(await state.addHold(workspaceId, { ...hold, owner: 'somebody else' })).toBe(false);
    expect(await state.addHold(workspaceId, { ...hold, target: 'contact' })).toBe(true);
    expect(await state.addHold(workspaceId, { ...hold, matter: 'other' })).toBe(true);
    const holds = await state.readHolds(workspaceId);
    expect(holds).toHaveLength(3);
    expect(holds).toContainEqual(hold);
    expect(await state.readHolds(newWorkspace())).toEqual([]);
  });

  it('says yes again to the very same hold, since its first answer may have been lost', async () => {
    const workspaceId = newWorkspace();
    expect(await state.addHold(workspaceId, hold)).toBe(true);
    expect(await state.addHold(workspaceId, hold)).toBe(true);
  });

  it('gives back what is released, and nothing for what is not held', async () => {
    const workspaceId = newWorkspace();
    await state.addHold(workspaceId, hold);
    const { target, targetId, matter } = hold;
    expect(await state.releaseHold(workspaceId, target, targetId, 'other')).toBeUndefined();
    expect(await state.releaseHold(workspaceId, target, targetId, matter)).toEqual(hold);
    expect(await state.releaseHold(workspaceId, target, targetId, matter)).toBeUndefined();
    expect(await state.readHolds(workspaceId)).toEqual([]);
  });
});

describe('reserveDeletions', () => {
  const hourMs = 3_600_000;

  it('lets through exactly as many as the limit, and tells how many are used when it is passed by one', async () => {
    const workspaceId = newWorkspace();
    const reserve = (key: string, count: number) =>
      state.reserveDeletions({ workspaceId, key, count, limit: 10, now: noon });
    expect(await reserve('a', 7)).toEqual({ reserved: true, isNew: true });
    expect(await reserve('b', 4)).toEqual({ reserved: false, used: 7 });
    expect(await reserve('c', 3)).toEqual({ reserved: true, isNew: true });
    expect(await state.deletionsInLastDay(workspaceId, noon)).toBe(10);
  });

  it('allows nothing under a limit of zero', async () => {
    const workspaceId = newWorkspace();
    const reservation = { workspaceId, key: 'a', count: 1, limit: 0, now: noon };
    expect(await state.reserveDeletions(reservation)).toEqual({ reserved: false, used: 0 });
  });

  it('keeps the reservation of a key that asks again', async () => {
    const workspaceId = newWorkspace();
    const reservation = { workspaceId, key: 'a', count: 6, limit: 10, now: noon };
    await state.reserveDeletions(reservation);
    expect(await state.reserveDeletions({ ...reservation, count: 99 })).toEqual({
      reserved: true,
      isNew: false,
    });
    expect(await state.deletionsInLastDay(workspaceId, noon)).toBe(6);
  });

  it('reserves anew for a key whose reservation is too old to count', async () => {
    const workspaceId = newWorkspace();
    const reservation = { workspaceId, key: 'a', count: 6, limit: 10 };
    await state.reserveDeletions({ ...reservation, now: noon });
    const twoDaysOn = later(noon, 48 * hourMs);
    expect(await state.reserveDeletions({ ...reservation, now: twoDaysOn })).toEqual({
      reserved: true,
      isNew: true,
    });
    expect(await state.deletionsInLastDay(workspaceId, twoDaysOn)).toBe(6);
  });

  it('counts what was deleted in place of what was reserved, once', async () => {
    const workspaceId = newWorkspace();
    await state.reserveDeletions({ workspaceId, key: 'a', count: 6, limit: 10, now: noon });
    await state.settleReservation(workspaceId, 'a', 4, noon);
    await state.settleReservation(workspaceId, 'a', 4, noon);
    await state.settleReservation(workspaceId, 'never reserved', 5, noon);
    expect(await state.deletionsInLastDay(workspaceId, noon)).toBe(4);
  });

  it('counts a deletion for the 24 hours after it was settled, and for one hour more at most', async () => {
    const workspaceId = newWorkspace();
    const settledAt = later(noon, 17 * 60_000);
    await state.reserveDeletions({ workspaceId, key: 'a', count: 5, limit: 10, now: noon });
    await state.settleReservation(workspaceId, 'a', 5, settledAt);
    expect(await state.deletionsInLastDay(workspaceId, later(settledAt, 24 * hourMs - 1))).toBe(5);
    expect(await state.deletionsInLastDay(workspaceId, later(settledAt, 25 * hourMs))).toBe(0);
  });

  it('gives up a reservation that nobody has settled after two days', async () => {
    const workspaceId = newWorkspace();
    await state.reserveDeletions({ workspaceId, key: 'a', count: 5, limit: 10, now: noon });
    expect(await state.deletionsInLastDay(workspaceId, later(noon, 48 * hourMs - 1))).toBe(5);
    expect(await state.deletionsInLastDay(workspaceId, later(noon, 48 * hourMs))).toBe(0);
  });
});
