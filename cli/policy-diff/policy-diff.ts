import type { Directory } from '#policy/directory.ts';
import type { RuleId } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import type { ParsedPolicy } from '#policy/parse-policy.ts';
import type { RuleTrigger } from '#policy/policy.ts';
import type { PolicyChange } from '#policy/policy-change.ts';
import type { WorkspaceComparison } from '#sweep/compare-on-workspace.ts';
import type { ComparisonCounts } from '#sweep/comparison-tally.ts';
import type { PlanRecord } from '#sweep/run-record.ts';

/** One of the two policies that are compared. */
export interface ComparedPolicy extends ParsedPolicy {
  readonly path: string;
  /** Of its own tests. */
  readonly failedTests: number;
}

/** What a change of the policy would do, in whatever form it is then printed. */
export interface PolicyDiff {
  readonly old: ComparedPolicy;
  readonly new: ComparedPolicy;
  readonly on: RuleTrigger;
  readonly asOf: Instant;
  readonly counts: ComparisonCounts;
  readonly changes: readonly PolicyChange[];
  readonly source: DiffSource;
  /** Of tags and teams that may be shown in the place of their ids. */
  readonly names: Pick<Directory, 'tags' | 'teams'>;
}

export type DiffSource =
  | { readonly kind: 'workspace'; readonly comparison: WorkspaceComparison }
  | {
      readonly kind: 'plan';
      readonly plan: PlanRecord;
      /** Whose plan it is: of neither when a third policy made it. */
      readonly madeBy: 'old' | 'new' | 'neither' | 'both';
    };

/** How many conversations one rule deletes by either policy; undefined where the policy has no such rule. */
export interface RuleCounts {
  readonly ruleId: RuleId;
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** The rules of both policies on this trigger, those of the new one first. */
export function countsByRule({ old, new: changed, on, counts }: PolicyDiff): readonly RuleCounts[] {
  const [was, is] = [rulesOn(old.policy, on), rulesOn(changed.policy, on)];
  const before = new Map<RuleId, number>();
  const after = new Map<RuleId, number>();
  for (const { before: from, after: to, count } of counts.transitions) {
    if (from.kind === 'delete') before.set(from.ruleId, (before.get(from.ruleId) ?? 0) + count);
    if (to.kind === 'delete') after.set(to.ruleId, (after.get(to.ruleId) ?? 0) + count);
  }
  return [...new Set([...is, ...was])].map((ruleId) => ({
    ruleId,
    before: was.includes(ruleId) ? (before.get(ruleId) ?? 0) : undefined,
    after: is.includes(ruleId) ? (after.get(ruleId) ?? 0) : undefined,
  }));
}

const rulesOn = ({ rules }: ParsedPolicy['policy'], trigger: RuleTrigger): readonly RuleId[] =>
  rules.filter(({ on }) => on.includes(trigger)).map(({ id }) => id);

/** What either policy does with the conversations that are counted, in all. */
export interface Totals {
  readonly deleted: number;
  readonly undecided: number;
}

export function totals({ counts: { transitions } }: PolicyDiff): {
  readonly before: Totals;
  readonly after: Totals;
} {
  const totalOf = (side: 'before' | 'after'): Totals => {
    const count = (kind: 'delete' | 'undecided'): number =>
      transitions.filter((each) => each[side].kind === kind).reduce((sum, each) => sum + each.count, 0);
    return { deleted: count('delete'), undecided: count('undecided') };
  };
  return { before: totalOf('before'), after: totalOf('after') };
}
