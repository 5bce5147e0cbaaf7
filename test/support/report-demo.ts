import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { ReportSource } from '#cli/report/gather-figures.ts';
import type { SealedDay } from '#cli/report/seal-figures.ts';
import { brandId, type RuleId } from '#policy/ids.ts';
import { type Instant, instantFromIso, instantFromMs } from '#policy/instant.ts';
import { parsePolicy } from '#policy/parse-policy.ts';
import { holdTargets } from '#sweep/hold.ts';
import type { PlanChunk, QueriedOutcome } from '#sweep/outcome.ts';
import { addOutcome, noOutcomes } from '#sweep/run-counts.ts';
import type { Act, PlanRecord, RunSummary } from '#sweep/run-record.ts';
import {
  aConfirmation,
  aDeletion,
  aFactsRecord,
  anOutcome,
  aPlan,
  aReconciliation,
  aSummary,
  conversationIdOf,
  later,
  workspaceId,
} from './audit-builders.ts';
import { streamOf } from './stream-of.ts';

/** Half a year of a made-up workspace, as its audit trail would have it: nights, events, refusals, a lost answer here and there. */

const dayMs = 86_400_000;
const firstDay = instantFromIso('2026-06-01T00:00:00Z');
export const demoNow: Instant = instantFromIso('2026-11-21T06:30:00Z');

export const demoPolicy = (() => {
  const parsed = parsePolicy(`version: 1
workspace: ${workspaceId}
mode: delete
limits: { per_run: 2000, per_day: 5000, share_of_workspace: 5%, failures: 2% }
protect: { minimum_age: 30d, tags: [legal-hold, vip], teams: [Legal] }
rules:
  - id: closed-two-years
    description: Closed and silent for two years.
    legal_basis: Retention schedule 4.2; GDPR Art. 5(1)(e)
    when: { state: closed, last_activity: { older_than: 2y } }
    retain_metrics: true
  - id: unanswered-outbound
    description: Messages of ours that nobody ever answered, after a year.
    legal_basis: Retention schedule 4.5
    when: { state: closed, created: { older_than: 1y }, parts: { at_most: 1 } }
    retain_metrics: false
  - id: job-applications
    description: Applications, six months after the answer.
    legal_basis: Retention schedule 7.1; GDPR Art. 17(1)(a)
    when: { state: closed, tags: { any: [application] }, last_activity: { older_than: 6mo } }
    retain_metrics: false
  - id: bot-only
    description: Talks with the bot alone, after ninety days.
    legal_basis: Retention schedule 4.7
    when: { state: closed, ai: { participated: true }, last_activity: { older_than: 90d } }
    retain_metrics: true
  - id: erase-on-tag
    description: Erasure that a teammate asked for with a tag.
    legal_basis: GDPR Art. 17
    on: conversation_part.tag.created
    when: { tags: { any: [gdpr-erase] } }
    despite: [minimum_age, open]
    retain_metrics: false
`);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join(' '));
  return parsed;
})();

const nightly: readonly {
  readonly ruleId: RuleId;
  readonly aNight: number;
  readonly retainMetrics: boolean;
}[] = [
  { ruleId: brandId('closed-two-years'), aNight: 310, retainMetrics: true },
  { ruleId: brandId('unanswered-outbound'), aNight: 120, retainMetrics: false },
  { ruleId: brandId('bot-only'), aNight: 74, retainMetrics: true },
  { ruleId: brandId('job-applications'), aNight: 18, retainMetrics: false },
];

interface Told {
  readonly outcomes: readonly QueriedOutcome[];
  readonly summaries: readonly RunSummary[];
}

/** What the workspace's audit says, everything until `demoNow`. */
function tellHistory(): Told {
  const random = xoroshiro128plus(20261121);
  const below = (most: number): number => uniformInt(random, 0, most - 1);
  const outcomes: QueriedOutcome[] = [];
  const summaries: RunSummary[] = [];
  let runNumber = 0;
  const aRunId = () => {
    runNumber += 1;
    return brandId<RunSummary['runId']>(
      `019a${runNumber.toString(16).padStart(4, '0')}-7c1e-7b3a-9d2f-${(below(2 ** 24) + 2 ** 40).toString(16).padStart(12, '0')}`,
    );
  };
  const confirmedUntil = instantFromIso('2026-11-20T03:00:00Z');

  const tell = (run: RunSummary, ruleId: RuleId, retainMetrics: boolean, recordedAt: Instant): RunSummary => {
    const chance = below(10_000);
    const outcome =
      chance < 9_930
        ? 'deleted'
        : chance < 9_960
          ? 'not_found'
          : chance < 9_985
            ? 'kept'
            : chance < 9_997
              ? 'failed'
              : 'unresolved';
    const reasons = {
      deleted: null,
      not_found: 'deleted_elsewhere',
      kept: below(3) === 0 ? 'changed' : 'held',
      failed: 'server_error',
      unresolved: 'timeout',
    };
    const isConfirmed = outcome === 'deleted' && recordedAt < confirmedUntil;
    const conversationId = conversationIdOf(outcomes.length);
    outcomes.push({
      outcome: anOutcome({
        conversationId,
        outcome,
        reason: reasons[outcome],
        ruleId,
        retainMetrics,
        recordedAt,
        runId: run.runId,
        trigger: run.trigger,
        policyHash: demoPolicy.hash,
      }),
      confirmation: isConfirmed
        ? aConfirmation({
            conversationId,
            metricsRetained: below(4_000) === 0 ? !retainMetrics : retainMetrics,
          })
        : undefined,
    });
    return {
      ...addOutcome(run, ruleId, outcome),
      intended: run.intended + 1,
      apiCalls: run.apiCalls + 2,
      finishedAt: recordedAt,
    };
  };

  const begin = (startedAt: Instant, trigger: RunSummary['trigger']): RunSummary =>
    aSummary({
      runId: aRunId(),
      trigger,
      startedAt,
      finishedAt: later(startedAt, 9_000),
      intended: 0,
      counts: noOutcomes,
      apiCalls: 40,
      policyHash: demoPolicy.hash,
    });

  for (let day: number = firstDay; day < demoNow; day += dayMs) {
    const night = instantFromMs(day + 2 * 3_600_000);
    const weekday = new Date(day).getUTCDay();
    let run = begin(night, 'schedule');
    const date = new Date(day).toISOString().slice(5, 10);
    if (date === '11-04' || date === '11-05' || date === '09-17') {
      summaries.push({
        ...run,
        stopReason: 'refused',
        refusals: [{ code: 'not_approved', setting: 'approval', value: null, limit: 'standing' }],
      });
    } else if (date === '11-12') {
      summaries.push({
        ...run,
        stopReason: 'refused',
        refusals: [{ code: 'per_run', setting: 'limits.per_run', value: 4_118, limit: 2_000 }],
      });
    } else {
      const isMonthsFirst = new Date(day).getUTCDate() === 1;
      let at: number = night;
      for (const { ruleId, aNight, retainMetrics } of nightly) {
        const usual = weekday === 0 || weekday === 6 ? aNight / 3 : aNight;
        const count = Math.round(
          usual * (0.6 + below(80) / 100) * (isMonthsFirst ? 2.6 : 1) * (date === '11-06' ? 2.4 : 1),
        );
        for (let n = 0; n < count; n += 1) {
          at += 110;
          run = tell(run, ruleId, retainMetrics, instantFromMs(at));
        }
      }
      summaries.push({ ...run, stopReason: date === '10-27' ? 'failures' : 'done' });
    }
    for (let n = below(weekday === 0 || weekday === 6 ? 2 : 5); n > 0; n -= 1) {
      const at = instantFromMs(
        Math.min(day + (20 - 2 * n) * 3_600_000 + below(3_000_000), demoNow - n * 1_000),
      );
      summaries.push(tell(begin(at, 'webhook'), brandId('erase-on-tag'), false, later(at, 2_400)));
    }
  }
  return {
    outcomes: outcomes.toSorted((a, b) => a.outcome.recordedAt - b.outcome.recordedAt),
    summaries: summaries.toSorted((a, b) => b.startedAt - a.startedAt),
  };
}

const anAct = (at: string, kind: Act['kind'], by: string, subject: string): Act => ({
  workspaceId,
  kind,
  at: instantFromIso(at),
  by,
  subject,
  details: {},
});

const acts: readonly Act[] = [
  anAct('2026-06-01T08:12:00Z', 'approved', 'privacy-officer', '019a0001-0000-7000-8000-00000000000a'),
  anAct('2026-10-23T09:41:00Z', 'hold_added', 'legal.counsel', 'company 5f1e02c97ab44d'),
  anAct('2026-10-29T13:05:00Z', 'erasure_requested', 'support.lead', 'contact 6762f0f31c3f5a0001b2'),
  anAct('2026-11-05T07:58:00Z', 'approved', 'privacy-officer', '019a4f02-91aa-7d10-8a52-7b60c2d41e90'),
  anAct('2026-11-10T10:20:00Z', 'hold_added', 'legal.counsel', 'conversation 215470000000318'),
  anAct('2026-11-13T15:31:00Z', 'paused', 'on-call', `workspace ${workspaceId}`),
  anAct('2026-11-13T16:02:00Z', 'resumed', 'on-call', `workspace ${workspaceId}`),
  anAct('2026-11-18T11:47:00Z', 'hold_released', 'legal.counsel', 'tag 7522907'),
];

/** Sealed nightly since August, with a night that was missed. */
const seals: readonly SealedDay[] = Array.from({ length: 111 }, (_, n) => {
  const at = Date.UTC(2026, 7, 1) + n * dayMs;
  return {
    day: new Date(at).toISOString().slice(0, 10),
    recordCount: 480 + ((n * 137) % 260),
    lateCount: n % 19 === 7 ? 2 : 0,
    keyId: 'b3f1d0b5a1c94f7e8d2a6c5b4e3f2a1908172635443526171809a8b7c6d5e4f3',
  };
}).filter(({ day }) => day !== '2026-11-15');

let told: Told | undefined;

export function demoSource({
  from,
  until,
}: {
  readonly from: Instant;
  readonly until: Instant;
}): ReportSource {
  told ??= tellHistory();
  const { outcomes, summaries } = told;
  return {
    outcomes: streamOf(
      outcomes.filter(({ outcome: { recordedAt } }) => recordedAt >= from && recordedAt < until),
    ),
    summaries: streamOf(summaries),
    acts: streamOf(acts),
    reconciliations: streamOf(
      Array.from({ length: 170 }, (_, n) =>
        aReconciliation({
          finishedAt: instantFromMs(Date.UTC(2026, 10, 21, 3, 4) - n * dayMs),
          listReadAt: instantFromMs(Date.UTC(2026, 10, 21, 3, 0) - n * dayMs),
          listTotal: 74_518 - n * 430,
          counts: {
            confirmed: 74_490 - n * 430,
            flag_mismatch: 19,
            deleted_elsewhere: 8,
            before_audit: 0,
            claimed_but_absent: 1,
          },
          change: {
            confirmed: 430,
            flag_mismatch: n % 9 === 0 ? 1 : 0,
            deleted_elsewhere: n === 11 ? 3 : 0,
            before_audit: 0,
            claimed_but_absent: n === 4 ? 1 : 0,
          },
          newElsewhere: n === 11 ? 3 : 0,
          examples: { flag_mismatch: [conversationIdOf(73_112)], deleted_elsewhere: [] },
        }),
      ),
    ),
    seals: { seals: streamOf(seals), firstRecordDay: '2026-06-01' },
    now: {
      at: demoNow,
      holds: Array.from({ length: 6 }, (_, n) => ({
        target: holdTargets[n % 4]!,
        targetId: n % 4 === 0 ? String(conversationIdOf(300 + n)) : `5f1e02c97ab4${n}d`,
        matter: ['Northwind v. Acme, claim 2214', 'Tax audit 2024', 'Insurance case 88-12'][n % 3]!,
        owner: ['legal.counsel', 'finance.audit'][n % 2]!,
        reason: 'Not shown on the page.',
        placedAt: instantFromMs(Date.UTC(2026, 2 + n, 3 + n, 9, 10 * (n % 6))),
      })),
      pause: undefined,
      openRun: undefined,
    },
  };
}

const plannedByRule: Readonly<Record<string, number>> = {
  'closed-two-years': 2_911,
  'unanswered-outbound': 131,
  'job-applications': 22,
  'bot-only': 1_054,
};

export const demoPlan: PlanRecord = aPlan({
  status: 'planned',
  planId: brandId('019aa5e1-4f10-7a86-9a3e-5d0c1b2a3f4e'),
  asOf: instantFromIso('2026-11-21T06:02:00Z'),
  finishedAt: instantFromIso('2026-11-21T06:03:10Z'),
  policyHash: demoPolicy.hash,
  windows: [],
  workspaceTotal: 412_300,
  scanned: 6_214,
  candidates: 4_118,
  byRule: plannedByRule,
  keptBy: { no_rule_matched: 1_690, protected: 371, held: 29, unknown_fact: 6 },
  apiCalls: 71,
  gate: {
    allowed: false,
    refusals: [
      { code: 'not_approved', setting: 'approval', value: null, limit: 'standing' },
      { code: 'per_run', setting: 'limits.per_run', value: 4_118, limit: 2_000 },
    ],
  },
});

export const demoPreviousPlan: PlanRecord = aPlan({
  ...demoPlan,
  planId: brandId('019aa0ba-5d20-7b31-8c44-0f1e2d3c4b5a'),
  status: 'applied',
  asOf: instantFromIso('2026-11-20T02:00:00Z'),
  finishedAt: instantFromIso('2026-11-20T02:00:41Z'),
  candidates: 460,
  byRule: {
    'closed-two-years': 257,
    'unanswered-outbound': 140,
    'job-applications': 17,
    'bot-only': 46,
  } as PlanRecord['byRule'],
  gate: { allowed: true, refusals: [] },
});

/** The plan's conversations. */
export async function* demoPlanChunks(): AsyncGenerator<PlanChunk> {
  const leastDays: Readonly<Record<string, number>> = {
    'closed-two-years': 731,
    'unanswered-outbound': 366,
    'job-applications': 184,
    'bot-only': 91,
  };
  let chunkNumber = 0;
  let number = 0;
  for (const [ruleId, count] of Object.entries(plannedByRule)) {
    for (let left = count; left > 0; left -= 150) {
      const deletions = Array.from({ length: Math.min(150, left) }, () => {
        number += 1;
        const silentDays = leastDays[ruleId]! + ((number * number * 37) % 1_460);
        const updatedAt = instantFromMs(demoPlan.asOf - silentDays * dayMs);
        return aDeletion(number, {
          ruleId: brandId(ruleId),
          retainMetrics: demoPolicy.policy.rules.find(({ id }) => id === ruleId)!.retainMetrics,
          facts: aFactsRecord({ createdAt: instantFromMs(updatedAt - 9 * dayMs), updatedAt }),
        });
      });
      yield { workspaceId, planId: demoPlan.planId, chunkNumber, deletions };
      chunkNumber += 1;
    }
  }
}
