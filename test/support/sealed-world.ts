import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { v7 as uuidv7 } from 'uuid';
import { createSealStore } from '#audit/seal-store.ts';
import { brandId, type ConversationId, type WorkspaceId } from '#policy/ids.ts';
import { instantFromMs } from '#policy/instant.ts';
import { sealDays } from '#seal/seal-days.ts';
import type { SealStore } from '#seal/seal-store.ts';
import type { Signer } from '#seal/signing-key.ts';
import { dayMs, dayOf, plusDays, startOfDay, type UtcDay } from '#seal/utc-day.ts';
import { approvePlan } from '#sweep/approve-plan.ts';
import { makePlan } from '#sweep/make-plan.ts';
import type { Intercom } from '#sweep/ports.ts';
import { runRetention } from '#sweep/run-retention.ts';
import { collect } from './collect.ts';
import { aSigner } from './key-signer.ts';
import { reconcileIn } from './reconcile-world.ts';
import type { ConversationInDays } from './simulated-workspace.ts';
import { type SweepWorld, sweepWorld } from './sweep-world.ts';

/**
 * A workspace with a history: planned and approved on its first day, deleted on the second, confirmed on the third. The clock
 * stands on the fourth.
 */
export interface SealedWorld extends AsyncDisposable {
  readonly world: SweepWorld;
  readonly seals: SealStore;
  readonly signer: Signer;
  readonly workspaceId: WorkspaceId;
  /** The first day and the four that follow it. */
  readonly days: readonly [UtcDay, UtcDay, UtcDay, UtcDay, UtcDay];
  /** Seals every day before this one that has no seal. With `runningDayAtMs` the last of them as it stood so long after it began. */
  sealBefore(day: UtcDay, options?: { readonly runningDayAtMs: number }): Promise<void>;
  /** Changes every item whose sort key begins so, past all conditions. */
  tamper(
    sortKey: string,
    change: (item: Readonly<Record<string, unknown>>) => Record<string, unknown>,
  ): Promise<void>;
  /** The environment of a command that works on this store. */
  readonly env: Readonly<Record<string, string>>;
  readonly policyText: string;
}

interface SealedWorldOptions {
  readonly conversations?: readonly ConversationInDays[];
  readonly signer?: Signer;
  readonly policy?: Readonly<Record<string, unknown>>;
  /** Days that are sealed, from the first on. */
  readonly sealed?: 0 | 1 | 2 | 3;
  /** `not_in_audit`: the state knows it, and nobody wrote it down. */
  readonly approval?: 'in_audit' | 'not_in_audit';
  /** Changes what the run has of Intercom. */
  readonly intercom?: (real: Intercom) => Intercom;
}

export const idOf = (number: number): ConversationId => brandId<ConversationId>(String(number));

export const twoYearRule = {
  id: 'closed-two-years',
  description: 'Closed and silent for two years.',
  legal_basis: 'Retention schedule 4.2; GDPR Art. 5(1)(e)',
  when: { state: 'closed', last_activity: { older_than: '2y' }, tags: { none: ['vip'] } },
  retain_metrics: true,
};

/** Three that are old enough, with the ids 1 to 3, and one that is not. */
const fourConversations: readonly ConversationInDays[] = [800, 900, 1000, 10].map((updatedDaysAgo) => ({
  updatedDaysAgo,
}));

export async function sealedWorld(options: SealedWorldOptions = {}): Promise<SealedWorld> {
  const { signer = aSigner(), sealed = 3, policy = { approval: 'each_run', rules: [twoYearRule] } } = options;
  const world = await sweepWorld({ conversations: options.conversations ?? fourConversations });
  const { store, workspaceId, simulator, clock } = world;
  const seals = createSealStore(store.client, store.tables.audit, clock);
  const first = dayOf(clock.now());
  const request = world.request(policy);
  const deps = world.deps();
  const { intercom = (real) => real } = options;

  const plan = await makePlan(deps, request);
  if (options.approval === 'not_in_audit') await world.approve({ ...request, policyHash: plan.policyHash });
  else await approvePlan(deps, { ...request, workspaceId, planId: plan.planId, by: 'privacy-officer' });
  simulator.advance(dayMs);
  await runRetention({ ...deps, intercom: intercom(deps.intercom) }, request);
  simulator.advance(dayMs);
  await reconcileIn(world);
  simulator.advance(dayMs);

  const sealBefore: SealedWorld['sealBefore'] = async (day, options) => {
    const nowMs =
      options === undefined
        ? startOfDay(day) + 3_600_000
        : startOfDay(plusDays(day, -1)) + options.runningDayAtMs;
    const request = {
      workspaceId,
      settlingDelayMs: 3_600_000,
      lookBackDays: 3,
      otherKey: 'refuse',
      runningDay: options === undefined ? 'leave' : 'seal',
    } as const;
    const clock = { now: () => instantFromMs(nowMs) };
    await collect(sealDays({ store: seals, signer, clock, newId: uuidv7 }, request));
  };
  const days = [0, 1, 2, 3, 4].map((count) => plusDays(first, count)) as unknown as SealedWorld['days'];
  if (sealed > 0) await sealBefore(plusDays(first, sealed));

  return {
    world,
    seals,
    signer,
    workspaceId,
    days,
    sealBefore,
    policyText: request.policyJson,
    async tamper(sortKey, change) {
      const { Items = [] } = await store.client.send(new ScanCommand({ TableName: store.tables.audit }));
      for (const item of Items) {
        if (!String(item['sk']).startsWith(sortKey)) continue;
        await store.client.send(new PutCommand({ TableName: store.tables.audit, Item: change(item) }));
      }
    },
    env: {
      RETENTION_STORE: 'dynamodb',
      AUDIT_TABLE: store.tables.audit,
      STATE_TABLE: store.tables.state,
      AWS_ENDPOINT_URL_DYNAMODB: store.endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}
