import pMap from 'p-map';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { brandId, type RuleId, type RunId, type WorkspaceId } from '#policy/ids.ts';
import { instantFromIso } from '#policy/instant.ts';
import {
  aConfirmation,
  aDeletion,
  anIntent,
  anOutcome,
  aPlan,
  aReconciliation,
  aRun,
  aSummary,
  conversationIdOf,
  later,
  noon,
  runIdOf,
  stoppedClock,
} from '#support/audit-builders.ts';
import { collect } from '#support/collect.ts';
import { startTestStore, type TestStore } from '#support/dynamodb.ts';
import type { Outcome } from '#sweep/outcome.ts';
import type { AuditTrail, OutcomeFilter } from '#sweep/ports.ts';

let store: TestStore;
let audit: AuditTrail;
const unusedWorkspaces = Array.from({ length: 50 }, (_, number) => brandId<WorkspaceId>(`ws${number}`));

beforeAll(async () => {
  store = await startTestStore();
  audit = createAuditTrail(store.client, store.tables.audit, stoppedClock(noon));
});
afterAll(() => store[Symbol.asyncDispose]());

/** Tests share the tables and never see each other's items. */
const newWorkspace = (): WorkspaceId => unusedWorkspaces.pop()!;

const putAll = (outcomes: readonly Outcome[]) =>
  pMap(outcomes, (outcome) => audit.putOutcome(outcome), { concurrency: 32 });

async function idsOf(workspaceId: WorkspaceId, filter: OutcomeFilter, now = noon): Promise<string[]> {
  const asked = createAuditTrail(store.client, store.tables.audit, stoppedClock(now));
  const found = await collect(asked.queryOutcomes(workspaceId, filter));
  return found.map(({ outcome }) => `${outcome.runId}/${outcome.conversationId}`);
}

/** Every choice of one value, or none, for each name. */
function combinations(choices: { readonly [Name in keyof OutcomeFilter]: readonly OutcomeFilter[Name][] }) {
  return Object.entries(choices).reduce<readonly OutcomeFilter[]>(
    (filters, [name, values]) =>
      filters.flatMap((filter) => [filter, ...values.map((value) => ({ ...filter, [name]: value }))]),
    [{}],
  );
}

const nameOf = ({ runId, conversationId }: Outcome): string => `${runId}/${conversationId}`;

describe('createAuditTrail', () => {
  it('gives back a plan chunk as it was put, alone and in the order of the chunks', async () => {
    const workspaceId = newWorkspace();
    const { planId } = anIntent();
    const chunks = [0, 1, 2].map((chunkNumber) => ({
      workspaceId,
      planId,
      chunkNumber,
      deletions: [aDeletion(chunkNumber * 2), aDeletion(chunkNumber * 2 + 1)],
    }));
    for (const chunk of chunks.toReversed()) expect(await audit.putPlanChunk(chunk)).toBe('written');
    await audit.putPlan(aPlan({ workspaceId }), '{"rules":[]}');

    expect(await audit.readPlanChunk(workspaceId, planId, 1)).toEqual(chunks[1]);
    expect(await audit.readPlanChunk(workspaceId, planId, 3)).toBeUndefined();
    expect(await collect(audit.planChunks(workspaceId, planId))).toEqual(chunks);
  });

  it('keeps the first chunk, plan, intent, outcome, confirmation, reconciliation, summary and act, and says so to the second', async () => {
    const workspaceId = newWorkspace();
    const chunk = { workspaceId, planId: anIntent().planId, chunkNumber: 0, deletions: [aDeletion(1)] };
    const act = { workspaceId, kind: 'paused', at: noon, by: 'ops', subject: 'ws', details: {} } as const;
    const twice = [
      () => audit.putPlanChunk(chunk),
      () => audit.putPlan(aPlan({ workspaceId }), '{}'),
      () => audit.putRunStarted(aRun({ workspaceId })),
      () => audit.putIntent(anIntent({ workspaceId })),
      () => audit.putOutcome(anOutcome({ workspaceId })),
      () => audit.putConfirmation(aConfirmation({ workspaceId })),
      () => audit.putReconciliation(aReconciliation({ workspaceId })),
      () => audit.putSummary(aSummary({ workspaceId })),
      () => audit.putAct(act),
    ];
    for (const put of twice) expect([await put(), await put()]).toEqual(['written', 'already_there']);

    expect(await audit.putOutcome(anOutcome({ workspaceId, outcome: 'failed' }))).toBe('already_there');
    expect(await audit.outcomesOfConversation(workspaceId, conversationIdOf(1))).toEqual([
      { outcome: anOutcome({ workspaceId }), confirmation: aConfirmation({ workspaceId }) },
    ]);
  });

  it('gives back an intent with its conversation ids, and nothing for a chunk that has none', async () => {
    const workspaceId = newWorkspace();
    const intent = anIntent({ workspaceId, chunkNumber: 7 });
    await audit.putIntent(intent);
    expect(await audit.readIntent(workspaceId, intent.runId, 7)).toEqual(intent);
    expect(await audit.readIntent(workspaceId, intent.runId, 6)).toBeUndefined();

    const older = anIntent({ workspaceId, chunkNumber: 8, apiVersion: undefined });
    await audit.putIntent(older);
    await audit.putIntent(anIntent({ workspaceId, runId: runIdOf(2) }));
    expect(await audit.readIntent(workspaceId, intent.runId, 8)).toEqual(older);
    expect(await Array.fromAsync(audit.intents(workspaceId, intent.runId))).toEqual([intent, older]);
  });

  it('reads the outcomes of one run for more conversations than a batch takes, and only those', async () => {
    const workspaceId = newWorkspace();
    const numbers = Array.from({ length: 230 }, (_, number) => number);
    const outcomes = numbers.map((number) =>
      anOutcome({ workspaceId, conversationId: conversationIdOf(number) }),
    );
    await putAll(outcomes.filter((_, at) => at % 2 === 0));
    await audit.putOutcome(
      anOutcome({ workspaceId, conversationId: conversationIdOf(1), runId: runIdOf(2) }),
    );

    const found = await audit.readOutcomes(workspaceId, runIdOf(1), numbers.map(conversationIdOf));

    expect(found.size).toBe(115);
    expect(found.get(conversationIdOf(228))).toEqual(outcomes[228]);
    expect(found.has(conversationIdOf(1))).toBe(false);
    expect(await audit.readOutcomes(workspaceId, runIdOf(1), [])).toEqual(new Map());
  });

  it('lists summaries newest first, passing over a run that has not ended', async () => {
    const workspaceId = newWorkspace();
    const runIds = Array.from({ length: 120 }, (_, number) => runIdOf(number));
    for (const runId of runIds) await audit.putRunStarted(aRun({ workspaceId, runId }));
    const ended = runIds.filter((_, number) => number % 7 !== 3);
    for (const runId of ended) await audit.putSummary(aSummary({ workspaceId, runId }));

    const summaries = await collect(audit.summaries(workspaceId));

    expect(summaries.map(({ runId }) => runId)).toEqual(ended.toReversed());
    expect(summaries[0]).toEqual(aSummary({ workspaceId, runId: runIdOf(119) }));
  });

  it('lists what people did, in the order of time', async () => {
    const workspaceId = newWorkspace();
    const acts = (['approved', 'hold_added', 'paused'] as const).map((kind, at) => ({
      workspaceId,
      kind,
      at: later(noon, at),
      by: 'dpo',
      subject: `plan#${at}`,
      details: { reason: 'audit "2026"' },
    }));
    for (const act of acts.toReversed()) await audit.putAct(act);
    expect(await collect(audit.acts(workspaceId))).toEqual(acts);
  });
});

describe('queryOutcomes', () => {
  /** Just after the history that is put here. */
  const now = instantFromIso('2026-09-03T12:00:00.000Z');
  const ruleA = brandId<RuleId>('closed-two-years');
  const ruleB = brandId<RuleId>('erase-on-tag');

  async function putHistory(workspaceId: WorkspaceId): Promise<readonly Outcome[]> {
    const times = [
      '2026-08-30T23:59:59.999Z',
      '2026-08-31T00:00:00.000Z',
      '2026-09-01T00:00:00.000Z',
      '2026-09-01T00:00:00.001Z',
      '2026-09-02T09:00:00.000Z',
      '2026-09-03T11:59:59.000Z',
    ].map(instantFromIso);
    const outcomes = times.map((recordedAt, number) =>
      anOutcome({
        workspaceId,
        conversationId: conversationIdOf(90 - number),
        recordedAt,
        ruleId: number % 2 === 0 ? ruleA : ruleB,
        runId: runIdOf(number < 3 ? 1 : 2),
        retainMetrics: number % 3 !== 0,
        outcome: number === 4 ? 'failed' : number === 5 ? 'kept' : 'deleted',
      }),
    );
    await audit.putRunStarted(aRun({ workspaceId, runId: runIdOf(1), startedAt: later(times[0]!, -5_000) }));
    await putAll(outcomes);
    for (const number of [0, 1, 5]) {
      const { conversationId } = outcomes[number]!;
      await audit.putConfirmation(
        aConfirmation({ workspaceId, conversationId, metricsRetained: number === 1 }),
      );
    }
    return outcomes;
  }

  it('gives every outcome, oldest first, when nothing is asked for in particular', async () => {
    const workspaceId = newWorkspace();
    const outcomes = await putHistory(workspaceId);
    expect(await idsOf(workspaceId, {}, now)).toEqual(outcomes.map(nameOf));
  });

  it('answers every combination of filters as a look at each outcome would', async () => {
    const workspaceId = newWorkspace();
    const outcomes = await putHistory(workspaceId);
    const metricsRetainedOf = new Map([
      [conversationIdOf(90), false],
      [conversationIdOf(89), true],
    ]);
    const filters = combinations({
      conversationId: [conversationIdOf(88)],
      from: [outcomes[1]!.recordedAt],
      until: [outcomes[4]!.recordedAt],
      ruleId: [ruleB],
      runId: [runIdOf(2)],
      outcome: ['deleted'],
      metricsRetained: [true, false],
      retainMetrics: [false],
    });
    expect(filters).toHaveLength(384);

    for (const filter of filters) {
      const expected = outcomes.filter(
        (each) =>
          (filter.conversationId ?? each.conversationId) === each.conversationId &&
          (filter.from ?? each.recordedAt) <= each.recordedAt &&
          (filter.until === undefined || each.recordedAt < filter.until) &&
          (filter.ruleId ?? each.ruleId) === each.ruleId &&
          (filter.runId ?? each.runId) === each.runId &&
          (filter.outcome ?? each.outcome) === each.outcome &&
          (filter.metricsRetained === undefined ||
            metricsRetainedOf.get(each.conversationId) === filter.metricsRetained) &&
          (filter.retainMetrics ?? each.retainMetrics) === each.retainMetrics,
      );
      const found = await idsOf(workspaceId, filter, now);
      expect(found, JSON.stringify(filter)).toEqual(expected.map(nameOf));
    }
  });

  it('finds nothing in a span that is empty, before the first run, or still to come', async () => {
    const workspaceId = newWorkspace();
    const [first, second] = await putHistory(workspaceId);
    const spans: readonly OutcomeFilter[] = [
      { from: second!.recordedAt, until: first!.recordedAt },
      { until: later(first!.recordedAt, -90_000_000) },
      { from: later(now, 90_000_000) },
    ];
    for (const span of spans) {
      expect(await idsOf(workspaceId, span, now)).toEqual([]);
      expect(await idsOf(workspaceId, { ...span, ruleId: ruleA }, now)).toEqual([]);
      expect(await idsOf(workspaceId, { ...span, runId: runIdOf(1) }, now)).toEqual([]);
    }
  });

  it('answers no question with nothing because somebody has put a run of the future before all others', async () => {
    const workspaceId = newWorkspace();
    await putHistory(workspaceId);
    const forged = brandId<RunId>('0');
    await audit.putRunStarted(
      aRun({ workspaceId, runId: forged, startedAt: instantFromIso('2099-01-01T00:00:00Z') }),
    );
    await expect(idsOf(workspaceId, {}, now)).rejects.toThrow(
      'The first run of the audit, 0, begins at 2099-01-01T00:00:00.000Z, which is still to come',
    );
  });

  it('joins the confirmation to an outcome, and none to one that was kept', async () => {
    const workspaceId = newWorkspace();
    await putHistory(workspaceId);
    const found = await collect(audit.queryOutcomes(workspaceId, {}));
    expect(found.map(({ confirmation }) => confirmation?.metricsRetained)).toEqual([
      false,
      true,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('goes on over the pages of a partition', async () => {
    const workspaceId = newWorkspace();
    await audit.putRunStarted(aRun({ workspaceId }));
    const outcomes = Array.from({ length: 603 }, (_, number) =>
      anOutcome({ workspaceId, conversationId: conversationIdOf(number), recordedAt: later(noon, -number) }),
    );
    await putAll(outcomes);
    const expected = outcomes.toReversed().map(nameOf);
    expect(await idsOf(workspaceId, {})).toEqual(expected);
    expect(await idsOf(workspaceId, { runId: runIdOf(1) })).toEqual(expected);
    expect(await idsOf(workspaceId, { ruleId: ruleA })).toEqual(expected);
  });

  it('reads no further than it is asked to: memory does not grow with the number of outcomes', async () => {
    const workspaceId = newWorkspace();
    await audit.putRunStarted(aRun({ workspaceId }));
    const outcomes = Array.from({ length: 603 }, (_, number) =>
      anOutcome({ workspaceId, conversationId: conversationIdOf(number), recordedAt: later(noon, -number) }),
    );
    await putAll(outcomes);
    const client = store.connect();
    let itemsRead = 0;
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        if ('Items' in result.output) itemsRead += result.output.Items?.length ?? 0;
        return result;
      },
      { step: 'initialize', name: 'countItems' },
    );
    const observed = createAuditTrail(client, store.tables.audit, stoppedClock(noon));
    for await (const { outcome } of observed.queryOutcomes(workspaceId, {})) {
      expect(outcome.conversationId).toBe(conversationIdOf(602));
      break;
    }
    expect(itemsRead).toBeLessThanOrEqual(251); // the first run, and one page
    client.destroy();
  });

  it('finds nothing in a workspace that never had a run, and nothing of another workspace', async () => {
    await putHistory(newWorkspace());
    expect(await idsOf(newWorkspace(), {}, now)).toEqual([]);
  });

  it('counts every attempt on one conversation, the oldest first', async () => {
    const workspaceId = newWorkspace();
    const failed = anOutcome({
      workspaceId,
      runId: runIdOf(9),
      outcome: 'failed',
      recordedAt: later(noon, -5),
    });
    const deleted = anOutcome({ workspaceId, runId: runIdOf(3) });
    await audit.putOutcome(deleted);
    await audit.putOutcome(failed);
    const found = await audit.outcomesOfConversation(workspaceId, conversationIdOf(1));
    expect(found.map(({ outcome }) => outcome)).toEqual([failed, deleted]);
  });
});
