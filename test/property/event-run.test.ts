import fc from 'fast-check';
import { version } from 'uuid';
import { describe, expect, it } from 'vitest';
import { brandId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import type { DeletionRequest } from '#sweep/deletion-request.ts';
import { eventRun } from '#sweep/event-run.ts';

const id = fc.stringMatching(/^[\w-]{1,40}$/);
const occurredAtMs = fc.integer({ min: 1_500_000_000_000, max: 4_000_000_000_000 });
const dayMs = 86_400_000;

const message = (changes: {
  readonly workspaceId?: string;
  readonly notificationId?: string;
  readonly occurredAtMs: number;
  readonly receivedAtMs: number;
}): DeletionRequest => ({
  topic: 'conversation.admin.closed',
  conversationId: brandId('1'),
  workspaceId: brandId(changes.workspaceId ?? 'a86dr8yl'),
  notificationId: changes.notificationId ?? 'notif_1',
  occurredAt: instantFromMs(changes.occurredAtMs),
  receivedAt: instantFromMs(changes.receivedAtMs),
});
const run = (request: DeletionRequest) => eventRun(request, brandId('hash'));
/** The first 48 bits of a UUID of version 7. */
const timeOf = (uuid: string): number => Number.parseInt(uuid.slice(0, 13).replace('-', ''), 16);

describe('eventRun', () => {
  it('gives every delivery of a notification the same ids, whenever it is received', () => {
    const delays = fc.array(fc.integer({ min: 0, max: 2 * dayMs - 1 }), { minLength: 2 });
    fc.assert(
      fc.property(id, occurredAtMs, delays, (notificationId, occurred, all) => {
        const ids = all.map((delayMs) => {
          const receivedAtMs = occurred + delayMs;
          const { runId, planId } = run(message({ notificationId, occurredAtMs: occurred, receivedAtMs }));
          return `${runId} ${planId}`;
        });
        expect(new Set(ids).size).toBe(1);
      }),
    );
  });

  it('gives other notifications, and other workspaces, other ids; and a run another one than its plan', () => {
    const who = fc.record({ workspaceId: id, notificationId: id });
    fc.assert(
      fc.property(fc.uniqueArray(who, { minLength: 2, selector: (each) => JSON.stringify(each) }), (all) => {
        const at = { occurredAtMs: 1_781_524_800_000, receivedAtMs: 1_781_524_801_000 };
        const ids = all.flatMap((each) => {
          const { runId, planId } = run(message({ ...each, ...at }));
          return [runId, planId];
        });
        expect(new Set(ids).size).toBe(2 * all.length);
      }),
    );
  });

  it('makes UUIDs of version 7 that sort by the time of the event, which is when the run starts', () => {
    fc.assert(
      fc.property(
        id,
        occurredAtMs,
        fc.integer({ min: 0, max: dayMs }),
        (notificationId, occurred, delayMs) => {
          const begun = run(
            message({ notificationId, occurredAtMs: occurred, receivedAtMs: occurred + delayMs }),
          );
          for (const uuid of [begun.runId, begun.planId]) {
            expect(version(uuid)).toBe(7);
            expect(timeOf(uuid)).toBe(occurred);
          }
          expect(begun.startedAt).toBe(occurred);
        },
      ),
    );
  });

  it('goes by the time of receipt when the other cannot be right', () => {
    const far = fc.oneof(
      fc.integer({ min: 2 * dayMs, max: 4_000 * dayMs }),
      fc.integer({ min: -4_000 * dayMs, max: -300_000 }),
    );
    fc.assert(
      fc.property(occurredAtMs, far, (receivedAtMs, beforeMs) => {
        const begun = run(message({ occurredAtMs: receivedAtMs - beforeMs, receivedAtMs }));
        expect(timeOf(begun.runId)).toBe(receivedAtMs);
        expect(begun.startedAt).toBe(receivedAtMs);
      }),
    );
  });
});
