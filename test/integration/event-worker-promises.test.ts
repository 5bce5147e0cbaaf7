import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { instantFromMs } from '#policy/instant.ts';
import { contactId } from '#simulator/personal-data.ts';
import { deliver, type EventWorkerWorld, eventWorkerWorld, queueMessage } from '#support/event-worker.ts';
import { type CapturedOutput, captureOutput } from '#support/lambda-output.ts';
import type { ConversationInDays } from '#support/simulated-workspace.ts';
import { startStoreProxy } from '#support/store-proxy.ts';
import { type SweepWorld, sweepWorld } from '#support/sweep-world.ts';
import { deleteOnEvent } from '#sweep/delete-on-event.ts';
import { type DeletionRequest, decodeDeletionRequest } from '#sweep/deletion-request.ts';
import { knowWorkspace } from '#sweep/known-workspace.ts';
import type { AuditTrail, Intercom } from '#sweep/ports.ts';
import { runRetention } from '#sweep/run-retention.ts';

let output: CapturedOutput;

beforeEach(() => {
  output = captureOutput();
});
afterEach(() => {
  output[Symbol.dispose]();
  vi.useRealTimers();
});

const old = (changes: Partial<ConversationInDays> = {}): ConversationInDays => ({
  state: 'closed',
  createdDaysAgo: 900,
  updatedDaysAgo: 800,
  ...changes,
});
const oldOnes = (count: number): ConversationInDays[] => Array.from({ length: count }, () => old());
const idsUpTo = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at + 1));

const onContact = {
  id: 'with-contact',
  on: 'contact.deleted',
  when: { state: 'closed' },
  retain_metrics: true,
};
const onClose = {
  id: 'when-closed',
  on: 'conversation.admin.closed',
  when: { state: 'closed' },
  retain_metrics: true,
};

const deletionsToday = ({ state, workspaceId, clock }: SweepWorld): Promise<number> =>
  state.deletionsInLastDay(workspaceId, clock.now());
const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);
const deletesSent = ({ world }: EventWorkerWorld): number =>
  sumOf(world.simulator.stats().byEndpoint.delete ?? {});

const timeoutMs = 180_000;
/** What the queue waits until it delivers again is longer than any worker can be at work. */
const laterMs = 6 * timeoutMs;

describe('promises 1 and 2 for events', () => {
  // Plan chunk, run, plan, reservation, intent, two outcomes, summary, settled reservation.
  const writes = [1, 2, 3, 4, 5, 6, 7, 8, 9];

  it.each(
    writes.flatMap((write) => [
      { write, treatment: 'lose_request' as const },
      { write, treatment: 'lose_answer' as const },
    ]),
  )(
    'keeps them when the store is gone from write $write on ($treatment), and ends what it began when the message comes again',
    async ({ write, treatment }) => {
      await using worker = await eventWorkerWorld({
        conversations: [old({ contacts: [7] }), old({ contacts: [7] })],
      });
      const { world } = worker;
      const policy = { rules: [onContact] };
      await using proxy = await startStoreProxy(world.store.endpoint, (number) =>
        number < write ? 'forward' : treatment,
      );
      const dying = await worker.approved(policy, { AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint });
      const body = queueMessage({ contactId: contactId(7) });
      expect(await deliver(dying, [body], timeoutMs)).toEqual([0]);
      const isIntended = write > 5 || (write === 5 && treatment === 'lose_answer');
      if (!isIntended) expect(world.deletedIds()).toEqual([]);

      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + laterMs });
      const next = await worker.coldStart(policy);
      expect(await deliver(next, [body], timeoutMs)).toEqual([]);
      expect(world.deletedIds().toSorted()).toEqual(['1', '2']);
      const outcomes = await world.outcomes();
      expect(outcomes.map(({ conversationId }) => conversationId).toSorted()).toEqual(['1', '2']);
      expect(outcomes.filter(({ outcome }) => !['deleted', 'unresolved'].includes(outcome))).toEqual([]);
      expect(await deletionsToday(world)).toBe(2);
      const [summary, ...others] = await Array.fromAsync(world.audit.summaries(world.workspaceId));
      expect(others).toEqual([]);
      expect(summary).toMatchObject({ stopReason: 'done', intended: 2 });
      expect(sumOf(summary!.counts)).toBe(2);
    },
  );

  it('leaves alone what another worker may still be at, and goes on once that one must be gone', async () => {
    await using worker = await eventWorkerWorld({ conversations: [old()] });
    const { world } = worker;
    const policy = { rules: [onClose] };
    await using proxy = await startStoreProxy(world.store.endpoint, (number) =>
      number <= 5 ? 'forward' : 'lose_request',
    );
    const dying = await worker.approved(policy, { AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint });
    const body = queueMessage({ conversationId: '1' });
    expect(await deliver(dying, [body], timeoutMs)).toEqual([0]);
    expect(world.deletedIds()).toEqual(['1']);

    const next = await worker.coldStart(policy);
    expect(await deliver(next, [body], timeoutMs)).toEqual([0]);
    expect(output.take()).toContain('Another worker may still be at the same message');
    expect(await world.outcomes()).toEqual([]);

    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + laterMs });
    expect(await deliver(next, [body], timeoutMs)).toEqual([]);
    expect(await world.outcomes()).toMatchObject([{ outcome: 'unresolved', reason: 'interrupted' }]);
  });

  it('settles what a crash left and deletes nothing more when the switch is off by then', async () => {
    await using worker = await eventWorkerWorld({ conversations: [old()] });
    const { world } = worker;
    const policy = { rules: [onClose] };
    await using proxy = await startStoreProxy(world.store.endpoint, (number) =>
      number <= 4 ? 'forward' : 'lose_answer',
    );
    const dying = await worker.approved(policy, { AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint });
    const body = queueMessage({ conversationId: '1' });
    expect(await deliver(dying, [body], timeoutMs)).toEqual([0]);

    const { workspaceId } = world;
    await world.state.writePause(workspaceId, { by: 'ops', reason: 'migration', at: world.clock.now() });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + laterMs });
    expect(await deliver(await worker.coldStart(policy), [body], timeoutMs)).toEqual([]);
    expect(world.deletedIds()).toEqual([]);
    expect(await world.outcomes()).toMatchObject([{ outcome: 'kept', reason: 'stopped' }]);
    expect(await Array.fromAsync(world.audit.summaries(workspaceId))).toMatchObject([
      { stopReason: 'refused', refusals: [{ code: 'paused' }], counts: { kept: 1 } },
    ]);
    expect(await deletionsToday(world)).toBe(0);
  });
});

describe('a message that a policy changes under', () => {
  it('finds an outcome for what was intended, and is refused, even when the topic has no rule any more', async () => {
    await using worker = await eventWorkerWorld({ conversations: [old()] });
    const { world } = worker;
    await using proxy = await startStoreProxy(world.store.endpoint, (number) =>
      number <= 5 ? 'forward' : 'lose_request',
    );
    const before = { rules: [onClose] };
    const dying = await worker.approved(before, { AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint });
    const body = queueMessage({ conversationId: '1' });
    expect(await deliver(dying, [body], timeoutMs)).toEqual([0]);
    expect(world.deletedIds()).toEqual(['1']);

    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + laterMs });
    const redeployed = await worker.approved({ rules: [onContact] });
    expect(await deliver(redeployed, [body], timeoutMs)).toEqual([]);
    const { policyHash } = world.request(before);
    expect(await world.outcomes()).toMatchObject([{ outcome: 'unresolved', policyHash }]);
    expect(await Array.fromAsync(world.audit.summaries(world.workspaceId))).toMatchObject([
      { stopReason: 'refused', policyHash, refusals: [{ code: 'policy_changed', limit: policyHash }] },
    ]);
    expect(await deletionsToday(world)).toBe(1);
  });
});

describe('two workers with the same messages', () => {
  it('send one DELETE for each conversation, and leave one outcome, one summary and one count', async () => {
    await using worker = await eventWorkerWorld({ conversations: oldOnes(20) });
    const { world } = worker;
    const policy = { rules: [onClose] };
    const one = await worker.approved(policy);
    const other = await worker.coldStart(policy);
    const bodies = idsUpTo(20).map((conversationId) => queueMessage({ conversationId }));
    const left = await Promise.all([one, other].map((each) => deliver(each, bodies, timeoutMs)));

    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + laterMs });
    for (const again of left) {
      expect(await deliver(one, again.map((at) => bodies[at]!), timeoutMs)).toEqual([]);
    } // biome-ignore format: one line
    expect(deletesSent(worker)).toBe(20);
    expect(await world.outcomes()).toHaveLength(20);
    expect((await world.outcomes()).every(({ outcome }) => outcome === 'deleted')).toBe(true);
    expect(await Array.fromAsync(world.audit.summaries(world.workspaceId))).toHaveLength(20);
    expect(await deletionsToday(world)).toBe(20);
  });
});

describe('a worker that is overtaken', () => {
  it('finds the summary of the other one, and counts nothing twice', async () => {
    await using world = await sweepWorld({ conversations: oldOnes(3) });
    const request = world.request({ rules: [onClose], limits: { per_day: 2 } });
    await world.approve(request);
    const deps = { ...world.deps(), known: knowWorkspace(world.deps(), request.policy) };
    const onMessage = (message: DeletionRequest, audit: AuditTrail) =>
      deleteOnEvent(
        { ...deps, audit },
        {
          ...request,
          message,
          stopAt: instantFromMs(world.clock.now() + timeoutMs),
          longestWorkMs: timeoutMs,
        },
      );
    const body = queueMessage({ conversationId: '1', receivedAtMs: world.clock.now() });
    const { workspaceId, clock } = world;
    const decoded = decodeDeletionRequest(body, { workspaceId, receivedAt: clock.now() });
    if (!decoded.ok) throw new Error(decoded.problem);
    const report = await onMessage(decoded.request, {
      ...world.audit,
      async putPlan(plan, policyJson) {
        await onMessage(decoded.request, world.audit);
        return world.audit.putPlan(plan, policyJson);
      },
    });
    expect(report).toMatchObject({ kind: 'duplicate', summary: { counts: { deleted: 1 } } });
    expect(world.simulator.stats().writeCalls).toBe(1);
    expect(await deletionsToday(world)).toBe(1);
  });
});

describe('promise 5 for events', () => {
  it('passes no limit when a sweep and a worker delete at the same time', async () => {
    const cases = fc.record({
      conversations: fc.integer({ min: 4, max: 14 }),
      perDay: fc.integer({ min: 1, max: 12 }),
      /** Of the conversations, how many a message comes for. */
      messages: fc.integer({ min: 1, max: 14 }),
      whenExceeded: fc.constantFrom('stop', 'trim'),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ conversations, perDay, messages, whenExceeded }) => {
        await using worker = await eventWorkerWorld({ conversations: oldOnes(conversations) });
        const { world } = worker;
        const scheduled = { ...onClose, id: 'scheduled', on: 'schedule' };
        const policy = {
          rules: [scheduled, onClose],
          limits: { per_day: perDay, when_exceeded: whenExceeded },
        };
        const handler = await worker.approved(policy);
        const bodies = idsUpTo(Math.min(messages, conversations)).map((conversationId) =>
          queueMessage({ conversationId }),
        );
        const [left, report] = await Promise.all([
          deliver(handler, bodies, timeoutMs),
          runRetention(world.deps(), world.request(policy)),
        ]);
        expect(left).toEqual([]);
        expect(report.done).toBe(true);
        expect(world.deletedIds().length).toBeLessThanOrEqual(perDay);
        expect(await deletionsToday(world)).toBeLessThanOrEqual(perDay);
        const deleted = (await world.outcomes()).filter(({ outcome }) => outcome === 'deleted');
        expect(deleted.map(({ conversationId }) => conversationId).toSorted()).toEqual(
          world.deletedIds().toSorted(),
        );
      }),
      { numRuns: 10 },
    );
  });
});

describe('deleteOnEvent', () => {
  interface Setting {
    readonly intercom?: Partial<Intercom>;
    readonly limits?: Readonly<Record<string, unknown>>;
  }
  const ofContact7 = (world: SweepWorld): string =>
    queueMessage({ contactId: contactId(7), receivedAtMs: world.clock.now() });

  /** Deals with one message, with an Intercom that is the world's but for what is changed. */
  const onEvent = async (world: SweepWorld, body: string, setting: Setting = {}) => {
    const request = world.request({ rules: [onContact], limits: setting.limits });
    await world.approve(request);
    const deps = world.deps();
    const intercom = delegating(deps.intercom, setting.intercom ?? {});
    const { workspaceId, clock } = world;
    const decoded = decodeDeletionRequest(body, { workspaceId, receivedAt: clock.now() });
    if (!decoded.ok) throw new Error(decoded.problem);
    return deleteOnEvent(
      { ...deps, intercom, known: knowWorkspace({ intercom, clock }, request.policy) },
      {
        ...request,
        message: decoded.request,
        stopAt: instantFromMs(clock.now() + timeoutMs),
        longestWorkMs: timeoutMs,
      },
    );
  };
  const delegating = (real: Intercom, changes: Partial<Intercom>): Intercom => ({
    apiVersion: real.apiVersion,
    capabilities: real.capabilities,
    identify: () => real.identify(),
    directory: (kinds) => real.directory(kinds),
    listPage: (cursor) => real.listPage(cursor),
    searchPage: (query, cursor) => real.searchPage(query, cursor),
    count: (query) => real.count(query),
    read: (id) => real.read(id),
    delete: (id, retainMetrics) => real.delete(id, retainMetrics),
    deletedPage: (request) => real.deletedPage(request),
    findContacts: (named) => real.findContacts(named),
    usage: () => real.usage(),
    ...changes,
  });

  const allOfContact7 = (count: number) => Array.from({ length: count }, () => old({ contacts: [7] }));

  it("leaves what is not known to be the contact's, whatever the search finds", async () => {
    await using world = await sweepWorld({
      conversations: [old({ contacts: [7] }), old({ contacts: [8] }), old({ contacts: [7] })],
    });
    const real = world.deps().intercom;
    const intercom: Partial<Intercom> = {
      searchPage: (_, cursor) => real.listPage(cursor),
      async read(id) {
        const read = await real.read(id);
        return id === '3' && read ? { ...read, facts: { ...read.facts, contactIds: undefined } } : read;
      },
    };
    const report = await onEvent(world, ofContact7(world), { intercom });
    expect(report).toMatchObject({ kind: 'done', summary: { counts: { deleted: 1 } } });
    expect(world.deletedIds()).toEqual(['1']);
  });

  it('fails when the search leads in a circle, and deletes nothing', async () => {
    await using world = await sweepWorld({ conversations: allOfContact7(1) });
    const real = world.deps().intercom;
    const intercom: Partial<Intercom> = {
      searchPage: async (query) => ({ ...(await real.searchPage(query, undefined)), next: 'again' }),
    };
    const circle = onEvent(world, ofContact7(world), { intercom });
    await expect(circle).rejects.toThrow('the same page cursor twice');
    expect(world.deletedIds()).toEqual([]);
  });

  it('reads little more of a contact than a run may delete, and refuses it', async () => {
    await using world = await sweepWorld({ conversations: allOfContact7(60) });
    const report = await onEvent(world, ofContact7(world), { limits: { per_run: 10 } });
    expect(report).toMatchObject({
      kind: 'refused',
      summary: { refusals: [{ code: 'per_run', limit: 10 }] },
    });
    expect(sumOf(world.simulator.stats().byEndpoint.read ?? {})).toBeLessThan(25);
    expect(world.deletedIds()).toEqual([]);
  });

  it('goes on where it was stopped, through every chunk of a large contact, with one outcome for each', async () => {
    await using world = await sweepWorld({ conversations: allOfContact7(320) });
    const real = world.deps().intercom;
    let deletes = 0;
    const intercom: Partial<Intercom> = {
      delete(id, retainMetrics) {
        deletes += 1;
        if (deletes === 170) world.simulator.advance(timeoutMs);
        return real.delete(id, retainMetrics);
      },
    };
    const message = ofContact7(world);
    expect(await onEvent(world, message, { intercom })).toEqual({ kind: 'unfinished' });
    expect(world.deletedIds().length).toBeLessThan(320);
    expect(await deletionsToday(world)).toBe(320);

    world.simulator.advance(laterMs);
    const report = await onEvent(world, message);
    expect(report).toMatchObject({
      kind: 'done',
      summary: { intended: 320, counts: { deleted: 320 } },
    });
    const outcomes = await world.outcomes();
    expect(new Set(outcomes.map(({ conversationId }) => conversationId)).size).toBe(320);
    expect(outcomes).toHaveLength(320);
    const runIds = new Set(outcomes.map(({ runId }) => runId));
    expect(runIds.size).toBe(1);
    for (const chunk of [0, 1, 2]) {
      const intent = await world.audit.readIntent(world.workspaceId, [...runIds][0]!, chunk);
      expect(intent?.conversationIds.length).toBe(chunk === 2 ? 20 : 150);
    }
    expect(await deletionsToday(world)).toBe(320);
  });
});
