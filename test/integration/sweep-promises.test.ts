import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createDocumentClient } from '#audit/document-client.ts';
import { createRunState } from '#audit/run-state.ts';
import type { HandmadeConversation } from '#simulator/handmade-conversation.ts';
import type { ConversationInDays } from '#support/simulated-workspace.ts';
import { startStoreProxy } from '#support/store-proxy.ts';
import { type SweepWorld, sweepWorld } from '#support/sweep-world.ts';
import { ConfigurationError, LeaseLostError, StoreError } from '#sweep/errors.ts';
import { makePlan } from '#sweep/make-plan.ts';
import type { RunState } from '#sweep/ports.ts';
import { applyPlan, runRetention } from '#sweep/run-retention.ts';
import type { RunReport, SweepEvent } from '#sweep/sweep-deps.ts';

const old = (changes: Partial<ConversationInDays> = {}): ConversationInDays => ({
  state: 'closed',
  createdDaysAgo: 1000,
  updatedDaysAgo: 900,
  ...changes,
});
const oldOnes = (count: number): ConversationInDays[] => Array.from({ length: count }, () => old());

const closedTwoYears = {
  id: 'closed-two-years',
  when: { state: 'closed', last_activity: { older_than: '2y' } },
  retain_metrics: true,
};
const policy = { rules: [closedTwoYears], recheck_after: '15m' };

/** Approves the policy and runs it. */
async function approvedRun(
  world: SweepWorld,
  document: Readonly<Record<string, unknown>>,
): Promise<RunReport> {
  const request = world.request(document);
  await world.approve(request);
  return runRetention(world.deps(), request);
}

describe('promise 1: no DELETE is sent before its intent is stored', () => {
  it('has sent DELETEs only for conversations with a stored intent, wherever the store goes down', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (lastWrite) => {
        await using world = await sweepWorld({ conversations: oldOnes(20) });
        const request = world.request(policy);
        await world.approve(request);
        await using proxy = await startStoreProxy(world.store.endpoint, (write) =>
          write > lastWrite ? 'lose_request' : 'forward',
        );
        const client = createDocumentClient({
          endpoint: proxy.endpoint,
          region: 'eu-west-1',
          credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
          maxAttempts: 1,
        });
        const audit = createAuditTrail(client, world.store.tables.audit, world.clock);
        const state = createRunState(client, world.store.tables.state);
        const failure = await runRetention(world.deps({ audit, state }), request).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (failure !== undefined) expect(failure).toBeInstanceOf(StoreError);
        const intended = new Set<string>();
        const unfinished = await world.state.readUnfinishedRun(world.workspaceId);
        const runs = unfinished ?? (await Array.fromAsync(world.audit.summaries(world.workspaceId)))[0];
        const intent = runs && (await world.audit.readIntent(world.workspaceId, runs.runId, 0));
        for (const id of intent?.conversationIds ?? []) intended.add(id);
        expect(world.deletedIds().filter((id) => !intended.has(id))).toEqual([]);
        client.destroy();
      }),
      { numRuns: 12 },
    );
  });
});

describe('promise 2: the next run settles what the last one left, before anything new', () => {
  it('finds one outcome for every intent of a run that was cut off by its deadline, and deletes the rest', async () => {
    await using world = await sweepWorld({ conversations: oldOnes(400) });
    const request = world.request(policy);
    await world.approve(request);
    const stop = new AbortController();
    const observe = (event: SweepEvent): void => {
      if (event.kind === 'deleting' && event.counts.deleted >= 60) stop.abort();
    };
    const first = await runRetention(world.deps({ observe }), { ...request, stop: stop.signal });
    expect(first).toMatchObject({ done: false, run: { stopReason: 'interrupted' } });
    expect(world.deletedIds().length).toBeLessThan(400);

    const second = await runRetention(world.deps(), request);
    expect(second.run).toMatchObject({ runId: first.run.runId, stopReason: 'done', intended: 400 });
    expect(second.run.counts).toEqual({ deleted: 400, not_found: 0, unresolved: 0, failed: 0, kept: 0 });
    expect(await world.outcomes()).toHaveLength(400);
  });

  it('closes an interrupted run whose policy has changed, with an outcome for each of its intents', async () => {
    await using world = await sweepWorld({ conversations: oldOnes(200) });
    const request = world.request(policy);
    await world.approve(request);
    const stop = new AbortController();
    const observe = (event: SweepEvent): void => {
      if (event.kind === 'deleting' && event.counts.deleted >= 10) stop.abort();
    };
    const first = await runRetention(world.deps({ observe }), { ...request, stop: stop.signal });
    const changed = await runRetention(world.deps(), world.request({ ...policy, rules: [] }));
    expect(changed.run.runId).not.toBe(first.run.runId);

    const closed = await world.state.readRun(world.workspaceId, first.run.runId);
    expect(closed).toMatchObject({ phase: 'finished', stopReason: 'superseded' });
    const intent = await world.audit.readIntent(world.workspaceId, first.run.runId, 0);
    const outcomes = await world.outcomes();
    expect(outcomes.map(({ conversationId }) => conversationId).toSorted()).toEqual(
      intent?.conversationIds.toSorted(),
    );
    const stayed = outcomes.filter(({ outcome }) => outcome === 'kept');
    expect(stayed.every(({ reason }) => reason === 'stopped')).toBe(true);
    expect(outcomes.length - stayed.length).toBe(world.deletedIds().length);
  });
});

describe('promise 3: keep is the default', () => {
  it('deletes nothing by an empty policy, and plans nothing', async () => {
    await using world = await sweepWorld({ conversations: oldOnes(5) });
    const report = await approvedRun(world, { rules: [] });
    expect(report.plan).toMatchObject({ candidates: 0, scanned: 0 });
    expect(world.deletedIds()).toEqual([]);
  });

  it('refuses a policy that names a tag which the workspace does not have, with the nearest name', async () => {
    await using world = await sweepWorld({ conversations: oldOnes(5) });
    const unknown = { ...policy, protect: { tags: ['legal-hodl'] } };
    await expect(approvedRun(world, unknown)).rejects.toThrow(/legal-hodl.*legal-hold/s);
    expect(world.deletedIds()).toEqual([]);
  });

  it('plans nothing that the truth would not plan when fields arrive missing or of the wrong type', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.constantFrom('list', 'search'), async (seed, scan) => {
        // A null can be Intercom's own word: nobody is assigned, it is no ticket.
        const damaged = { brokenItems: 0.5, damage: ['missing' as const, 'wrong_type' as const] };
        await using world = await sweepWorld({ generate: 1000, seed });
        const request = world.request({ ...policy, scan });
        const idsOf = async () => {
          const plan = await makePlan(world.deps(), request);
          return (await world.plannedDeletions(plan)).map(({ conversationId }) => conversationId);
        };
        const whole = new Set(await idsOf());
        world.simulator.set({ presentation: damaged });
        const fromDamaged = await idsOf();
        expect(fromDamaged.filter((id) => !whole.has(id))).toEqual([]);
        expect(fromDamaged.length).toBeLessThan(whole.size);
      }),
      { numRuns: 4 },
    );
  });
});

describe('promise 4: protections and holds beat every rule', () => {
  it('keeps open, snoozed, ticket, young, protected and held conversations that a rule matches', async () => {
    const matched: readonly (ConversationInDays & Pick<HandmadeConversation, 'id'>)[] = [
      old({ id: '1' }),
      old({ id: '2', state: 'open' }),
      old({ id: '3', state: 'snoozed', snoozedForDays: 5 }),
      old({ id: '4', isTicket: true }),
      old({ id: '5', createdDaysAgo: 20, updatedDaysAgo: 10 }),
      old({ id: '6', tags: ['vip'] }),
      old({ id: '7', team: 'Legal' }),
      old({ id: '8' }),
      old({ id: '9', contacts: [77] }),
    ];
    await using world = await sweepWorld({ conversations: matched });
    const contactOf9 = [...world.simulator.conversations()].find(({ id }) => id === '9')?.json['contacts'];
    const { contacts } = contactOf9 as { readonly contacts: readonly { readonly id: string }[] };
    const hold = { matter: 'Case 12', owner: 'legal', reason: 'litigation', placedAt: world.clock.now() };
    await world.state.addHold(world.workspaceId, { target: 'conversation', targetId: '8', ...hold });
    await world.state.addHold(world.workspaceId, { target: 'contact', targetId: contacts[0]!.id, ...hold });
    const everything = { id: 'everything', when: { created: { older_than: '1d' } }, retain_metrics: true };
    await approvedRun(world, { rules: [everything], protect: { tags: ['vip'], teams: ['Legal'] } });
    expect(world.deletedIds()).toEqual(['1']);
  });

  it('keeps a planned conversation for which a hold is placed before it is deleted, and says so', async () => {
    await using world = await sweepWorld({ conversations: oldOnes(3) });
    const request = world.request(policy);
    await world.approve(request);
    const plan = await makePlan(world.deps(), request);
    const hold = { matter: 'Case 12', owner: 'legal', reason: 'litigation', placedAt: world.clock.now() };
    await world.state.addHold(world.workspaceId, { target: 'conversation', targetId: '2', ...hold });
    const report = await applyPlan(world.deps(), { ...request, planId: plan.planId });
    expect(report.run.counts).toMatchObject({ deleted: 2, kept: 1 });
    expect(world.deletedIds().toSorted()).toEqual(['1', '3']);
    const kept = (await world.outcomes()).find(({ conversationId }) => conversationId === '2');
    expect(kept).toMatchObject({ outcome: 'kept', reason: 'held', attemptedAt: null });
  });
});

describe('promise 5: limits bind', () => {
  const cases = [
    ['per_run', { per_run: 10 }, 10],
    ['per_day', { per_day: 10 }, 10],
    ['share_of_workspace', { share_of_workspace: '25%' }, 10],
  ] as const;

  it.each(cases)(
    '%s lets its limit through and refuses one more, with plan and refusal in the audit',
    async (code, limits, limit) => {
      for (const candidates of [limit, limit + 1]) {
        await using world = await sweepWorld({
          conversations: [
            ...oldOnes(candidates),
            ...Array.from({ length: 40 - candidates }, () => old({ state: 'open' })),
          ],
        });
        const report = await approvedRun(world, { ...policy, limits });
        const isWithin = candidates === limit;
        expect(world.deletedIds()).toHaveLength(isWithin ? limit : 0);
        expect(report.run.stopReason).toBe(isWithin ? 'done' : 'refused');
        const [summary] = await Array.fromAsync(world.audit.summaries(world.workspaceId));
        expect(summary?.refusals.map((refusal) => refusal.code)).toEqual(isWithin ? [] : [code]);
        expect(await world.plannedDeletions(report.plan!)).toHaveLength(candidates);
      }
    },
  );

  it('counts what earlier runs deleted in the last 24 hours against per_day, and forgets it a day later', async () => {
    await using world = await sweepWorld({
      conversations: [...oldOnes(6), old({ id: '7', tags: ['spam'] })],
    });
    const spam = { id: 'spam', when: { tags: { any: ['spam'] } }, retain_metrics: true };
    const limits = { per_day: 6 };
    const six = { ...closedTwoYears, when: { all: [closedTwoYears.when, { tags: { none: ['spam'] } }] } };
    expect((await approvedRun(world, { rules: [six], limits })).run.counts.deleted).toBe(6);

    const sameDay = await approvedRun(world, { rules: [spam], limits });
    expect(sameDay.plan?.gate?.refusals).toEqual([
      { code: 'per_day', setting: 'limits.per_day', value: 7, limit: 6 },
    ]);
    world.simulator.advance(25 * 3_600_000);
    const dayAfter = await approvedRun(world, { rules: [spam], limits });
    expect(dayAfter.run.counts.deleted).toBe(1);
  });

  it('tells that it refuses when others use up per_day between its look at the limits and its reservation', async () => {
    await using world = await sweepWorld({ conversations: oldOnes(6) });
    const request = world.request({ ...policy, limits: { per_day: 6 } });
    await world.approve(request);
    const state: RunState = {
      ...world.state,
      async reserveDeletions(reservation) {
        await world.state.reserveDeletions({ ...reservation, key: 'an event', count: 1 });
        return world.state.reserveDeletions(reservation);
      },
    };
    const told: unknown[] = [];
    const observe = (event: SweepEvent): void => {
      if (event.kind === 'gated') told.push(event.decision);
    };
    const report = await runRetention(world.deps({ state, observe }), request);
    const refusals = [{ code: 'per_day', setting: 'limits.per_day', value: 7, limit: 6 }];
    expect(report).toMatchObject({ run: { stopReason: 'refused' }, plan: { gate: { refusals } } });
    expect(told).toEqual([{ allowed: false, refusals }]);
    expect(world.deletedIds()).toEqual([]);
  });

  it.each(['per_run', 'per_day'])('%s: 0 deletes nothing', async (limit) => {
    await using world = await sweepWorld({ conversations: oldOnes(1) });
    const report = await approvedRun(world, { ...policy, limits: { [limit]: 0, when_exceeded: 'trim' } });
    expect(report.run.stopReason).toBe('refused');
    expect(world.deletedIds()).toEqual([]);
  });

  it('refuses when a share is asked for and Intercom does not say how many conversations there are', async () => {
    await using world = await sweepWorld({
      conversations: oldOnes(2),
      presentation: { totalCount: 'missing' },
    });
    const report = await approvedRun(world, policy);
    expect(report.plan?.gate?.refusals.map(({ code }) => code)).toEqual(['share_unknown_total']);
    expect(world.deletedIds()).toEqual([]);
  });

  it('trims to the limit when asked to, the longest silent first', async () => {
    const ages = [900, 1500, 1000, 1200, 800, 1100];
    await using world = await sweepWorld({
      conversations: ages.map((days) => old({ createdDaysAgo: 1600, updatedDaysAgo: days })),
    });
    const report = await approvedRun(world, { ...policy, limits: { per_run: 3, when_exceeded: 'trim' } });
    expect(report.run.counts.deleted).toBe(3);
    expect(world.deletedIds().toSorted()).toEqual(['2', '4', '6']);
  });

  it('stops when more than the tolerated share of the deletions fail, and leaves every intent with an outcome', async () => {
    await using world = await sweepWorld({
      conversations: oldOnes(100),
      faults: [{ kind: 'server_error', on: ['delete'] }],
    });
    const report = await approvedRun(world, { ...policy, limits: { failures: '5%' } });
    expect(report.run.stopReason).toBe('failures');
    expect(world.deletedIds()).toEqual([]);
    const outcomes = await world.outcomes();
    expect(outcomes).toHaveLength(100);
    const failed = outcomes.filter(({ outcome }) => outcome === 'failed').length;
    expect(failed).toBeGreaterThan(5);
    expect(outcomes.filter(({ reason }) => reason === 'stopped')).toHaveLength(100 - failed);
  });
});

describe("promise 6: deleted is written only on Intercom's own word", () => {
  it.each(['reset_after', 'error_after', 'torn_body', 'empty_body', 'torn_connection'] as const)(
    'calls unresolved a deletion whose answer was lost by %s',
    async (kind) => {
      await using world = await sweepWorld({
        conversations: oldOnes(1),
        faults: [{ kind, on: ['delete'], times: 1 }],
      });
      await approvedRun(world, policy);
      expect(world.deletedIds()).toEqual(['1']);
      expect(await world.outcomes()).toMatchObject([{ outcome: 'unresolved', deletedAt: null }]);
    },
  );

  it('deletes after all, by a second DELETE, what a lost request left there', async () => {
    await using world = await sweepWorld({
      conversations: oldOnes(1),
      faults: [{ kind: 'reset', on: ['delete'], times: 1 }],
    });
    await approvedRun(world, policy);
    expect(await world.outcomes()).toMatchObject([{ outcome: 'deleted', httpStatus: 200 }]);
  });

  it('calls not_found what somebody else deleted between plan and apply', async () => {
    await using world = await sweepWorld({ conversations: oldOnes(2) });
    const request = world.request(policy);
    await world.approve(request);
    const plan = await makePlan(world.deps(), request);
    world.simulator.happen('1', { action: 'delete' });
    await applyPlan(world.deps(), { ...request, planId: plan.planId });
    const outcomes = await world.outcomes();
    expect(outcomes.find(({ conversationId }) => conversationId === '1')).toMatchObject({
      outcome: 'not_found',
      httpStatus: 404,
      deletedAt: null,
    });
  });
});

describe('promise 7: apply may only shrink the plan', () => {
  it('spares what changed since it was read longer ago than recheck_after, and deletes nothing else than the plan', async () => {
    await using world = await sweepWorld({ conversations: [...oldOnes(4), old({ state: 'open' })] });
    const request = world.request(policy);
    await world.approve(request);
    const plan = await makePlan(world.deps(), request);
    world.simulator.happen('1', { action: 'reply' });
    world.simulator.happen('5', { action: 'close' });
    world.simulator.advance(16 * 60_000);
    await applyPlan(world.deps(), { ...request, planId: plan.planId });
    expect(world.deletedIds().toSorted()).toEqual(['2', '3', '4']);
    const spared = (await world.outcomes()).find(({ conversationId }) => conversationId === '1');
    expect(spared).toMatchObject({ outcome: 'kept', attemptedAt: null });
  });
});

describe('promise 8: retain_metrics: false is never sent to a version that would ignore it', () => {
  const erasing = { rules: [{ ...closedTwoYears, retain_metrics: false }] };

  it('is refused by name on 2.14, before any DELETE', async () => {
    await using world = await sweepWorld({ conversations: oldOnes(1) });
    const request = world.request(erasing);
    await world.approve(request);
    await expect(runRetention(world.deps({}, '2.14'), request)).rejects.toThrow(
      /retain_metrics: false.*2\.16/,
    );
    expect(world.deletedIds()).toEqual([]);
  });

  it('stops, and does not fall back to true, when the token may not delete metrics', async () => {
    await using world = await sweepWorld({
      conversations: oldOnes(2),
      access: { missingScopes: ['delete_conversations_and_metrics'] },
    });
    await expect(approvedRun(world, erasing)).rejects.toThrow(/scope|permission/i);
    expect(world.deletedIds()).toEqual([]);
  });
});

describe('promise 9: one sweep at a time, and only in the workspace that the policy names', () => {
  it('refuses a second sweep while the first holds the lease', async () => {
    await using world = await sweepWorld({ conversations: oldOnes(3) });
    const request = world.request(policy);
    await world.approve(request);
    let second: Promise<unknown> | undefined;
    const observe = (event: SweepEvent): void => {
      if (event.kind !== 'gated') return;
      second ??= runRetention(world.deps({ leaseHolder: 'another' }), request).catch(
        (error: unknown) => error,
      );
    };
    await runRetention(world.deps({ observe }), request);
    expect(await second).toMatchObject({ message: expect.stringMatching(/another sweep/i) as string });
    expect(await world.outcomes()).toHaveLength(3);
  });

  it('deletes nothing more once another process has taken the lease', async () => {
    await using world = await sweepWorld({ conversations: oldOnes(2) });
    const request = world.request(policy);
    await world.approve(request);
    const observe = (event: SweepEvent): void => {
      if (event.kind === 'gated') world.simulator.advance(90_000); // longer than the lease lasts
    };
    await expect(runRetention(world.deps({ observe }), request)).rejects.toBeInstanceOf(LeaseLostError);
    expect(world.deletedIds()).toEqual([]);
  });

  it("refuses another workspace's token", async () => {
    await using world = await sweepWorld({ conversations: oldOnes(1) });
    const elsewhere = approvedRun(world, { ...policy, workspace: 'elsewhere' });
    await expect(elsewhere).rejects.toBeInstanceOf(ConfigurationError);
    expect(world.deletedIds()).toEqual([]);
  });
});

describe('promise 10: observe mode sends no write call', () => {
  it('plans, refuses and records with a token that may only read', async () => {
    await using world = await sweepWorld({
      conversations: oldOnes(5),
      access: { missingScopes: ['write_conversations', 'delete_conversations_and_metrics'] },
    });
    const report = await approvedRun(world, { ...policy, mode: 'observe' });
    expect(report).toMatchObject({ run: { stopReason: 'refused' }, plan: { candidates: 5 } });
    expect(report.plan?.gate?.refusals.map(({ code }) => code)).toEqual(['observe_mode']);
    expect(world.simulator.stats().writeCalls).toBe(0);
  });
});

describe('promise 11: no personal data, token or secret is stored', () => {
  it('leaves no text, name or address of any conversation, and no token, in either table or any event', async () => {
    await using world = await sweepWorld({ generate: 400, seed: 7 });
    const told: SweepEvent[] = [];
    const request = world.request(policy);
    await world.approve(request);
    const { plan } = await runRetention(world.deps({ observe: (event) => told.push(event) }), request);
    const served = JSON.stringify([...world.simulator.conversations()].map(({ json }) => json));
    const stored = (
      await Promise.all(
        Object.values(world.store.tables).map((TableName) =>
          world.store.client.send(new ScanCommand({ TableName })),
        ),
      )
    ).map(({ Items }) => JSON.stringify(Items));
    // Plan chunks are stored compressed.
    const unpacked = JSON.stringify(await world.plannedDeletions(plan!));
    const seen = [...stored, unpacked, JSON.stringify(told)].join('\n');
    expect(world.deletedIds().length).toBeGreaterThan(0);
    // The simulator marks every personal field; the mark must be there to be found.
    expect(served).toContain('PERSONAL');
    expect(seen).not.toContain('PERSONAL');
    expect(seen).not.toMatch(/@example\.com/);
    expect(seen).not.toContain('test-token');
  });
});
