import type { Facts } from '#policy/facts.ts';
import type { Instant } from '#policy/instant.ts';
import type { KeepReason } from '#policy/keep-reason.ts';
import type { ResolvedPolicy } from '#policy/policy.ts';
import { verdict } from '#policy/verdict.ts';
import type { ComparisonCounts, ComparisonTally } from './comparison-tally.ts';
import { ConversationIdSet } from './conversation-id-set.ts';
import type { HoldIndex } from './holds.ts';
import type { Judged, KeptBecause } from './judged.ts';
import { isWithin, toAuditFacts } from './plan-draft.ts';
import type { ConversationPage } from './ports.ts';
import type { ScanWindow } from './run-record.ts';

interface Comparison {
  readonly before: ResolvedPolicy;
  readonly after: ResolvedPolicy;
  readonly asOf: Instant;
  readonly holds: HoldIndex;
}

export interface PageComparer {
  compare(page: Pick<ConversationPage, 'facts' | 'unreadable'>, window: ScanWindow): void;
  readonly scanned: number;
  readonly unreadable: number;
  /** Conversations that the new policy deletes, so far. */
  readonly candidates: number;
  readonly counts: ComparisonCounts;
}

/** Judges pages by two policies, each conversation once however often it is read. */
export function createPageComparer(
  { before, after, asOf, holds }: Comparison,
  tally: ComparisonTally,
): PageComparer {
  const seen = new ConversationIdSet();
  let scanned = 0;
  let unreadable = 0;
  let candidates = 0;

  const judge = (policy: ResolvedPolicy, facts: Facts): Judged => {
    const judged = verdict(policy, facts, asOf);
    if (judged.kind === 'keep') return { kind: 'keep', reason: shortReason(judged.reason) };
    if (holds.heldBy(facts) !== undefined) return { kind: 'keep', reason: { code: 'held' } };
    return { kind: 'delete', ruleId: judged.rule.id, retainMetrics: judged.rule.retainMetrics };
  };

  const compareOne = (facts: Facts, window: ScanWindow): void => {
    if (!isWithin(facts, window)) return;
    scanned += 1;
    const [was, is] = [judge(before, facts), judge(after, facts)];
    if (was.kind !== 'delete' && is.kind !== 'delete') return;
    // A list moves while it is read, and searches for two rules find the same conversation.
    if (!seen.add(facts.conversationId)) return;
    if (is.kind === 'delete') candidates += 1;
    tally.add({ conversationId: facts.conversationId, before: was, after: is, facts: toAuditFacts(facts) });
  };

  return {
    compare(page, window) {
      unreadable += page.unreadable;
      for (const facts of page.facts) compareOne(facts, window);
    },
    get scanned() {
      return scanned;
    },
    get unreadable() {
      return unreadable;
    },
    get candidates() {
      return candidates;
    },
    get counts() {
      return tally.counts;
    },
  };
}

function shortReason(reason: KeepReason): KeptBecause {
  switch (reason.code) {
    case 'no_rule_matched':
      return { code: 'no_rule_matched' };
    case 'unknown_fact':
      return { code: 'unknown_fact', ruleId: reason.ruleId };
    case 'protected':
      return { code: 'protected', ruleId: reason.ruleId, by: reason.by };
  }
}
