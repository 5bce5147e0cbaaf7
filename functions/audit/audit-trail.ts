import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { brandId, type RunId, type WorkspaceId } from '#policy/ids.ts';
import { toIso } from '#policy/instant.ts';
import type { AuditTrail, Clock, Written } from '#sweep/ports.ts';
import type { RunSummary } from '#sweep/run-record.ts';
import { batchGet } from './batch-get.ts';
import { fromConfirmationItem, toConfirmationItem } from './confirmation-item.ts';
import { firstRecordAt } from './first-record.ts';
import { fromIntentItem, toIntentItem } from './intent-item.ts';
import { type Item, textOf } from './item.ts';
import { inJournal } from './journal.ts';
import {
  actKey,
  actPartition,
  confirmationKey,
  intentKey,
  intentPrefix,
  outcomeKey,
  planChunkKey,
  planChunkPrefix,
  planKey,
  reconciliationKey,
  reconciliationPartition,
  runListKey,
  runListPartition,
  summaryKey,
} from './keys.ts';
import { fromOutcomeItem, toOutcomeItem } from './outcome-item.ts';
import { fromPlanChunkItem, toPlanChunkItem } from './plan-chunk-item.ts';
import { outcomesOfConversation, queryOutcomes } from './query-outcomes.ts';
import {
  actAttribute,
  fromPlanAttributes,
  reconciliationAttribute,
  summaryAttribute,
  toPlanAttributes,
} from './record-attribute.ts';
import { getItem, partitionQuery, putIfAbsent, queryItems, type StoreTable } from './store-table.ts';

/** A chunk is a few kilobytes and unpacks to ten times that. */
const chunksPerPage = 25;
const runsPerPage = 50;
/** Most readers want the newest only. */
const reconciliationsPerPage = 10;

/**
 * The audit trail in DynamoDB. It only ever adds: every write is one conditional `PutItem`, every read a `GetItem`,
 * `BatchGetItem` or `Query`, and a role that may do these four can do everything here.
 */
export function createAuditTrail(
  client: DynamoDBDocumentClient,
  tableName: string,
  clock: Clock,
): AuditTrail {
  const table: StoreTable = { client, tableName };
  const record = async (workspaceId: WorkspaceId, item: Item): Promise<Written> =>
    putIfAbsent(table, inJournal(item, workspaceId, clock.now()));
  return {
    putPlanChunk: async (chunk) => record(chunk.workspaceId, toPlanChunkItem(chunk)),
    putPlan: async (plan, policyJson) =>
      record(plan.workspaceId, {
        ...planKey(plan.workspaceId, plan.planId),
        ...toPlanAttributes(plan),
        policy_json: policyJson,
      }),
    async readPlan(workspaceId, planId) {
      const item = await getItem(table, planKey(workspaceId, planId));
      return item === undefined ? undefined : fromPlanAttributes(item);
    },
    async readPlanPolicy(workspaceId, planId) {
      const item = await getItem(table, planKey(workspaceId, planId));
      return item === undefined ? undefined : textOf(item, 'policy_json');
    },
    async readPlanChunk(workspaceId, planId, chunkNumber) {
      const item = await getItem(table, planChunkKey(workspaceId, planId, chunkNumber));
      return item === undefined ? undefined : fromPlanChunkItem(item);
    },
    async *planChunks(workspaceId, planId) {
      const query = partitionQuery(planKey(workspaceId, planId).pk, planChunkPrefix);
      for await (const item of queryItems(table, { ...query, Limit: chunksPerPage })) {
        yield fromPlanChunkItem(item);
      }
    },

    putRunStarted: async (run) =>
      record(run.workspaceId, {
        ...runListKey(run.workspaceId, run.runId),
        run_id: run.runId,
        trigger: run.trigger,
        policy_hash: run.policyHash,
        started_at: toIso(run.startedAt),
      }),
    putIntent: async (intent) => record(intent.workspaceId, toIntentItem(intent)),
    async readIntent(workspaceId, runId, chunkNumber) {
      const item = await getItem(table, intentKey(workspaceId, runId, chunkNumber));
      return item === undefined ? undefined : fromIntentItem(item);
    },
    async *intents(workspaceId, runId) {
      const query = partitionQuery(intentKey(workspaceId, runId, 0).pk, intentPrefix);
      for await (const item of queryItems(table, { ...query, Limit: chunksPerPage })) {
        yield fromIntentItem(item);
      }
    },
    putOutcome: async (outcome) => putIfAbsent(table, toOutcomeItem(outcome)),
    async readOutcomes(workspaceId, runId, conversationIds) {
      const keys = [...new Set(conversationIds)].map((id) => outcomeKey(workspaceId, id, runId));
      const outcomes = (await batchGet(table, clock, keys)).map(fromOutcomeItem);
      return new Map(outcomes.map((outcome) => [outcome.conversationId, outcome]));
    },
    putConfirmation: async (confirmation) =>
      record(confirmation.workspaceId, toConfirmationItem(confirmation)),
    async readConfirmations(workspaceId, conversationIds) {
      const keys = [...new Set(conversationIds)].map((id) => confirmationKey(workspaceId, id));
      const confirmations = (await batchGet(table, clock, keys)).map(fromConfirmationItem);
      return new Map(confirmations.map((confirmation) => [confirmation.conversationId, confirmation]));
    },
    putReconciliation: async (reconciliation) =>
      record(reconciliation.workspaceId, {
        ...reconciliationKey(reconciliation.workspaceId, reconciliation.reconciliationId),
        ...reconciliationAttribute.toAttribute(reconciliation),
      }),
    putSummary: async (summary) =>
      record(summary.workspaceId, {
        ...summaryKey(summary.workspaceId, summary.runId),
        run_id: summary.runId,
        ...summaryAttribute.toAttribute(summary),
      }),
    async readSummary(workspaceId, runId) {
      const item = await getItem(table, summaryKey(workspaceId, runId));
      return item === undefined ? undefined : summaryAttribute.fromItem(item);
    },
    putAct: async (act) => record(act.workspaceId, { ...actKey(act), ...actAttribute.toAttribute(act) }),

    firstRecordAt: async (workspaceId) => firstRecordAt(table, clock, workspaceId),
    queryOutcomes: (workspaceId, filter) => queryOutcomes(table, clock, workspaceId, filter),
    outcomesOfConversation: async (workspaceId, id) => outcomesOfConversation(table, workspaceId, id),
    summaries: (workspaceId) => summaries(table, clock, workspaceId),
    async *reconciliations(workspaceId) {
      const query = partitionQuery(reconciliationPartition(workspaceId), '');
      const newestFirst = { ...query, ScanIndexForward: false, Limit: reconciliationsPerPage };
      for await (const item of queryItems(table, newestFirst)) yield reconciliationAttribute.fromItem(item);
    },
    async *acts(workspaceId) {
      for await (const item of queryItems(table, partitionQuery(actPartition(workspaceId), ''))) {
        yield actAttribute.fromItem(item);
      }
    },
  };
}

/** Runs are listed in order of time; a run that has not ended has no summary. */
async function* summaries(
  table: StoreTable,
  clock: Clock,
  workspaceId: WorkspaceId,
): AsyncGenerator<RunSummary> {
  const newestFirst = {
    ...partitionQuery(runListPartition(workspaceId), ''),
    ScanIndexForward: false,
    Limit: runsPerPage,
  };
  let runIds: RunId[] = [];
  for await (const item of queryItems(table, newestFirst)) {
    runIds.push(brandId<RunId>(textOf(item, 'run_id')));
    if (runIds.length < runsPerPage) continue;
    yield* await readSummaries(table, clock, workspaceId, runIds);
    runIds = [];
  }
  yield* await readSummaries(table, clock, workspaceId, runIds);
}

async function readSummaries(
  table: StoreTable,
  clock: Clock,
  workspaceId: WorkspaceId,
  runIds: readonly RunId[],
): Promise<readonly RunSummary[]> {
  const items = await batchGet(
    table,
    clock,
    runIds.map((runId) => summaryKey(workspaceId, runId)),
  );
  const byRun = new Map(items.map((item) => [textOf(item, 'run_id'), summaryAttribute.fromItem(item)]));
  return runIds.map((runId) => byRun.get(runId)).filter((summary) => summary !== undefined);
}
