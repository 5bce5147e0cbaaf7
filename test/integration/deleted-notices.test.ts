import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deliver, eventWorkerWorld, queueMessage } from '#support/event-worker.ts';
import { type CapturedOutput, captureOutput } from '#support/lambda-output.ts';
import type { ConversationInDays } from '#support/simulated-workspace.ts';
import { sweepWorld } from '#support/sweep-world.ts';
import type { DeletedNotice, Notices } from '#sweep/ports.ts';
import { runRetention } from '#sweep/run-retention.ts';
import type { SweepEvent } from '#sweep/sweep-deps.ts';

let output: CapturedOutput;

beforeEach(() => {
  output = captureOutput();
});
afterEach(() => {
  output[Symbol.dispose]();
});

const old = (changes: Partial<ConversationInDays> = {}): ConversationInDays => ({
  state: 'closed',
  createdDaysAgo: 900,
  updatedDaysAgo: 800,
  ...changes,
});
const twoRules = {
  rules: [
    { id: 'spam', when: { tags: { any: ['spam'] } }, retain_metrics: false },
    { id: 'closed', when: { state: 'closed' }, retain_metrics: true },
  ],
};
const spamAndOthers = Array.from({ length: 400 }, (_, at) => old(at % 4 === 0 ? { tags: ['spam'] } : {}));

function rememberNotices(): Notices & { readonly told: DeletedNotice[] } {
  const told: DeletedNotice[] = [];
  return {
    told,
    deleted: (notice) => {
      told.push(notice);
      return Promise.resolve();
    },
  };
}
const idsOf = (told: readonly DeletedNotice[], ruleId?: string): string[] =>
  told
    .filter((notice) => ruleId === undefined || notice.ruleId === ruleId)
    .flatMap(({ conversationIds }) => conversationIds)
    .toSorted();

describe('notices of a sweep', () => {
  it('tell each deletion once, a notice for each rule of a chunk, with its flag and run', async () => {
    await using world = await sweepWorld({ conversations: spamAndOthers });
    const request = world.request(twoRules);
    await world.approve(request);
    const notices = rememberNotices();
    const { run } = await runRetention(world.deps({ notices }), request);
    const deletedWith = (metricsRetained: boolean) =>
      world.simulator
        .deletions()
        .filter((deletion) => deletion.metricsRetained === metricsRetained)
        .map(({ id }) => id)
        .toSorted();
    expect(idsOf(notices.told, 'spam')).toEqual(deletedWith(false));
    expect(idsOf(notices.told, 'closed')).toEqual(deletedWith(true));
    expect(idsOf(notices.told)).toHaveLength(400);
    expect(notices.told.length).toBeGreaterThanOrEqual(6);
    for (const notice of notices.told) {
      expect(notice).toMatchObject({ workspaceId: world.workspaceId, runId: run.runId });
      expect(notice.retainMetrics).toBe(notice.ruleId === 'closed');
      expect(notice.conversationIds.length).toBeLessThanOrEqual(150);
    }
  });

  it('say nothing of what was not deleted', async () => {
    await using world = await sweepWorld({
      conversations: [old(), old()],
      faults: [{ kind: 'error_after', on: ['delete'], calls: [1] }],
    });
    const request = world.request(twoRules);
    await world.approve(request);
    const notices = rememberNotices();
    const { run } = await runRetention(world.deps({ notices }), request);
    expect(run.counts).toMatchObject({ deleted: 1, unresolved: 1 });
    expect(idsOf(notices.told)).toHaveLength(1);
  });

  it('change nothing about a run when none of them arrives', async () => {
    await using world = await sweepWorld({ conversations: spamAndOthers });
    const request = world.request(twoRules);
    await world.approve(request);
    const events: SweepEvent[] = [];
    const broken: Notices = { deleted: () => Promise.reject(new Error('no bus')) };
    const deps = world.deps({ notices: broken, observe: (event) => events.push(event) });
    const { run, done } = await runRetention(deps, request);
    expect(done).toBe(true);
    expect(run).toMatchObject({ stopReason: 'done', counts: { deleted: 400, failed: 0 } });
    expect(world.simulator.stats().writeCalls).toBe(400);
    const failed = events.flatMap((event) => (event.kind === 'notice_failed' ? [event.notice] : []));
    expect(idsOf(failed)).toEqual(world.deletedIds().toSorted());
  });

  it('are told by the next run of what an interrupted one deleted and had not told', async () => {
    await using world = await sweepWorld({ conversations: spamAndOthers });
    const request = world.request(twoRules);
    await world.approve(request);
    const stop = new AbortController();
    const notices = rememberNotices();
    const observe = (event: SweepEvent): void => {
      if (event.kind === 'deleting' && event.counts.deleted >= 60) stop.abort();
    };
    const first = await runRetention(world.deps({ notices, observe }), { ...request, stop: stop.signal });
    expect(first.done).toBe(false);
    expect(new Set(idsOf(notices.told)).size).toBeLessThan(world.deletedIds().length);
    await runRetention(world.deps({ notices }), request);
    expect([...new Set(idsOf(notices.told))]).toEqual(world.deletedIds().toSorted());
  });
});

describe('notices of the event worker', () => {
  const policy = {
    rules: [
      { id: 'gone', on: 'conversation.admin.closed', when: { state: 'closed' }, retain_metrics: false },
    ],
  };

  it('put one event on the bus, with ids and nothing else', async () => {
    await using worker = await eventWorkerWorld({ conversations: [old()] });
    const handler = await worker.approved(policy, { EVENT_BUS_NAME: 'copies' });
    expect(await deliver(handler, [queueMessage({ conversationId: '1' })])).toEqual([]);
    const [outcome] = await worker.world.outcomes();
    expect(worker.aws.events.map(({ Detail, ...envelope }) => ({ ...envelope, detail: JSON.parse(Detail) as unknown }))).toEqual([
      {
        EventBusName: 'copies',
        Source: 'intercom-retention',
        DetailType: 'conversation.deleted',
        detail: {
          workspace_id: worker.world.workspaceId,
          run_id: outcome!.runId,
          rule_id: 'gone',
          retain_metrics: false,
          conversation_ids: ['1'],
        },
      },
    ]); // biome-ignore format: as it is on the wire
  });

  it.each(['fails', 'refuses', 'hangs'] as const)(
    'leave the message done and the deletion as it is when the bus %s, and are counted',
    async (mood) => {
      await using worker = await eventWorkerWorld({ conversations: [old()] });
      worker.aws.busMood = mood;
      const handler = await worker.approved(policy);
      expect(await deliver(handler, [queueMessage({ conversationId: '1' })])).toEqual([]);
      expect(worker.world.simulator.stats().writeCalls).toBe(1);
      expect(await worker.world.outcomes()).toMatchObject([{ outcome: 'deleted' }]);
      const lines = output.takeLines();
      expect(lines.filter(({ message }) => message === 'notice_failed')).toMatchObject([
        {
          level: 'ERROR',
          conversations: 1,
          error_message: expect.stringContaining('could not be put on the event bus') as string,
        },
      ]);
      expect(lines.filter((line) => '_aws' in line)).toMatchObject([{ NoticeFailed: 1, EventDeleted: 1 }]);
    },
  );

  it('are for nobody when no bus is named', async () => {
    await using worker = await eventWorkerWorld({ conversations: [old()] });
    const handler = await worker.approved(policy, { EVENT_BUS_NAME: '' });
    expect(await deliver(handler, [queueMessage({ conversationId: '1' })])).toEqual([]);
    expect(worker.world.deletedIds()).toEqual(['1']);
    expect(worker.aws.events).toEqual([]);
  });
});
