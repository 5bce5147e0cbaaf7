import type {
  ConversationId,
  PlanId,
  PolicyHash,
  ReconciliationId,
  RuleId,
  RunId,
  WorkspaceId,
} from '#policy/ids.ts';
import { type Instant, toIso } from '#policy/instant.ts';
import type { HoldTarget } from '#sweep/hold.ts';
import type { LeaseLane } from '#sweep/ports.ts';
import type { Act } from '#sweep/run-record.ts';
import { escapePart, inWorkspace, numberPart, part } from './key-parts.ts';

/** Every key of both tables. Different arguments never give the same key, since no part can hold a bare `#`. */

export interface PrimaryKey {
  readonly pk: string;
  readonly sk: string;
}

// ── Audit table ───────────────────────────────────────────────────────────────────────────────────────────────────

export const conversationPartition = (workspaceId: WorkspaceId, id: ConversationId): string =>
  `${inWorkspace(workspaceId)}#CONV#${part('conversation id', id)}`;

export const outcomeKey = (workspaceId: WorkspaceId, id: ConversationId, runId: RunId): PrimaryKey => ({
  pk: conversationPartition(workspaceId, id),
  sk: `OUTCOME#${part('run id', runId)}`,
});

export const confirmationKey = (workspaceId: WorkspaceId, id: ConversationId): PrimaryKey => ({
  pk: conversationPartition(workspaceId, id),
  sk: 'CONFIRMATION',
});

const planPartition = (workspaceId: WorkspaceId, planId: PlanId): string =>
  `${inWorkspace(workspaceId)}#PLAN#${part('plan id', planId)}`;

export const planKey = (workspaceId: WorkspaceId, planId: PlanId): PrimaryKey => ({
  pk: planPartition(workspaceId, planId),
  sk: 'PLAN',
});

export const planChunkPrefix = 'CHUNK#';

export const planChunkKey = (workspaceId: WorkspaceId, planId: PlanId, chunk: number): PrimaryKey => ({
  pk: planPartition(workspaceId, planId),
  sk: `${planChunkPrefix}${numberPart('chunk number', chunk)}`,
});

const runPartition = (workspaceId: WorkspaceId, runId: RunId): string =>
  `${inWorkspace(workspaceId)}#RUN#${part('run id', runId)}`;

export const intentPrefix = 'INTENT#';

export const intentKey = (workspaceId: WorkspaceId, runId: RunId, chunk: number): PrimaryKey => ({
  pk: runPartition(workspaceId, runId),
  sk: `${intentPrefix}${numberPart('chunk number', chunk)}`,
});

export const summaryKey = (workspaceId: WorkspaceId, runId: RunId): PrimaryKey => ({
  pk: runPartition(workspaceId, runId),
  sk: 'SUMMARY',
});

/** One item a run, in order of time: the ids of runs sort by it. */
export const runListKey = (workspaceId: WorkspaceId, runId: RunId): PrimaryKey => ({
  pk: runListPartition(workspaceId),
  sk: part('run id', runId),
});

export const actKey = (act: Act): PrimaryKey => ({
  pk: actPartition(act.workspaceId),
  sk: `${toIso(act.at)}#${act.kind}#${part('subject of an act', act.subject)}`,
});

export const actPartition = (workspaceId: WorkspaceId): string => `${inWorkspace(workspaceId)}#ACTS`;
export const runListPartition = (workspaceId: WorkspaceId): string => `${inWorkspace(workspaceId)}#RUNS`;

/** In order of time: the ids of reconciliations sort by it. */
export const reconciliationKey = (workspaceId: WorkspaceId, id: ReconciliationId): PrimaryKey => ({
  pk: reconciliationPartition(workspaceId),
  sk: part('reconciliation id', id),
});

export const reconciliationPartition = (workspaceId: WorkspaceId): string =>
  `${inWorkspace(workspaceId)}#RECONCILIATIONS`;

/**
 * Room for spreading one day over several partitions: DynamoDB writes 1,000 units a second to one, and Intercom's limit
 * makes 167 deletions a second, so one shard is enough.
 */
const dayShard = 0;

/** Of the index `by_day`: the UTC day of `at`. */
export const dayPartition = (workspaceId: WorkspaceId, at: Instant): string =>
  `${inWorkspace(workspaceId)}#DAY#${toIso(at).slice(0, 'yyyy-mm-dd'.length)}#${dayShard}`;

/** Of the index `by_day`: everything that was recorded on the UTC day of `at` and is no outcome. */
export const recordsPartition = (workspaceId: WorkspaceId, at: Instant): string =>
  `${inWorkspace(workspaceId)}#RECORDS#${toIso(at).slice(0, 'yyyy-mm-dd'.length)}#${dayShard}`;

/** Of the index `by_rule`: the UTC month of `at`. */
export const ruleMonthPartition = (workspaceId: WorkspaceId, ruleId: RuleId, at: Instant): string =>
  `${inWorkspace(workspaceId)}#RULE#${part('rule id', ruleId)}#${toIso(at).slice(0, 'yyyy-mm'.length)}`;

/** Of the index `by_run`: the run's partition, as in the table itself. */
export const runOutcomesPartition = runPartition;

/**
 * What the two other indexes have of an outcome, by the item alone. Texts in, texts out: whether they are what this project
 * writes is not asked.
 */
export function outcomeIndexKeys(
  { pk, sk }: PrimaryKey,
  ruleId: string,
  recordedAt: string,
): { readonly by_rule: string; readonly by_run: string } {
  const workspace = pk.split('#').slice(0, 2).join('#');
  return {
    by_rule: `${workspace}#RULE#${escapePart(ruleId)}#${recordedAt.slice(0, 'yyyy-mm'.length)}`,
    by_run: `${workspace}#RUN#${sk.slice('OUTCOME#'.length)}`,
  };
}

/** What the index `by_day` has of a record, by the item alone, in the same way. */
export function journalKeys(
  { pk, sk }: PrimaryKey,
  recordedAt: string,
): { readonly by_day: string; readonly at: string } {
  const [prefix, workspace, , subject] = pk.split('#');
  const day = recordedAt.slice(0, 'yyyy-mm-dd'.length);
  const isOutcome = sk.startsWith('OUTCOME#');
  return {
    by_day: `${prefix}#${workspace}#${isOutcome ? 'DAY' : 'RECORDS'}#${day}#${dayShard}`,
    at: isOutcome ? `${recordedAt}#${subject}` : recordedAt,
  };
}

/** The sort key of every index for outcomes: when the outcome was recorded, then the conversation. */
export const outcomeSortKey = (recordedAt: Instant, id: ConversationId): string =>
  `${toIso(recordedAt)}#${part('conversation id', id)}`;

/** Sorts before every outcome recorded at or after `at`, and after all that are older. */
export const outcomeSortBound = (at: Instant): string => toIso(at);

// ── State table ───────────────────────────────────────────────────────────────────────────────────────────────────

const stateKey = (workspaceId: WorkspaceId, sk: string): PrimaryKey => ({ pk: inWorkspace(workspaceId), sk });

export const statePartition = inWorkspace;

const laneSortKeys: Readonly<Record<LeaseLane, string>> = { sweep: 'LEASE', reconcile: 'LEASE#RECONCILE' };

export const leaseKey = (workspaceId: WorkspaceId, lane: LeaseLane = 'sweep'): PrimaryKey =>
  stateKey(workspaceId, laneSortKeys[lane]);
export const budgetKey = (workspaceId: WorkspaceId): PrimaryKey => stateKey(workspaceId, 'BUDGET');
export const pauseKey = (workspaceId: WorkspaceId): PrimaryKey => stateKey(workspaceId, 'PAUSE');

export const finishedRunKey = (workspaceId: WorkspaceId, runId: RunId): PrimaryKey =>
  stateKey(workspaceId, `RUN#${part('run id', runId)}`);

export const planStatePrefix = 'PLAN#';

export const planStateKey = (workspaceId: WorkspaceId, planId: PlanId): PrimaryKey =>
  stateKey(workspaceId, `${planStatePrefix}${part('plan id', planId)}`);

export const planApprovalKey = (workspaceId: WorkspaceId, planId: PlanId): PrimaryKey =>
  stateKey(workspaceId, `APPROVAL#PLAN#${part('plan id', planId)}`);

export const policyApprovalKey = (workspaceId: WorkspaceId, policyHash: PolicyHash): PrimaryKey =>
  stateKey(workspaceId, `APPROVAL#POLICY#${part('policy hash', policyHash)}`);

export const absencePrefix = 'ABSENCE#';

export const absenceKey = (workspaceId: WorkspaceId, id: ConversationId): PrimaryKey =>
  stateKey(workspaceId, `${absencePrefix}${part('conversation id', id)}`);

export const holdPrefix = 'HOLD#';

export const holdKey = (
  workspaceId: WorkspaceId,
  target: HoldTarget,
  targetId: string,
  matter: string,
): PrimaryKey =>
  stateKey(
    workspaceId,
    `${holdPrefix}${target}#${part('id that is held', targetId)}#${part('matter of the hold', matter)}`,
  );
