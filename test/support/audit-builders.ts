import { brandId, type ConversationId, type RuleId, type RunId, type WorkspaceId } from '#policy/ids.ts';
import { type Instant, instantFromIso, instantFromMs } from '#policy/instant.ts';
import type { AuditFacts, Confirmation, Intent, Outcome, PlannedDeletion } from '#sweep/outcome.ts';
import type { Clock } from '#sweep/ports.ts';
import { noClasses, type ReconcileProgress, type Reconciliation } from '#sweep/reconcile-record.ts';
import type { PlanRecord, RunRecord, RunSummary } from '#sweep/run-record.ts';

export const workspaceId = brandId<WorkspaceId>('a86dr8yl');
export const noon: Instant = instantFromIso('2026-11-21T12:00:00.000Z');
export const later = (start: Instant, ms: number): Instant => instantFromMs(start + ms);

export const conversationIdOf = (number: number): ConversationId =>
  brandId<ConversationId>(String(215_470_000_000_000 + number));

/** A run id of version 7 whose place in time is `number`. */
export const runIdOf = (number: number): RunId =>
  brandId<RunId>(`019a${String(number).padStart(4, '0')}-7c1e-7b3a-9d2f-0a1b2c3d4e5f`);

/** A clock that stands still and never makes anybody wait. */
export const stoppedClock = (now: Instant): Clock => ({ now: () => now, sleep: () => Promise.resolve() });

export const aFactsRecord = (changes: Partial<AuditFacts> = {}): AuditFacts => ({
  state: 'closed',
  createdAt: instantFromIso('2022-01-03T08:15:30.000Z'),
  updatedAt: instantFromIso('2022-02-14T17:45:01.000Z'),
  tagIds: [brandId('7522907'), brandId('7522908'), brandId('7522911')],
  teamId: brandId('5017691'),
  hasTicket: false,
  ...changes,
});

export const anOutcome = (changes: Partial<Outcome> = {}): Outcome => ({
  workspaceId,
  conversationId: conversationIdOf(1),
  outcome: 'deleted',
  reason: null,
  ruleId: brandId<RuleId>('closed-two-years'),
  policyHash: brandId('3f79bb7b435b05321651daefd374cdc681dc06faa65e374e38337b88ca046dea'),
  runId: runIdOf(1),
  trigger: 'schedule',
  retainMetrics: true,
  plannedAt: later(noon, -600_000),
  attemptedAt: later(noon, -70),
  deletedAt: noon,
  recordedAt: noon,
  httpStatus: 200,
  intercomRequestId: '0049j3a1s8e0m2b7s6ng',
  facts: aFactsRecord(),
  ...changes,
});

export const aConfirmation = (changes: Partial<Confirmation> = {}): Confirmation => ({
  workspaceId,
  conversationId: conversationIdOf(1),
  deletedAt: later(noon, -1_000),
  metricsRetained: true,
  confirmedAt: later(noon, 3_600_000),
  claimed: true,
  beforeAudit: false,
  ...changes,
});

export const aReconciliation = (changes: Partial<Reconciliation> = {}): Reconciliation => ({
  workspaceId,
  reconciliationId: brandId('019a0002-7c1e-7b3a-9d2f-0a1b2c3d4e5f'),
  startedAt: later(noon, -60_000),
  finishedAt: noon,
  auditBeganAt: later(noon, -3_600_000),
  listReadAt: later(noon, -59_000),
  listTotal: 1_000,
  pages: 17,
  apiCalls: 18,
  counts: { ...noClasses, confirmed: 997, deleted_elsewhere: 3 },
  change: { ...noClasses, confirmed: 997, deleted_elsewhere: 3 },
  newElsewhere: 3,
  examples: { flag_mismatch: [], deleted_elsewhere: [1, 2, 3].map(conversationIdOf) },
  ...changes,
});

/** In the middle of its first walk. */
export const aReconcileProgress = (changes: Partial<ReconcileProgress> = {}): ReconcileProgress => ({
  workspaceId,
  auditBeganAt: later(noon, -3_600_000),
  current: {
    reconciliationId: aReconciliation().reconciliationId,
    startedAt: noon,
    countsBefore: noClasses,
    confirmsFrom: noon,
    earlierExplained: 0,
    examples: { flag_mismatch: [], deleted_elsewhere: [] },
    pages: 2,
    apiCalls: 3,
    walk: { page: 3, startedAt: noon, total: 1_000 },
    claims: undefined,
  },
  last: undefined,
  counts: { ...noClasses, confirmed: 120 },
  storing: [],
  confirmedUntil: later(noon, 1_000),
  list: { readAt: undefined, total: undefined, readToEndAt: undefined, unaccounted: 0 },
  claimsCheckedUntil: noon,
  lateClaims: [],
  absencesCheckedUntil: undefined,
  ...changes,
});

export const aDeletion = (number: number, changes: Partial<PlannedDeletion> = {}): PlannedDeletion => ({
  conversationId: conversationIdOf(number),
  ruleId: brandId<RuleId>('closed-two-years'),
  retainMetrics: true,
  readAt: later(noon, number),
  facts: aFactsRecord({
    createdAt: instantFromMs(1_600_000_000_000 + number * 7_919_000),
    updatedAt: instantFromMs(1_620_000_000_000 + number * 15_485_000),
    tagIds: [brandId(String(7_520_000 + ((number * 31) % 40))), brandId(String(7_530_000 + (number % 7)))],
  }),
  ...changes,
});

export const anIntent = (changes: Partial<Intent> = {}): Intent => ({
  workspaceId,
  runId: runIdOf(1),
  planId: brandId('019a0001-0000-7000-8000-00000000000a'),
  chunkNumber: 0,
  conversationIds: [conversationIdOf(1), conversationIdOf(2)],
  intendedAt: noon,
  apiVersion: '2.16',
  ...changes,
});

const noCounts = { deleted: 0, not_found: 0, unresolved: 0, failed: 0, kept: 0 } as const;

export const aRun = (changes: Partial<RunRecord> = {}): RunRecord => ({
  workspaceId,
  runId: runIdOf(1),
  trigger: 'schedule',
  policyHash: anOutcome().policyHash,
  planId: anIntent().planId,
  phase: 'applying',
  startedAt: later(noon, -600_000),
  finishedAt: undefined,
  stopReason: undefined,
  nextChunk: 3,
  trimmedTo: undefined,
  intended: 1_000,
  counts: { ...noCounts, deleted: 448, kept: 2 },
  countsByRule: { [brandId<RuleId>('closed-two-years')]: { ...noCounts, deleted: 448, kept: 2 } },
  apiCalls: 1_234,
  rateLimited: 0,
  ...changes,
});

export const aSummary = (changes: Partial<RunSummary> = {}): RunSummary => ({
  workspaceId,
  runId: runIdOf(1),
  planId: anIntent().planId,
  trigger: 'schedule',
  policyHash: anOutcome().policyHash,
  startedAt: later(noon, -600_000),
  finishedAt: noon,
  stopReason: 'done',
  refusals: [],
  intended: 1_000,
  counts: { ...noCounts, deleted: 1_000 },
  countsByRule: {},
  apiCalls: 1_234,
  rateLimited: 0,
  ...changes,
});

export const aPlan = (changes: Partial<PlanRecord> = {}): PlanRecord => ({
  workspaceId,
  workspaceName: 'Acme Support',
  planId: anIntent().planId,
  policyHash: anOutcome().policyHash,
  trigger: 'manual',
  status: 'planning',
  asOf: noon,
  finishedAt: undefined,
  scan: 'search',
  windows: [
    {
      ruleId: brandId<RuleId>('closed-two-years'),
      createdFrom: instantFromIso('2020-01-01T00:00:00Z'),
      createdUntil: instantFromIso('2021-01-01T00:00:00Z'),
      cursor: 'WzE2NjM1OTc1NDAwMDAsIjIxNTQ3MDAwMDAwMDAwMSJd',
      done: false,
    },
  ],
  chunkCount: 2,
  workspaceTotal: 20_000,
  scanned: 4_500,
  candidates: 300,
  byRule: { [brandId<RuleId>('closed-two-years')]: 300 },
  keptBy: { no_rule_matched: 4_000, held: 3 },
  apiCalls: 31,
  gate: undefined,
  appliedBy: undefined,
  ...changes,
});
