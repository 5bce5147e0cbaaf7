import { subtractDuration } from '#policy/duration.ts';
import type { Instant } from '#policy/instant.ts';
import type { Duration } from '#policy/policy.ts';
import type { PlanChunk, PlannedDeletion } from '#sweep/outcome.ts';
import type { Approval, PlanRecord, RunRecord } from '#sweep/run-record.ts';

/** How long a conversation had been silent when the plan was made; the youngest first. */
export const silences = [
  { name: 'up to 3 months', upTo: { amount: 3, unit: 'mo' } },
  { name: '3 to 12 months', upTo: { amount: 12, unit: 'mo' } },
  { name: '1 to 2 years', upTo: { amount: 2, unit: 'y' } },
  { name: '2 to 3 years', upTo: { amount: 3, unit: 'y' } },
  { name: '3 to 5 years', upTo: { amount: 5, unit: 'y' } },
] as const satisfies readonly { readonly name: string; readonly upTo: Duration }[];
export const longestSilence = 'more than 5 years';
export const unknownSilence = 'unknown';

export interface PlanFigures {
  readonly plan: PlanRecord;
  /** The finished plan before it, of the same kind. */
  readonly previous: PlanRecord | undefined;
  readonly approval: Approval | undefined;
  /** The one that has carried it out, or a part of it. */
  readonly run?: RunRecord | undefined;
  /** How many each rule deletes, by how long they had been silent. */
  readonly bySilence: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Of each rule those with the latest activity, where a mistake would show first. */
  readonly sample: readonly PlannedDeletion[];
  /** The largest surprise first, then the rule with the most conversations. */
  readonly rules: readonly RuleOfPlan[];
}

export interface RuleOfPlan {
  readonly ruleId: string;
  readonly count: number;
  /** In the plan before; undefined when that had no such rule, or there is none. */
  readonly before: number | undefined;
  /** It matches far more than in the plan before. */
  readonly isSurprise: boolean;
}

const samplesPerRule = 3;
/** From so many on, so that a few more of a rare rule are no surprise. */
const fewest = 10;
const farMore = 2;

/** @param chunks of the plan, read once */
export async function gatherPlanFigures(
  known: Pick<PlanFigures, 'plan' | 'previous' | 'approval' | 'run'>,
  chunks: AsyncIterable<PlanChunk>,
): Promise<PlanFigures> {
  const { plan, previous } = known;
  const silenceOf = silenceAt(plan.asOf);
  const bySilence = new Map<string, Map<string, number>>();
  const samples = new Map<string, readonly PlannedDeletion[]>();
  for await (const { deletions } of chunks) {
    for (const deletion of deletions) {
      const { ruleId, facts } = deletion;
      const counts = bySilence.get(ruleId) ?? new Map<string, number>();
      const silence = silenceOf(facts.updatedAt);
      counts.set(silence, (counts.get(silence) ?? 0) + 1);
      bySilence.set(ruleId, counts);
      const sample = [...(samples.get(ruleId) ?? []), deletion];
      samples.set(ruleId, sample.toSorted(byActivity).slice(0, samplesPerRule));
    }
  }
  const rules = rulesOf(plan, previous);
  return { ...known, bySilence, rules, sample: rules.flatMap(({ ruleId }) => samples.get(ruleId) ?? []) };
}

function rulesOf(plan: PlanRecord, previous: PlanRecord | undefined): readonly RuleOfPlan[] {
  const before = new Map(Object.entries<number>(previous?.byRule ?? {}));
  return Object.entries<number>(plan.byRule)
    .map(([ruleId, count]): RuleOfPlan => {
      const countBefore = before.get(ruleId);
      const isSurprise = previous !== undefined && count >= fewest && count >= farMore * (countBefore ?? 0);
      return { ruleId, count, before: countBefore, isSurprise };
    })
    .toSorted(
      (a, b) =>
        Number(b.isSurprise) - Number(a.isSurprise) ||
        (a.isSurprise ? moreThanBefore(b) - moreThanBefore(a) : 0) ||
        b.count - a.count,
    );
}

export const moreThanBefore = ({ count, before }: RuleOfPlan): number => count - (before ?? 0);

function silenceAt(asOf: Instant): (lastActivityAt: Instant | undefined) => string {
  const bounds = silences.map(({ name, upTo }) => ({ name, since: subtractDuration(asOf, upTo) }));
  return (lastActivityAt) =>
    lastActivityAt === undefined
      ? unknownSilence
      : (bounds.find(({ since }) => lastActivityAt > since)?.name ?? longestSilence);
}

/** The latest first; what is unknown stands before all, since nothing tells that it is old. */
function byActivity({ facts: a }: PlannedDeletion, { facts: b }: PlannedDeletion): number {
  return (b.updatedAt ?? Number.POSITIVE_INFINITY) - (a.updatedAt ?? Number.POSITIVE_INFINITY) || 0;
}
