import type { ConversationId } from '#policy/ids.ts';
import type { UndecidedRule } from '#policy/possible-verdict.ts';
import { boundedSample } from './bounded-sample.ts';
import type { Judged } from './judged.ts';
import type { AuditFacts } from './outcome.ts';

/** `changed`: deleted by both, by another rule or with another `retain_metrics`. `unchanged`: deleted by both in the same way. */
type ComparisonClass = 'newly_caught' | 'newly_spared' | 'changed' | 'unchanged';
export type SampledClass = Exclude<ComparisonClass, 'unchanged'>;

/** One conversation as the old policy judges it, and as the new one does. */
export interface ComparedConversation {
  readonly conversationId: ConversationId;
  readonly before: Judged;
  readonly after: Judged;
  readonly facts: AuditFacts;
}

/** How many conversations go from one verdict to another; both may be the same, and either undecided. */
interface Transition {
  readonly before: Judged;
  readonly after: Judged;
  readonly count: number;
}

/** What a change of a policy comes to. Conversations that both keep are not counted. */
export interface ComparisonCounts {
  readonly classes: Readonly<Record<ComparisonClass, number>>;
  /** Deleted by both, and the new policy removes them from reports. */
  readonly metricsNewlyRemoved: number;
  /** Deleted by both, and the new policy leaves them in reports. */
  readonly metricsNewlyRetained: number;
  /** The most frequent first. */
  readonly transitions: readonly Transition[];
  readonly samples: Readonly<Record<SampledClass, readonly ComparedConversation[]>>;
  readonly undecided: UndecidedCounts;
}

interface UndecidedCounts {
  readonly conversations: number;
  /** How many each rule might decide, the old policy's and the new one's. A conversation counts for each of its rules. */
  readonly byRule: readonly UndecidedByRule[];
}

export interface UndecidedByRule extends UndecidedRule {
  readonly policy: 'old' | 'new';
  readonly count: number;
}

export interface ComparisonTally {
  add(compared: ComparedConversation): void;
  readonly counts: ComparisonCounts;
}

/** Counts conversations and keeps samples of up to `sampleSize` of each class: its memory does not grow with the workspace. */
export function tallyComparison(sampleSize: number): ComparisonTally {
  const classes: Record<ComparisonClass, number> = {
    newly_caught: 0,
    newly_spared: 0,
    changed: 0,
    unchanged: 0,
  };
  const transitions = new Map<string, Transition>();
  const undecidedBy = new Map<string, UndecidedByRule>();
  const samples = {
    newly_caught: boundedSample<ComparedConversation>(sampleSize),
    newly_spared: boundedSample<ComparedConversation>(sampleSize),
    changed: boundedSample<ComparedConversation>(sampleSize),
  };
  let metricsNewlyRemoved = 0;
  let metricsNewlyRetained = 0;
  let undecided = 0;

  const countUndecided = (policy: 'old' | 'new', judged: Judged): void => {
    if (judged.kind !== 'undecided') return;
    for (const { ruleId, needs } of judged.rules) {
      const key = `${policy} ${ruleId}`;
      const known = undecidedBy.get(key);
      const together = [...new Set([...(known?.needs ?? []), ...needs])];
      undecidedBy.set(key, { policy, ruleId, needs: together, count: (known?.count ?? 0) + 1 });
    }
  };

  const countTransition = (before: Judged, after: Judged): void => {
    const key = JSON.stringify([before, after]);
    transitions.set(key, { before, after, count: (transitions.get(key)?.count ?? 0) + 1 });
  };

  return {
    add(compared) {
      const { before, after } = compared;
      if (before.kind === 'undecided' || after.kind === 'undecided') {
        undecided += 1;
        countTransition(inShort(before), inShort(after));
        countUndecided('old', before);
        countUndecided('new', after);
        return;
      }
      const found = classOf(before, after);
      if (found === undefined) return;
      classes[found] += 1;
      countTransition(before, after);
      if (found !== 'unchanged') samples[found].add(compared.conversationId, compared);
      if (before.kind === 'delete' && after.kind === 'delete') {
        if (before.retainMetrics && !after.retainMetrics) metricsNewlyRemoved += 1;
        if (!before.retainMetrics && after.retainMetrics) metricsNewlyRetained += 1;
      }
    },
    get counts() {
      return {
        classes: { ...classes },
        metricsNewlyRemoved,
        metricsNewlyRetained,
        transitions: [...transitions.values()].toSorted((a, b) => b.count - a.count),
        samples: {
          newly_caught: samples.newly_caught.items,
          newly_spared: samples.newly_spared.items,
          changed: samples.changed.items,
        },
        undecided: { conversations: undecided, byRule: [...undecidedBy.values()] },
      };
    },
  };
}

/** Which rules might decide is counted by itself. */
const inShort = (judged: Judged): Judged =>
  judged.kind === 'undecided' ? { kind: 'undecided', rules: [] } : judged;

/** Undefined when both keep it. */
function classOf(before: Judged, after: Judged): ComparisonClass | undefined {
  if (before.kind !== 'delete') return after.kind === 'delete' ? 'newly_caught' : undefined;
  if (after.kind !== 'delete') return 'newly_spared';
  return before.ruleId === after.ruleId && before.retainMetrics === after.retainMetrics
    ? 'unchanged'
    : 'changed';
}
