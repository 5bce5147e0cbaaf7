import { afterEach, describe, expect, it, vi } from 'vitest';
import { deliver, eventWorkerWorld } from '#support/event-worker.ts';
import { lambdaContext } from '#support/lambda-context.ts';
import { captureOutput } from '#support/lambda-output.ts';
import { conversationItem, functionUrlEvent, notification, signedRequest } from '#support/webhook-events.ts';

/** `FLOOD_NOTIFICATIONS=5000 npx vitest run test/integration/event-flood.test.ts` for the whole flood. */
const notifications = Number(process.env['FLOOD_NOTIFICATIONS'] ?? 150);
const perDay = Math.floor(notifications / 3);
const batchSize = 5;
const timeoutMs = 180_000;
const patienceMs = 60_000 + notifications * 200;

const policy = {
  rules: [{ id: 'closed', on: 'conversation.admin.closed', when: { state: 'closed' }, retain_metrics: true }],
  limits: { per_day: perDay },
};

afterEach(() => {
  vi.useRealTimers();
});

describe('promise 5 in a flood of events', () => {
  it(`stops ${notifications} webhooks, some of them sent twice, at per_day exactly, with two workers at it`, {
    timeout: patienceMs,
  }, async () => {
    await using deployed = await eventWorkerWorld({
      conversations: Array.from({ length: notifications }, () => ({ updatedDaysAgo: 800 })),
    });
    using _output = captureOutput();
    const { world, aws } = deployed;
    const webhook = await deployed.webhook();
    const nowSeconds = Math.floor(Date.now() / 1000);
    for (let number = 1; number <= notifications; number += 1) {
      const item = conversationItem({ id: String(number) });
      const body = { ...notification({ appId: world.workspaceId, item }), created_at: nowSeconds };
      const event = functionUrlEvent(signedRequest(body));
      const deliveries = number % 10 === 0 ? [event, event] : [event];
      for (const each of deliveries) {
        expect(await webhook(each, lambdaContext())).toMatchObject({ statusCode: 200 });
      }
    }
    expect(aws.messages).toHaveLength(notifications + Math.floor(notifications / 10));

    const workers = [await deployed.approved(policy), await deployed.coldStart(policy)];
    const left: string[] = [];
    await Promise.all(
      workers.map(async (worker) => {
        while (aws.messages.length > 0) {
          const batch = aws.messages.splice(0, batchSize);
          const failed = await deliver(worker, batch, timeoutMs);
          left.push(...failed.map((at) => batch[at]!));
        }
      }),
    );

    // Both workers may have come upon the two deliveries of one notification at once; the later one comes again.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6 * timeoutMs });
    expect(await deliver(workers[0]!, left, timeoutMs)).toEqual([]);
    vi.useRealTimers();

    expect(world.deletedIds()).toHaveLength(perDay);
    expect(world.simulator.stats().byEndpoint.delete).toEqual({ '200': perDay });
    expect(await world.state.deletionsInLastDay(world.workspaceId, world.clock.now())).toBe(perDay);
    const summaries = await Array.fromAsync(world.audit.summaries(world.workspaceId));
    const refused = summaries.filter(({ stopReason }) => stopReason === 'refused');
    for (const { refusals } of refused) {
      expect(refusals).toEqual([
        { code: 'per_day', setting: 'limits.per_day', value: perDay + 1, limit: perDay },
      ]);
    }
    expect(summaries).toHaveLength(notifications);
    expect(summaries.length - refused.length).toBe(perDay);
  });
});
