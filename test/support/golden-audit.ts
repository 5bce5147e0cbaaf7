import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createSealStore } from '#audit/seal-store.ts';
import { certificateFiles, writeCertificate } from '#cli/certificate/certificate-files.ts';
import { makeCertificate } from '#cli/certificate/make-certificate.ts';
import { exportFormats, toRequest } from '#cli/export/export-manifest.ts';
import { runExport } from '#cli/export/run-export.ts';
import { brandId, type ConversationId, type PlanId, type RunId, type WorkspaceId } from '#policy/ids.ts';
import { type Instant, instantFromIso } from '#policy/instant.ts';
import { policyHash, toCanonicalJson } from '#policy/policy-hash.ts';
import { leafLine } from '#seal/leaf-list.ts';
import { sealDays } from '#seal/seal-days.ts';
import type { Signer } from '#seal/signing-key.ts';
import { parseUtcDay } from '#seal/utc-day.ts';
import type { Outcome, RunTrigger } from '#sweep/outcome.ts';
import type { AuditTrail } from '#sweep/ports.ts';
import type { PlanRecord } from '#sweep/run-record.ts';
import { aConfirmation, stoppedClock } from './audit-builders.ts';
import type { TestStore } from './dynamodb.ts';

/**
 * The audit from which the files of `test/golden` are made: four days of a workspace, of which every value stands on this page, so
 * that it is the same whenever it is made. The first two days are signed by one kind of key, the others by the other kind.
 */

const workspaceId = brandId<WorkspaceId>('golden');
/** What the golden files say that made them. */
const tool = 'intercom-retention 0.1.0';

const days = ['2026-01-05', '2026-01-06', '2026-01-07', '2026-01-08'] as const;
const [firstDay, secondDay, thirdDay, lastDay] = days;
const at = (day: string, time: string): Instant => instantFromIso(`${day}T${time}Z`);

/**
 * Deleted and confirmed; deleted on the word of Intercom's list; erased without approval and confirmation; deleted with an approval
 * that was sealed only after it.
 */
export const goldenCertificates = [
  { name: 'whole', conversationId: '215470000000001' },
  { name: 'lost-answer', conversationId: '215470000000002' },
  { name: 'bare', conversationId: '215470000000003' },
  { name: 'late-approval', conversationId: '215470000000005' },
] as const;
const [whole, lostAnswer, bare, lateApproval] = goldenCertificates;
const held = '215470000000004';

/** Looks at every fact that a condition can look at, so that the words for each stand in a certificate. */
const everyClause = {
  state: 'closed',
  created: { after: '2019-01-01', before: '2025-01-01' },
  last_activity: { older_than: '2y' },
  tags: { any: ['done', 'old'], none: ['vip'] },
  any: [
    { parts: { at_least: 1, at_most: 40 } },
    {
      all: [
        { last_contact_reply: { older_than: '18mo' } },
        { last_admin_reply: { newer_than: '6w' } },
        { last_closed: { before: '2025-06-01T12:00:00Z' } },
        { waiting_since: { older_than: '12h', newer_than: '3d' } },
      ],
    },
    { tags: { all: ['done'] }, team: 'Support', assignee: 'unassigned' },
    { channel: ['email', 'sms'], initiated_by: { not: 'automated' }, author_type: { not: ['bot', 'admin'] } },
    { priority: 'not_priority', read: false, rating: { at_most: 2 } },
    { contact: '6762f0f31bb69f9f2193bb7f', company: '6762f0f31bb69f9f2193bb80', read: true },
    { attributes: { 'Plan tier': ['free', 3, true] } },
    { ai: { participated: true, resolution: 'assumed_resolution' } },
    { ai: { participated: false }, rating: { at_least: 1 } },
  ],
  not: { state: 'open' },
};

const sweepPolicyOf = (approval: 'each_run' | 'standing'): string =>
  toCanonicalJson({
    version: 1,
    workspace: workspaceId,
    mode: 'delete',
    approval,
    rules: [
      {
        id: 'every-clause',
        description: 'Closed and silent for two years.',
        legal_basis: 'Retention schedule 4.2; GDPR Art. 5(1)(e)',
        when: everyClause,
        retain_metrics: true,
      },
    ],
  });
const sweepPolicy = sweepPolicyOf('each_run');
const otherSweepPolicy = sweepPolicyOf('standing');
/** What its names stood for. */
const names: PlanRecord['names'] = {
  tags: { done: brandId('7522908'), old: brandId('7522909'), vip: brandId('7522910') },
  teams: { Support: brandId('5017691') },
};

const erasurePolicy = toCanonicalJson({
  version: 1,
  workspace: workspaceId,
  mode: 'delete',
  approval: 'each_run',
  rules: [
    {
      id: 'erasure',
      on: 'schedule',
      when: { contact: '6762f0f31bb69f9f2193bb7f' },
      despite: ['minimum_age', 'open'],
      retain_metrics: false,
    },
  ],
});

const idOf = <Id extends PlanId | RunId>(number: number): Id =>
  brandId<Id>(`019b8f00-0000-7000-8000-00000000000${number}`);
const conversation = (id: string): ConversationId => brandId<ConversationId>(id);

/** One plan that is carried out, in one chunk. */
interface Story {
  readonly number: number;
  readonly trigger: RunTrigger;
  readonly policyJson: string;
  readonly ruleId: string;
  readonly conversationIds: readonly string[];
  readonly apiVersion: string | undefined;
  readonly covers: 'plan' | 'policy' | undefined;
}

const stories: readonly Story[] = [
  {
    number: 1,
    trigger: 'manual',
    policyJson: sweepPolicy,
    ruleId: 'every-clause',
    conversationIds: [whole.conversationId, held],
    apiVersion: '2.16',
    covers: 'plan',
  },
  {
    number: 2,
    trigger: 'schedule',
    policyJson: sweepPolicy,
    ruleId: 'every-clause',
    conversationIds: [lostAnswer.conversationId],
    apiVersion: undefined,
    covers: 'policy',
  },
  {
    number: 3,
    trigger: 'erasure',
    policyJson: erasurePolicy,
    ruleId: 'erasure',
    conversationIds: [bare.conversationId],
    apiVersion: '2.16',
    covers: undefined,
  },
];
/** Approved when its day was sealed already. */
const lateStory: Story = {
  number: 4,
  trigger: 'manual',
  policyJson: otherSweepPolicy,
  ruleId: 'every-clause',
  conversationIds: [lateApproval.conversationId],
  apiVersion: '2.16',
  covers: undefined,
};

const facts: Outcome['facts'] = {
  state: 'closed',
  createdAt: at('2022-03-01', '08:15:30.000'),
  updatedAt: at('2023-02-14', '17:45:01.000'),
  tagIds: [brandId('7522907'), brandId('7522908')],
  teamId: brandId('5017691'),
  hasTicket: false,
};
const unknownFacts: Outcome['facts'] = {
  state: undefined,
  createdAt: undefined,
  updatedAt: undefined,
  tagIds: undefined,
  teamId: undefined,
  hasTicket: undefined,
};
const changedFacts: Outcome['facts'] = { ...facts, tagIds: [], teamId: 'unassigned', hasTicket: true };

type Fate = Pick<Outcome, 'outcome' | 'reason' | 'attemptedAt' | 'deletedAt' | 'httpStatus' | 'facts'> &
  Pick<Outcome, 'intercomRequestId'>;
const attemptedAt = at(secondDay, '10:00:02.000');
const deletedAt = at(secondDay, '10:00:02.345');
const fates: Readonly<Record<string, Fate>> = {
  [whole.conversationId]: {
    outcome: 'deleted',
    reason: null,
    attemptedAt,
    deletedAt,
    httpStatus: 200,
    intercomRequestId: '0049j3a1s8e0m2b7s6ng',
    facts,
  },
  [lostAnswer.conversationId]: {
    outcome: 'unresolved',
    reason: 'timeout',
    attemptedAt,
    deletedAt: null,
    httpStatus: null,
    intercomRequestId: null,
    facts: changedFacts,
  },
  [lateApproval.conversationId]: {
    outcome: 'deleted',
    reason: null,
    attemptedAt,
    deletedAt,
    httpStatus: 200,
    intercomRequestId: '0049j3a1s8e0m2b7s6nh',
    facts,
  },
  [bare.conversationId]: {
    outcome: 'deleted',
    reason: null,
    attemptedAt,
    deletedAt,
    httpStatus: 200,
    intercomRequestId: null,
    facts: unknownFacts,
  },
  [held]: {
    outcome: 'kept',
    reason: 'held',
    attemptedAt: null,
    deletedAt: null,
    httpStatus: null,
    intercomRequestId: null,
    facts,
  },
};

const plannedAt = at(firstDay, '09:00:00.000');

const planOf = ({ number, trigger, policyJson, ruleId, conversationIds }: Story): PlanRecord => ({
  workspaceId,
  workspaceName: 'Example Support',
  planId: idOf<PlanId>(number),
  policyHash: policyHash(policyJson),
  trigger,
  status: 'planned',
  asOf: plannedAt,
  finishedAt: at(firstDay, '09:01:00.000'),
  scan: 'search',
  windows: [
    {
      ruleId: brandId(ruleId),
      createdFrom: at('2020-01-01', '00:00:00.000'),
      createdUntil: at('2026-01-01', '00:00:00.000'),
      cursor: undefined,
      done: true,
    },
  ],
  chunkCount: 1,
  workspaceTotal: 1_000,
  scanned: 10,
  candidates: conversationIds.length,
  byRule: { [ruleId]: conversationIds.length },
  keptBy: { no_rule_matched: 5 },
  apiCalls: 3,
  gate: undefined,
  appliedBy: undefined,
  names: trigger === 'erasure' ? undefined : names,
});

async function writePlan(audit: (time: string) => AuditTrail, story: Story): Promise<void> {
  const { number, ruleId, policyJson, covers } = story;
  const planId = idOf<PlanId>(number);
  await audit(`09:01:0${number}.000`).putPlanChunk({
    workspaceId,
    planId,
    chunkNumber: 0,
    deletions: story.conversationIds.map((id) => ({
      conversationId: conversation(id),
      ruleId: brandId(ruleId),
      retainMetrics: ruleId !== 'erasure',
      readAt: at(firstDay, '09:00:30.000'),
      facts: id === bare.conversationId ? unknownFacts : facts,
    })),
  });
  await audit(`09:02:0${number}.000`).putPlan(planOf(story), policyJson);
  if (covers !== undefined) await approve(audit, story, covers);
}

async function approve(
  audit: (time: string) => AuditTrail,
  { number, policyJson }: Story,
  covers: 'plan' | 'policy',
): Promise<void> {
  const time = `11:00:0${number}.000`;
  await audit(time).putAct({
    workspaceId,
    kind: 'approved',
    at: at(firstDay, time),
    by: 'privacy-officer',
    subject: idOf<PlanId>(number),
    details: { policy_hash: policyHash(policyJson), covers },
  });
}

async function carryOut(audit: (time: string) => AuditTrail, story: Story): Promise<void> {
  const { number, trigger, policyJson, ruleId, conversationIds, apiVersion } = story;
  const [planId, runId] = [idOf<PlanId>(number), idOf<RunId>(number)];
  await audit(`10:00:00.00${number}`).putIntent({
    workspaceId,
    runId,
    planId,
    chunkNumber: 0,
    conversationIds: conversationIds.map(conversation),
    intendedAt: at(secondDay, `10:00:00.00${number}`),
    apiVersion,
  });
  for (const id of conversationIds) {
    await audit('10:00:03.000').putOutcome({
      workspaceId,
      conversationId: conversation(id),
      ruleId: brandId(ruleId),
      policyHash: policyHash(policyJson),
      runId,
      trigger,
      retainMetrics: ruleId !== 'erasure',
      plannedAt,
      recordedAt: at(secondDay, '10:00:03.000'),
      ...fates[id]!,
    });
  }
}

export interface GoldenKeys {
  /** Signs the first two days; Ed25519. */
  readonly early: Signer;
  /** Signs the others; ECDSA. */
  readonly late: Signer;
}

/** Writes the audit into an empty store, and seals it. */
async function writeAudit({ client, tables }: TestStore, { early, late }: GoldenKeys): Promise<void> {
  const on = (day: string) => (time: string) =>
    createAuditTrail(client, tables.audit, stoppedClock(at(day, time)));
  const seal = async (day: string, signer: Signer): Promise<void> => {
    const clock = stoppedClock(at(day, '02:30:00.000'));
    const store = createSealStore(client, tables.audit, clock);
    const request = { workspaceId, settlingDelayMs: 3_600_000, lookBackDays: 3, otherKey: 'accept' } as const;
    await Array.fromAsync(sealDays({ store, signer, clock, newId: () => `seal-of-${day}` }, request));
  };
  for (const story of [...stories, lateStory]) await writePlan(on(firstDay), story);
  await on(secondDay)('09:59:00.000').putRunStarted({
    workspaceId,
    runId: idOf<RunId>(1),
    trigger: 'manual',
    policyHash: policyHash(sweepPolicy),
    planId: idOf<PlanId>(1),
    phase: 'applying',
    startedAt: at(secondDay, '09:59:00.000'),
    finishedAt: undefined,
    stopReason: undefined,
    nextChunk: 0,
    trimmedTo: undefined,
    intended: 2,
    counts: { deleted: 0, not_found: 0, unresolved: 0, failed: 0, kept: 0 },
    countsByRule: {},
    apiCalls: 0,
    rateLimited: 0,
  });
  await seal(secondDay, early);
  const act = { workspaceId, kind: 'resumed', by: 'on-call', subject: 'workspace', details: {} } as const;
  await on(firstDay)('23:59:59.000').putAct({ ...act, at: at(firstDay, '23:59:59.000') }); // comes late
  for (const story of [...stories, lateStory]) await carryOut(on(secondDay), story);
  await seal(thirdDay, early);
  await approve(on(firstDay), lateStory, 'policy'); // comes after the deletion
  for (const { conversationId } of [whole, lostAnswer, lateApproval]) {
    const confirmation = aConfirmation({
      workspaceId,
      conversationId: conversation(conversationId),
      deletedAt: at(secondDay, '10:00:02.000'),
      metricsRetained: conversationId !== lostAnswer.conversationId,
      confirmedAt: at(thirdDay, '08:00:00.000'),
      claimed: true,
    });
    await on(thirdDay)('08:00:00.000').putConfirmation(confirmation);
  }
  await seal('2026-01-09', late);
}

/** What is made of the audit, each of a layout of its own. */
export type GoldenPart = 'certificates' | 'exports';

/**
 * Makes golden files of today's layouts in a folder, from an empty store, with the seals and the keys behind them. But for keys and
 * signatures they are always the same.
 */
export async function writeGolden(
  store: TestStore,
  keys: GoldenKeys,
  folder: string,
  parts: readonly GoldenPart[],
): Promise<void> {
  await writeAudit(store, keys);
  const { client, tables } = store;
  const clock = stoppedClock(at('2026-01-09', '12:00:00.000'));
  const audit = createAuditTrail(client, tables.audit, clock);
  const seals = createSealStore(client, tables.audit, clock);

  const publicKeys = [keys.early, keys.late].map(({ publicKey }) => publicKey.pem).join('');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'seal-keys.pub.pem'), publicKeys);
  for await (const header of seals.seals(workspaceId)) {
    const day = join(folder, 'seals', header.day);
    const leaves = await Array.fromAsync(seals.leafList(header));
    await mkdir(day, { recursive: true });
    if (leaves.length > 0) {
      await writeFile(join(day, 'leaves-000000.ndjson.gz'), gzipSync(leaves.map(leafLine).join('')));
    }
    await writeFile(join(day, 'seal.txt'), header.note);
  }
  for (const { name, conversationId } of parts.includes('certificates') ? goldenCertificates : []) {
    const deps = { audit, seals, clock };
    const certificate = await makeCertificate(deps, workspaceId, conversation(conversationId), tool);
    writeCertificate(certificateFiles(join(folder, `${name}.html`)), certificate);
  }
  const [from, to] = [parseUtcDay(firstDay)!, parseUtcDay(lastDay)!];
  for (const format of parts.includes('exports') ? exportFormats : []) {
    const request = toRequest({ workspace_id: workspaceId, from, to, format });
    await runExport({ audit, seals, clock, observe: () => undefined }, request, join(folder, format), tool);
  }
}
