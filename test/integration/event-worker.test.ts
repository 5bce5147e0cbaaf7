import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { brandId } from '#policy/ids.ts';
import { contactId } from '#simulator/personal-data.ts';
import {
  deliver,
  type EventWorkerWorld,
  eventWorkerWorld,
  queueMessage,
  requestedMessage,
  sqsEvent,
} from '#support/event-worker.ts';
import { lambdaContext } from '#support/lambda-context.ts';
import { type CapturedOutput, captureOutput } from '#support/lambda-output.ts';
import type { ConversationInDays } from '#support/simulated-workspace.ts';
import type { RunSummary } from '#sweep/run-record.ts';

let output: CapturedOutput;

beforeEach(() => {
  output = captureOutput();
});
afterEach(() => {
  output[Symbol.dispose]();
  vi.useRealTimers();
});

const closed = (id: string, changes: Partial<ConversationInDays> = {}): ConversationInDays => ({
  id,
  state: 'closed',
  createdDaysAgo: 900,
  updatedDaysAgo: 800,
  ...changes,
});

const onClose = {
  id: 'gone-when-closed',
  on: 'conversation.admin.closed',
  when: { state: 'closed', last_activity: { older_than: '1y' } },
  retain_metrics: true,
};
const onContact = {
  id: 'gone-with-contact',
  on: 'contact.deleted',
  when: { last_activity: { older_than: '1d' } },
  despite: ['open'],
  retain_metrics: false,
};
const onRequest = {
  id: 'gone-on-request',
  on: 'conversation.deletion.requested',
  when: { state: 'closed' },
  retain_metrics: false,
};
const policy = { rules: [onClose, onContact, onRequest] };

const summariesOf = ({ world }: EventWorkerWorld): Promise<RunSummary[]> =>
  Array.fromAsync(world.audit.summaries(world.workspaceId));
const endpointsOf = ({ world }: EventWorkerWorld) => world.simulator.stats().byEndpoint;
const linesWith = (code: string) => output.takeLines().filter(({ message }) => message === code);

/** What a metric came to in everything written since the last take. */
function metric(lines: readonly Readonly<Record<string, unknown>>[], name: string): number {
  const values = lines.flatMap((line) => ('_aws' in line ? [line[name] ?? []] : [])).flat();
  return values.reduce<number>((sum, value) => sum + Number(value), 0);
}

describe('handler of the event worker', () => {
  it('deletes the conversation of a message, with plan, intent, outcome and summary in the audit', async () => {
    await using worker = await eventWorkerWorld({ conversations: [closed('1'), closed('2')] });
    const { world } = worker;
    const handler = await worker.approved(policy);
    const body = queueMessage({ conversationId: '1', notificationId: 'notif_1' });
    expect(await deliver(handler, [body])).toEqual([]);

    expect(world.deletedIds()).toEqual(['1']);
    const [outcome, ...others] = await world.outcomes();
    expect(others).toEqual([]);
    expect(outcome).toMatchObject({
      conversationId: '1',
      outcome: 'deleted',
      ruleId: 'gone-when-closed',
      retainMetrics: true,
      trigger: 'webhook',
    });
    const [summary] = await summariesOf(worker);
    expect(summary).toMatchObject({
      runId: outcome!.runId,
      trigger: 'webhook',
      stopReason: 'done',
      intended: 1,
      refusals: [],
      event: { topic: 'conversation.admin.closed', notificationId: 'notif_1', subject: 'conversation 1' },
    });
    const intent = await world.audit.readIntent(world.workspaceId, outcome!.runId, 0);
    expect(intent).toMatchObject({ conversationIds: ['1'], apiVersion: '2.16' });
    expect(await world.plannedDeletions({ planId: summary!.planId! })).toMatchObject([
      { conversationId: '1' },
    ]);
    const plan = await world.audit.readPlan(world.workspaceId, summary!.planId!);
    expect(plan).toMatchObject({ candidates: 1, gate: { allowed: true } });
    expect(await world.state.deletionsInLastDay(world.workspaceId, world.clock.now())).toBe(1);
  });

  it('takes every delivery of one notification for the same, on any instance, whenever it was received', async () => {
    await using worker = await eventWorkerWorld({ conversations: [closed('1')] });
    const occurredAtMs = Date.now() - 3_600_000;
    const delivery = (receivedAtMs: number) =>
      queueMessage({ conversationId: '1', notificationId: 'notif_1', occurredAtMs, receivedAtMs });
    const first = await worker.approved(policy);
    expect(await deliver(first, [delivery(Date.now())])).toEqual([]);
    worker.world.simulator.resetStats();
    expect(await deliver(first, [delivery(Date.now() + 60_000)])).toEqual([]);
    const second = await worker.coldStart(policy);
    expect(await deliver(second, [delivery(Date.now() + 120_000)])).toEqual([]);

    expect(worker.world.simulator.stats().calls).toBe(0);
    expect(await worker.world.outcomes()).toHaveLength(1);
    expect(await summariesOf(worker)).toHaveLength(1);
    expect(linesWith('event_duplicate')).toHaveLength(2);
  });

  it('judges the conversation as it is now, whatever the message says of it and however late it comes', async () => {
    await using worker = await eventWorkerWorld({
      conversations: [closed('1'), closed('2'), closed('3', { isTicket: true })],
    });
    const handler = await worker.approved(policy);
    worker.world.simulator.happen('1', { action: 'reply' });
    worker.world.simulator.happen('2', { action: 'delete' });
    const dayAgo = Date.now() - 86_400_000;
    const bodies = ['1', '2', '3'].map((conversationId) =>
      queueMessage({ conversationId, occurredAtMs: dayAgo, receivedAtMs: dayAgo }),
    );
    expect(await deliver(handler, bodies)).toEqual([]);
    expect(endpointsOf(worker).delete).toBeUndefined();
    expect(await worker.world.outcomes()).toEqual([]);
    expect(await summariesOf(worker)).toEqual([]);
    const nothing = linesWith('event_nothing');
    expect(nothing.map(({ kept_by: keptBy }) => keptBy)).toEqual(['no_rule_matched', undefined, 'protected']);
  });

  it('judges by the rules of the topic alone', async () => {
    await using worker = await eventWorkerWorld({
      conversations: [closed('1', { tags: ['gdpr-erase'] }), closed('2')],
    });
    const onTag = {
      id: 'erase-on-tag',
      on: 'conversation_part.tag.created',
      when: { tags: { any: ['gdpr-erase'] } },
      retain_metrics: false,
    };
    const scheduled = { id: 'scheduled', when: { state: 'closed' }, retain_metrics: true };
    const handler = await worker.approved({ rules: [scheduled, onTag] });
    const tagged = (conversationId: string) =>
      queueMessage({ conversationId, topic: 'conversation_part.tag.created' });
    expect(await deliver(handler, [tagged('1'), tagged('2')])).toEqual([]);
    expect(worker.world.simulator.deletions()).toMatchObject([{ id: '1', metricsRetained: false }]);
    expect(await worker.world.outcomes()).toMatchObject([{ ruleId: 'erase-on-tag', retainMetrics: false }]);
  });

  it('asks Intercom nothing for a topic without a rule, nor for a conversation that is said to be deleted', async () => {
    await using worker = await eventWorkerWorld({ conversations: [closed('1')] });
    const handler = await worker.approved({ rules: [onContact] });
    const bodies = [
      queueMessage({ conversationId: '1' }),
      queueMessage({ conversationId: '1', topic: 'conversation.deleted' }),
    ];
    expect(await deliver(handler, bodies)).toEqual([]);
    expect(worker.world.simulator.stats().calls).toBe(0);
    const lines = output.takeLines();
    expect(lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['event_without_rule', 'event_hint']),
    );
    expect(metric(lines, 'EventHint')).toBe(1);
    const known = await worker.world.audit.outcomesOfConversation(worker.world.workspaceId, brandId('1'));
    expect(known).toEqual([]);
  });

  it("deletes a contact's conversations, protects what is protected, and leaves everybody else's alone", async () => {
    await using worker = await eventWorkerWorld({
      conversations: [
        closed('1', { contacts: [1] }),
        closed('2', { contacts: [2] }),
        closed('3', { contacts: [2, 1], state: 'open' }),
        closed('4', { contacts: [1], isTicket: true }),
        closed('5', { contacts: [1], tags: ['legal-hold'] }),
      ],
    });
    const handler = await worker.approved({ ...policy, protect: { tags: ['legal-hold'] } });
    const body = queueMessage({ contactId: contactId(1), notificationId: 'notif_of_contact' });
    expect(await deliver(handler, [body])).toEqual([]);
    expect(worker.world.deletedIds().toSorted()).toEqual(['1', '3']);
    const [summary] = await summariesOf(worker);
    expect(summary).toMatchObject({
      intended: 2,
      counts: { deleted: 2 },
      event: { subject: `contact ${contactId(1)}` },
    });
    const plan = await worker.world.audit.readPlan(worker.world.workspaceId, summary!.planId!);
    expect(plan?.keptBy).toEqual({ protected: 2 });
  });

  it("carries out another system's request for a conversation or a contact, and keeps who asked and why", async () => {
    await using worker = await eventWorkerWorld({
      conversations: [closed('1'), closed('2', { contacts: [7] }), closed('3', { state: 'open' })],
    });
    const handler = await worker.approved(policy);
    const bodies = [
      requestedMessage({ conversation_id: '1' }, 'event-1'),
      requestedMessage({ contact_id: contactId(7), reason: 'Ticket 4712', requested_by: 'shop' }, 'event-2'),
      requestedMessage({ conversation_id: '3' }, 'event-3'),
    ];
    expect(await deliver(handler, bodies)).toEqual([]);
    expect(worker.world.deletedIds().toSorted()).toEqual(['1', '2']);
    const summaries = (await summariesOf(worker)).map(({ event, counts }) => ({
      ...event,
      deleted: counts.deleted,
    }));
    const topic = 'conversation.deletion.requested';
    expect(summaries.toSorted((a, b) => (a.notificationId! < b.notificationId! ? -1 : 1))).toEqual([
      { topic, notificationId: 'event-1', subject: 'conversation 1', reason: 'Ticket 4711', requestedBy: 'crm', deleted: 1 },
      { topic, notificationId: 'event-2', subject: `contact ${contactId(7)}`, reason: 'Ticket 4712', requestedBy: 'shop', deleted: 1 },
      { topic, notificationId: 'event-3', subject: 'conversation 3', reason: 'Ticket 4711', requestedBy: 'crm', deleted: 0 },
    ]); // biome-ignore format: a table
    expect(await deliver(handler, bodies)).toEqual([]);
    expect(await summariesOf(worker)).toHaveLength(3);
  });

  it('writes a request down for which there is no rule', async () => {
    await using worker = await eventWorkerWorld({ conversations: [closed('1')] });
    const handler = await worker.approved({ rules: [] });
    expect(await deliver(handler, [requestedMessage({ conversation_id: '1' })])).toEqual([]);
    expect(await summariesOf(worker)).toMatchObject([{ intended: 0, event: { requestedBy: 'crm' } }]);
    expect(worker.world.deletedIds()).toEqual([]);
  });

  it('gives a message that cannot be read back each time, says what is wrong with it, and works on the others', async () => {
    await using worker = await eventWorkerWorld({ conversations: [closed('1'), closed('2')] });
    const handler = await worker.approved(policy);
    const bodies = [
      queueMessage({ conversationId: '1' }),
      '{"secret": "tok-4711"',
      requestedMessage({ conversation_id: '2', reason: 'asked by person@example.test' }),
      queueMessage({ conversationId: '2' }),
    ];
    expect(await deliver(handler, bodies)).toEqual([1, 2]);
    expect(worker.world.deletedIds().toSorted()).toEqual(['1', '2']);
    const written = output.take();
    expect(written).not.toMatch(/tok-4711|person@/);
    const lines = written
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.filter(({ message }) => message === 'event_unreadable')).toMatchObject([
      {
        level: 'ERROR',
        message_id: 'message-1',
        receive_count: 1,
        problem: 'The message has no readable JSON.',
      },
      {
        level: 'ERROR',
        message_id: 'message-2',
        problem: expect.stringContaining('no usable reason') as string,
      },
    ]);
    expect(metric(lines, 'EventUnreadable')).toBe(2);
    expect(await deliver(handler, bodies)).toEqual([1, 2]);
  });

  it('deletes what a message from the dead letters asks for, once its reason is gone', async () => {
    await using worker = await eventWorkerWorld({ conversations: [closed('1')] });
    const handler = await worker.approved(policy);
    const body = queueMessage({ conversationId: '1' });
    worker.world.simulator.set({ access: { status: 'token_revoked' } });
    expect(await deliver(handler, [body])).toEqual([0]);
    expect(linesWith('event_failed')).toMatchObject([
      {
        level: 'ERROR',
        message_id: 'message-0',
        topic: 'conversation.admin.closed',
        error_name: 'IntercomAccessError',
        error_message: expect.stringContaining('does not accept the access token') as string,
      },
    ]);
    worker.world.simulator.set({ access: {} });
    const redriven = sqsEvent([body], {
      attributes: { ...sqsEvent(['']).Records[0]!.attributes, ApproximateReceiveCount: '6' },
    });
    expect(await handler(redriven, lambdaContext({ remainingMs: 180_000 }))).toEqual({
      batchItemFailures: [],
    });
    expect(worker.world.deletedIds()).toEqual(['1']);
  });

  it('fetches the token anew when Intercom refuses the one it knows', async () => {
    await using worker = await eventWorkerWorld({
      conversations: [closed('1'), closed('2')],
      access: { token: 'first-token' },
    });
    const secretWith = (access_token: string) =>
      JSON.stringify({ workspaces: { [worker.world.workspaceId]: { access_token } } });
    worker.aws.secret = secretWith('first-token');
    const handler = await worker.approved(policy);
    expect(await deliver(handler, [queueMessage({ conversationId: '1' })])).toEqual([]);
    worker.world.simulator.set({ access: { token: 'second-token' } });
    worker.aws.secret = secretWith('second-token');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    expect(await deliver(handler, [queueMessage({ conversationId: '2' })])).toEqual([]);
    expect(worker.world.deletedIds()).toEqual(['1', '2']);
    expect(worker.aws.secretReads).toBe(2);
    expect(output.take()).not.toMatch(/first-token|second-token/);
  });

  it('leaves what another workspace is told of, and says so', async () => {
    await using worker = await eventWorkerWorld({ conversations: [closed('1')] });
    const handler = await worker.approved(policy);
    const bodies = [
      queueMessage({ conversationId: '1', workspaceId: 'another1' }),
      requestedMessage({ conversation_id: '1', workspace_id: 'another1' }),
    ];
    expect(await deliver(handler, bodies)).toEqual([]);
    expect(worker.world.simulator.stats().calls).toBe(0);
    expect(linesWith('event_of_other_workspace')).toMatchObject([
      { level: 'WARN', workspace_id: 'another1' },
      { level: 'WARN', workspace_id: 'another1' },
    ]);
  });

  it('asks who it is, what the tags are and how many conversations there are once in five minutes', async () => {
    const conversations = ['1', '2', '3', '4'].map((each) => closed(each));
    await using worker = await eventWorkerWorld({ conversations });
    const handler = await worker.approved({ ...policy, protect: { tags: ['vip'] } });
    const send = (conversationId: string) => deliver(handler, [queueMessage({ conversationId })]);
    await send('1');
    await send('2');
    const asked = () => {
      const { me, tags, list, read } = endpointsOf(worker);
      return { me: me?.['200'], tags: tags?.['200'], list: list?.['200'], read: read?.['200'] };
    };
    expect(asked()).toEqual({ me: 1, tags: 1, list: 1, read: 2 });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 301_000 });
    await send('3');
    await send('4');
    expect(asked()).toEqual({ me: 2, tags: 2, list: 2, read: 4 });
  });

  it('gives back what it has no time for, and deletes it when it comes again', async () => {
    const ids = ['1', '2', '3', '4', '5'];
    let deletes = 0;
    const startedAt = Date.now();
    await using worker = await eventWorkerWorld({
      conversations: ids.map((each) => closed(each)),
      hooks: {
        afterEffect({ method }) {
          if (method === 'DELETE') deletes += 1;
          if (method === 'DELETE' && deletes === 2) vi.setSystemTime(startedAt + 151_000);
        },
      },
    });
    const handler = await worker.approved(policy);
    const bodies = ids.map((conversationId) => queueMessage({ conversationId }));
    vi.useFakeTimers({ toFake: ['Date'], now: startedAt });
    expect(await deliver(handler, bodies, 180_000)).toEqual([2, 3, 4]);
    expect(worker.world.deletedIds()).toEqual(['1', '2']);
    expect(await deliver(handler, bodies.slice(2), 180_000)).toEqual([]);
    expect(worker.world.deletedIds()).toEqual(ids);
    expect(await worker.world.outcomes()).toHaveLength(5);
  });

  it('logs one line and the metrics for a message, with ids and nothing of a person', async () => {
    await using worker = await eventWorkerWorld({ conversations: [closed('1')], generate: 60 });
    const { world } = worker;
    const handler = await worker.approved({
      rules: [{ ...onClose, when: { state: 'closed' } }, onContact],
    });
    const context = lambdaContext({ remainingMs: 180_000 });
    await handler(sqsEvent([queueMessage({ conversationId: '1', notificationId: 'notif_1' })]), context);
    const lines = output.takeLines();
    expect(lines.filter((line) => !('_aws' in line))).toMatchObject([
      {
        message: 'event_done',
        service: 'delete-on-event',
        stage: 'test',
        function_request_id: context.awsRequestId,
        notification_id: 'notif_1',
        deleted: 1,
        intended: 1,
        stop_reason: 'done',
      },
    ]);
    expect(metric(lines, 'EventDeleted')).toBe(1);

    const ids = [...world.simulator.conversations()].map((conversation) => conversation.id);
    await deliver(
      handler,
      ids.map((conversationId) => queueMessage({ conversationId })),
    );
    await deliver(
      handler,
      [1, 2, 3].map((number) => queueMessage({ contactId: contactId(number) })),
    );
    expect(world.deletedIds().length).toBeGreaterThan(5);
    const stored = await Promise.all(
      Object.values(world.store.tables).map((TableName) =>
        world.store.client.send(new ScanCommand({ TableName })),
      ),
    );
    const seen = [output.take(), JSON.stringify(stored), JSON.stringify(worker.aws.events)].join('\n');
    expect(seen).not.toMatch(/PERSONAL|@example\.com|made-up-token/);
  });

  it('names every setting that is missing or wrong', async () => {
    await using worker = await eventWorkerWorld();
    const unset = await worker.coldStart(policy, { AUDIT_TABLE: '', POLICY_FILE: '' });
    await expect(deliver(unset, [])).rejects.toThrow(
      'POLICY_FILE is not set; give it a value. AUDIT_TABLE is not set; give it a value.',
    );
    for (const EVENT_PACE of ['15', '0%', 'all']) {
      const unpaced = await worker.coldStart(policy, { EVENT_PACE });
      await expect(deliver(unpaced, [])).rejects.toThrow('EVENT_PACE is no share');
    }
    const hurried = await worker.coldStart(policy);
    await expect(deliver(hurried, [], 29_000)).rejects.toThrow('less than half a minute');
    for (const event of [{}, null, { Records: [{ body: 'x' }] }, { Records: 7 }]) {
      await expect(hurried(event, lambdaContext())).rejects.toMatchObject({ code: 'unreadable_event' });
    }
  });
});

describe('gate of the event worker', () => {
  const limitCodes = new Set<string>(['per_run', 'per_day', 'share_of_workspace', 'share_unknown_total']);
  const refusedFor = async (
    changes: Readonly<Record<string, unknown>>,
    prepare: (worker: EventWorkerWorld) => Promise<unknown> = () => Promise.resolve(),
  ) => {
    await using worker = await eventWorkerWorld({
      conversations: [closed('1'), closed('2', { contacts: [7] }), closed('3', { contacts: [7] })],
    });
    const handler = await worker.approved({ ...policy, ...changes });
    await prepare(worker);
    output.take();
    const bodies = [queueMessage({ conversationId: '1' }), queueMessage({ contactId: contactId(7) })];
    expect(await deliver(handler, bodies)).toEqual([]);
    expect(worker.world.simulator.stats().writeCalls).toBe(0);
    expect(await worker.world.outcomes()).toEqual([]);
    const lines = output.takeLines();
    const refused = (await summariesOf(worker)).map(({ event, stopReason, refusals }) => ({
      about: event?.topic,
      stopReason,
      codes: refusals.map(({ code }) => code),
    }));
    expect(metric(lines, 'EventRefused')).toBe(refused.length);
    const byLimits = refused.filter(({ codes }) => codes.every((code) => limitCodes.has(code)));
    expect(metric(lines, 'EventStoppedByLimits')).toBe(byLimits.length);
    return refused;
  };
  const both = (...codes: string[]) =>
    expect.arrayContaining(
      ['conversation.admin.closed', 'contact.deleted'].map((about) => ({
        about,
        stopReason: 'refused',
        codes,
      })),
    ) as unknown;

  it('refuses in observe mode', async () => {
    expect(await refusedFor({ mode: 'observe' })).toEqual(both('observe_mode'));
  });

  it('names a limit as well in observe mode, and does not count it as what stopped the event', async () => {
    const [refused] = await refusedFor({ mode: 'observe', limits: { per_run: 1 }, rules: [onContact] });
    expect(refused!.codes).toEqual(['observe_mode', 'per_run']);
  });

  it('refuses a policy that nobody has approved, and one whose every run asks for approval', async () => {
    await using worker = await eventWorkerWorld({ conversations: [closed('1')] });
    const handler = await worker.coldStart(policy);
    expect(await deliver(handler, [queueMessage({ conversationId: '1' })])).toEqual([]);
    expect(await summariesOf(worker)).toMatchObject([
      { refusals: [{ code: 'not_approved', setting: 'approval', limit: 'standing' }] },
    ]);
    expect(await refusedFor({ approval: 'each_run' })).toEqual(both('not_approved'));
  });

  it('refuses while the switch is off', async () => {
    const pause = ({ world }: EventWorkerWorld) =>
      world.state.writePause(world.workspaceId, { by: 'ops', reason: 'migration', at: world.clock.now() });
    expect(await refusedFor({}, pause)).toEqual(both('paused'));
  });

  it.each([
    ['per_day', { per_day: 0 }],
    ['share_of_workspace', { share_of_workspace: '33%' }],
    ['per_run', { per_run: 1 }],
  ])('refuses a whole contact beyond %s, trimming nothing', async (code, limits) => {
    const refused = await refusedFor({ limits: { ...limits, when_exceeded: 'trim' }, rules: [onContact] });
    expect(refused).toMatchObject([{ about: 'contact.deleted' }]);
    expect(refused[0]!.codes).toContain(code);
    expect(refused[0]!.codes.every((each) => limitCodes.has(each))).toBe(true);
  });

  it('plans nothing that is held', async () => {
    await using worker = await eventWorkerWorld({
      conversations: [closed('1'), closed('2', { contacts: [7] }), closed('3', { contacts: [8] })],
    });
    const { world } = worker;
    const hold = { matter: 'M-1', owner: 'legal', reason: 'litigation', placedAt: world.clock.now() };
    await world.state.addHold(world.workspaceId, { target: 'conversation', targetId: '1', ...hold });
    await world.state.addHold(world.workspaceId, { target: 'contact', targetId: contactId(7), ...hold });
    const handler = await worker.approved(policy);
    const bodies = ['1', '2', '3'].map((conversationId) => queueMessage({ conversationId }));
    expect(await deliver(handler, bodies)).toEqual([]);
    expect(world.deletedIds()).toEqual(['3']);
    expect(await world.outcomes()).toHaveLength(1);
  });
});
