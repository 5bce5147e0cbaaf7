import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { brandId, type ContactId } from '#policy/ids.ts';
import { contactEmail, contactId, externalId, personalMarker } from '#simulator/personal-data.ts';
import type { ConversationInDays } from '#support/simulated-workspace.ts';
import { type SweepWorld, sweepWorld } from '#support/sweep-world.ts';
import { approvePlan } from '#sweep/approve-plan.ts';
import { type ErasureRequest, planErasure, requestFor } from '#sweep/erase-contact.ts';
import { ConfigurationError, OutsideError } from '#sweep/errors.ts';
import { makePlan } from '#sweep/make-plan.ts';
import type { Intercom } from '#sweep/ports.ts';
import type { PlanRecord } from '#sweep/run-record.ts';
import { applyPlan, runRetention } from '#sweep/run-retention.ts';
import type { RunReport, SweepDeps, SweepEvent, SweepRequest } from '#sweep/sweep-deps.ts';

const of7 = (changes: Partial<ConversationInDays> = {}): ConversationInDays => ({
  contacts: [7],
  updatedDaysAgo: 10,
  ...changes,
});
const ofOthers = (count: number): ConversationInDays[] =>
  Array.from({ length: count }, () => ({ contacts: [8], updatedDaysAgo: 900 }));

const rules = [{ id: 'old', when: { last_activity: { older_than: '2y' } }, retain_metrics: true }];
const wanted = (changes: Partial<ErasureRequest> = {}): ErasureRequest => ({
  contact: { by: 'id', value: contactId(7) },
  retainMetrics: false,
  reason: 'Request 2026-114',
  by: 'privacy-officer',
  ...changes,
});

async function approveAndApply(
  world: SweepWorld,
  plan: PlanRecord,
  own: SweepRequest,
  deps: SweepDeps = world.deps(),
): Promise<RunReport> {
  const request = requestFor(plan, own);
  const { policy, policyHash } = request;
  const { workspaceId, planId } = plan;
  await approvePlan(deps, { workspaceId, planId, policy, policyHash, by: 'privacy-officer' });
  return applyPlan(deps, { ...request, planId });
}

/** As if the contacts were these. */
const withContacts = (real: Intercom, ids: readonly ContactId[]): Intercom =>
  new Proxy(real, {
    get: (target, name: keyof Intercom) => {
      if (name === 'findContacts') return () => Promise.resolve(ids);
      const value = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

const acts = async (world: SweepWorld) => Array.fromAsync(world.audit.acts(world.workspaceId));

describe('planErasure', () => {
  it("plans every conversation of the contact and nobody else's, and says by name why the others stay", async () => {
    await using world = await sweepWorld({
      conversations: [
        of7(),
        of7({ state: 'open', updatedDaysAgo: 0 }),
        of7({ state: 'snoozed', snoozedForDays: 2 }),
        of7({ contacts: [9, 7] }),
        of7({ isTicket: true }),
        of7({ tags: ['vip'] }),
        of7({ team: 'Legal' }),
        of7(),
        ...ofOthers(30),
      ],
    });
    await world.state.addHold(world.workspaceId, {
      target: 'conversation',
      targetId: '8',
      matter: 'Case 12',
      owner: 'legal',
      reason: 'Litigation',
      placedAt: world.clock.now(),
    });
    const own = world.request({ rules, protect: { tags: ['vip'], teams: ['Legal'] } });

    const plan = await planErasure(world.deps(), own, wanted());
    const planned = await world.plannedDeletions(plan);
    expect(planned.map(({ conversationId }) => conversationId).toSorted()).toEqual(['1', '2', '3', '4']);
    expect(new Set(planned.map(({ retainMetrics }) => retainMetrics))).toEqual(new Set([false]));
    expect(plan).toMatchObject({
      status: 'planned',
      trigger: 'erasure',
      gate: { refusals: [{ code: 'not_approved' }] },
      keptBy: { protected: 3, held: 1 },
    });
    expect(plan.erasure?.contactId).toBe(contactId(7));
    expect(
      plan.erasure?.kept.toSorted((one, two) => Number(one.conversationId) - Number(two.conversationId)),
    ).toEqual([
      { conversationId: '5', reason: 'protected', detail: 'tickets' },
      { conversationId: '6', reason: 'protected', detail: 'tags' },
      { conversationId: '7', reason: 'protected', detail: 'teams' },
      { conversationId: '8', reason: 'held', detail: 'Case 12' },
    ]);
    expect(world.simulator.stats().writeCalls).toBe(0);
    expect(await world.state.readPlan(world.workspaceId, plan.planId)).toEqual(plan);
  });

  it('finds the same contact by id, e-mail address and external id', async () => {
    await using world = await sweepWorld({ conversations: [of7()] });
    const own = world.request({ rules });
    for (const contact of [
      { by: 'id', value: contactId(7) },
      { by: 'email', value: contactEmail(7) },
      { by: 'external_id', value: externalId(7) },
    ] as const) {
      const plan = await planErasure(world.deps(), own, wanted({ contact }));
      expect(plan.erasure?.contactId).toBe(contactId(7));
    }
  });

  it('writes down who wants which contact erased and why, before it plans', async () => {
    await using world = await sweepWorld({ conversations: [of7()] });
    const own = world.request({ rules });
    const deps = world.deps({
      state: {
        ...world.state,
        writePlan: () => Promise.reject(new OutsideError('down', { retryable: true })),
      },
    });
    await expect(planErasure(deps, own, wanted())).rejects.toThrow('down');
    expect(await acts(world)).toEqual([
      {
        workspaceId: world.workspaceId,
        kind: 'erasure_requested',
        at: world.clock.now(),
        by: 'privacy-officer',
        subject: `contact ${contactId(7)}`,
        details: { reason: 'Request 2026-114', retain_metrics: 'false' },
      },
    ]);
  });

  it('refuses a name that several contacts have, with their ids, and stores nothing', async () => {
    await using world = await sweepWorld({ conversations: [of7()] });
    const ids = [brandId<ContactId>('aaa1'), brandId<ContactId>('aaa2')];
    const intercom = withContacts(world.deps().intercom, ids);
    const contact = { by: 'email', value: 'ada@example.com' } as const;
    await expect(
      planErasure(world.deps({ intercom }), world.request({ rules }), wanted({ contact })),
    ).rejects.toThrow(
      new ConfigurationError(
        '2 contacts have this e-mail address; name the one that is meant with --contact: aaa1, aaa2.',
      ),
    );
    expect(await acts(world)).toEqual([]);
  });

  it.each([
    { by: 'id', value: contactId(99) },
    { by: 'email', value: 'ada@example.com' },
    { by: 'external_id', value: 'user-ada' },
  ] as const)(
    'refuses whom Intercom does not know by $by without repeating the name, and stores nothing',
    async (contact) => {
      await using world = await sweepWorld({ conversations: [of7()] });
      const failure: unknown = await planErasure(
        world.deps(),
        world.request({ rules }),
        wanted({ contact }),
      ).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(ConfigurationError);
      expect((failure as Error).message).toMatch(/^Intercom knows no contact by this .*; check it\.$/);
      expect((failure as Error).message).not.toContain(contact.value);
      expect([await acts(world), await Array.fromAsync(world.state.plans(world.workspaceId))]).toEqual([
        [],
        [],
      ]);
    },
  );

  it('erases by its id a contact that Intercom knows no more, but some of whose conversations are left', async () => {
    await using world = await sweepWorld({ conversations: [of7(), ...ofOthers(3)] });
    const intercom = withContacts(world.deps().intercom, []);
    const plan = await planErasure(world.deps({ intercom }), world.request({ rules }), wanted());
    expect([plan.candidates, plan.byRule]).toEqual([1, { erasure: 1 }]);
  });

  it.each(['', 'For ada@example.com', 'two\nlines', 'x'.repeat(201)])(
    'refuses a reason that may not stay in the audit, before Intercom is asked for anybody: %j',
    async (reason) => {
      await using world = await sweepWorld({ conversations: [of7()] });
      await expect(planErasure(world.deps(), world.request({ rules }), wanted({ reason }))).rejects.toThrow(
        'The reason stays in the audit for good; give 1 to 200 characters on one line, without an e-mail address.',
      );
      expect([world.simulator.stats().calls, await acts(world)]).toEqual([0, []]);
    },
  );

  it('keeps a token of another workspace from being told whom to look for', async () => {
    await using world = await sweepWorld({ conversations: [of7()] });
    const own = world.request({ rules, workspace: 'another' });
    await expect(planErasure(world.deps(), own, wanted())).rejects.toBeInstanceOf(ConfigurationError);
    expect(world.simulator.stats().byEndpoint['contact']).toBeUndefined();
  });

  it('neither goes on with nor gives up a plan that a sweep has begun', async () => {
    await using world = await sweepWorld({ conversations: [of7(), ...ofOthers(10)] });
    const own = world.request({ rules });
    const stopAtOnce = AbortSignal.abort();
    const begun = await makePlan(world.deps(), { ...own, stop: stopAtOnce });
    expect(begun.status).toBe('planning');
    const erasing = await planErasure(world.deps(), own, wanted());
    expect(erasing.candidates).toBe(1);
    const completed = await makePlan(world.deps(), own);
    expect([completed.planId, completed.candidates]).toEqual([begun.planId, 10]);
  });

  it('refuses while a run of another policy has not finished, and says how to go on with it', async () => {
    await using world = await sweepWorld({ conversations: [of7(), ...ofOthers(10)] });
    const own = world.request({ rules });
    await world.approve(own);
    const { run } = await runRetention(world.deps(), { ...own, stop: AbortSignal.abort() });
    await expect(planErasure(world.deps(), own, wanted())).rejects.toThrow(
      `The run ${run.runId} has not finished; go on with it by "retention run", and then erase.`,
    );
    expect(await acts(world)).toEqual([]);
    await runRetention(world.deps(), own);
    expect((await planErasure(world.deps(), own, wanted())).candidates).toBe(1);
  });
});

describe('requestFor', () => {
  it('lets an erasure be approved and applied like any plan, once', async () => {
    await using world = await sweepWorld({ conversations: [of7(), of7({ state: 'open' }), ...ofOthers(3)] });
    const own = world.request({ rules });
    const plan = await planErasure(world.deps(), own, wanted());
    const { run } = await approveAndApply(world, plan, own);
    expect(run).toMatchObject({ trigger: 'erasure', stopReason: 'done', counts: { deleted: 2 } });
    expect(world.deletedIds().toSorted()).toEqual(['1', '2']);
    expect(world.simulator.deletions().map(({ metricsRetained }) => metricsRetained)).toEqual([false, false]);

    const again = await applyPlan(world.deps(), { ...requestFor(plan, own), planId: plan.planId });
    expect([again.run.stopReason, world.deletedIds().length]).toEqual(['refused', 2]);
  });

  it.each([
    ['the mode', { mode: 'observe' }],
    ['a limit', { limits: { per_run: 1 } }],
    ['a protection', { protect: { tags: ['vip'] } }],
  ])(
    'has the gate refuse an erasure whose policy has changed in %s since it was planned',
    async (_what, changes) => {
      await using world = await sweepWorld({ conversations: [of7(), of7()] });
      const own = world.request({ rules });
      const plan = await planErasure(world.deps(), own, wanted());
      const request = requestFor(plan, own);
      await approvePlan(world.deps(), {
        ...plan,
        policy: request.policy,
        policyHash: request.policyHash,
        by: 'me',
      });
      const changed = requestFor(plan, world.request({ rules, ...changes }));
      const { plan: refused } = await applyPlan(world.deps(), { ...changed, planId: plan.planId });
      expect(refused?.gate?.refusals.map(({ code }) => code)).toContain('policy_changed');
      expect(world.deletedIds()).toEqual([]);
    },
  );

  it('holds an erasure to the limits of the workspace', async () => {
    await using world = await sweepWorld({ conversations: [of7(), of7(), of7(), ...ofOthers(7)] });
    const own = world.request({ rules, limits: { per_run: 2, share_of_workspace: '29%' } });
    const plan = await planErasure(world.deps(), own, wanted());
    expect(plan.gate?.refusals.map(({ code }) => code).toSorted()).toEqual([
      'not_approved',
      'per_run',
      'share_of_workspace',
    ]);
  });

  it('goes on with an erasure that was interrupted, by its plan', async () => {
    const stop = new AbortController();
    await using world = await sweepWorld({
      conversations: Array.from({ length: 200 }, () => of7()),
      hooks: { beforeEffect: ({ endpoint }) => (endpoint === 'delete' ? stop.abort() : undefined) },
    });
    const own = world.request({ rules });
    const plan = await planErasure(world.deps(), own, wanted());
    const interrupted = await approveAndApply(world, plan, { ...own, stop: stop.signal });
    expect([interrupted.done, interrupted.run.stopReason]).toEqual([false, 'interrupted']);
    const { run } = await applyPlan(world.deps(), { ...requestFor(plan, own), planId: plan.planId });
    expect(run).toMatchObject({ runId: interrupted.run.runId, stopReason: 'done', counts: { deleted: 200 } });
    expect(world.simulator.stats().writeCalls).toBe(200);
  });

  it('finds what is left after a sweep has given an interrupted erasure up', async () => {
    const stop = new AbortController();
    await using world = await sweepWorld({
      conversations: Array.from({ length: 200 }, () => of7()),
      hooks: { beforeEffect: ({ endpoint }) => (endpoint === 'delete' ? stop.abort() : undefined) },
    });
    const own = world.request({ rules });
    await approveAndApply(world, await planErasure(world.deps(), own, wanted()), {
      ...own,
      stop: stop.signal,
    });
    const before = world.deletedIds().length;
    expect(before).toBeLessThan(200);
    await runRetention(world.deps(), own);
    expect(world.deletedIds()).toHaveLength(before);

    const again = await planErasure(world.deps(), own, wanted());
    expect(again.candidates).toBe(200 - before);
    await approveAndApply(world, again, own);
    expect(world.deletedIds()).toHaveLength(200);
  });

  it('erases without a trace in the reports only where the API knows how to', async () => {
    await using world = await sweepWorld({ conversations: [of7()] });
    const own = world.request({ rules });
    const old = world.deps({}, '2.15');
    await expect(planErasure(old, own, wanted({ retainMetrics: false }))).rejects.toThrow('2.16 or later');
    expect((await planErasure(old, own, wanted({ retainMetrics: true }))).candidates).toBe(1);
  });

  it('spares what came under a hold after the approval', async () => {
    await using world = await sweepWorld({ conversations: [of7(), of7()] });
    const own = world.request({ rules });
    const plan = await planErasure(world.deps(), own, wanted());
    await world.state.addHold(world.workspaceId, {
      target: 'contact',
      targetId: contactId(7),
      matter: 'Case 12',
      owner: 'legal',
      reason: 'Litigation',
      placedAt: world.clock.now(),
    });
    const { run } = await approveAndApply(world, plan, own);
    expect([run.counts.kept, world.deletedIds()]).toEqual([2, []]);
  });

  it('leaves neither the address nor any other word about the person in store, events and errors', async () => {
    await using world = await sweepWorld({ conversations: [of7(), of7({ tags: ['vip'] })] });
    const told: SweepEvent[] = [];
    const deps = world.deps({ observe: (event) => told.push(event) });
    const own = world.request({ rules, protect: { tags: ['vip'] } });
    const plan = await planErasure(deps, own, wanted({ contact: { by: 'email', value: contactEmail(7) } }));
    await approveAndApply(world, plan, own, deps);

    const tables = await Promise.all(
      Object.values(world.store.tables).map((TableName) =>
        world.store.client.send(new ScanCommand({ TableName })),
      ),
    );
    const chunks = await world.plannedDeletions(plan);
    const seen = JSON.stringify([tables.map(({ Items }) => Items), chunks, told]);
    expect(seen).toContain(contactId(7));
    expect(seen).not.toContain(personalMarker);
    expect(seen.toLowerCase()).not.toContain('@example.com');
    expect(seen).not.toContain(externalId(7));
  });
});
