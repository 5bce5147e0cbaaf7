import type { Facts } from '#policy/facts.ts';
import type { ConversationId, RuleId } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import type { ResolvedPolicy } from '#policy/policy.ts';
import { verdict } from '#policy/verdict.ts';
import { ConversationIdSet } from './conversation-id-set.ts';
import type { HoldIndex } from './holds.ts';
import { type KeptConversation, keptByHold, keptByVerdict } from './kept-conversation.ts';
import { type AuditFacts, maxDeletionsPerChunk, type PlanChunk, type PlannedDeletion } from './outcome.ts';
import type { PlannedErasure, PlanRecord, ScanWindow } from './run-record.ts';

/** The facts of a conversation that stay in the audit. */
export function toAuditFacts(facts: Facts): AuditFacts {
  const { state, createdAt, updatedAt, tagIds, teamId, hasTicket } = facts;
  return { state, createdAt, updatedAt, tagIds, teamId, hasTicket };
}

/** So that the plan's record stays far below what the store takes. */
const mostKeptByName = 1000;

type KeptCounts = { -readonly [Reason in keyof PlanRecord['keptBy']]: PlanRecord['keptBy'][Reason] };

/**
 * A plan in the making: judges conversations as they are read, counts, and collects those to delete until there are enough
 * for a chunk. A conversation that turns up twice is planned once.
 */
export class PlanDraft {
  readonly #policy: ResolvedPolicy;
  readonly #holds: HoldIndex;
  readonly #asOf: Instant;
  readonly #planned = new ConversationIdSet();
  readonly #byRule = new Map<RuleId, number>();
  readonly #keptBy: KeptCounts;
  readonly #erasure: PlannedErasure | undefined;
  readonly #keptByName: Map<ConversationId, KeptConversation>;
  #scanned: number;
  #pending: PlannedDeletion[] = [];

  constructor(
    policy: ResolvedPolicy,
    holds: HoldIndex,
    from: Pick<PlanRecord, 'asOf' | 'scanned' | 'keptBy' | 'erasure'>,
  ) {
    this.#policy = policy;
    this.#holds = holds;
    this.#asOf = from.asOf;
    this.#scanned = from.scanned;
    this.#keptBy = { ...from.keptBy };
    this.#erasure = from.erasure;
    this.#keptByName = new Map(from.erasure?.kept.map((kept) => [kept.conversationId, kept]));
  }

  /** Takes over what an earlier process has stored of this plan. */
  recall(chunk: PlanChunk): void {
    for (const deletion of chunk.deletions) this.#count(deletion);
  }

  /** Judges one conversation that was read in this window. */
  judge(facts: Facts, window: ScanWindow, readAt: Instant): void {
    if (!isWithin(facts, window)) {
      if (facts.createdAt === undefined) this.#nameKept(facts, unplaceable);
      return;
    }
    this.#scanned += 1;
    const judged = verdict(this.#policy, facts, this.#asOf);
    if (judged.kind === 'keep') {
      this.#keep(judged.reason.code);
      this.#nameKept(facts, keptByVerdict(judged.reason));
      return;
    }
    const { rule } = judged;
    // A search for one rule also finds what another rule decides; that rule's own search will find it too.
    if (window.ruleId !== undefined && window.ruleId !== rule.id) return;
    const hold = this.#holds.heldBy(facts);
    if (hold !== undefined) {
      this.#keep('held');
      this.#nameKept(facts, keptByHold(hold));
      return;
    }
    const deletion: PlannedDeletion = {
      conversationId: facts.conversationId,
      ruleId: rule.id,
      retainMetrics: rule.retainMetrics,
      readAt,
      facts: toAuditFacts(facts),
    };
    if (this.#count(deletion)) this.#pending.push(deletion);
  }

  countUnreadable(items: number): void {
    if (items > 0) this.#keep('unreadable', items);
  }

  /** The next chunk's deletions: full chunks, or with `rest` whatever there is. */
  take(which: 'full' | 'rest'): readonly PlannedDeletion[] | undefined {
    const enough = which === 'full' ? maxDeletionsPerChunk : 1;
    if (this.#pending.length < enough) return undefined;
    return this.#pending.splice(0, maxDeletionsPerChunk);
  }

  get counts(): Pick<PlanRecord, 'scanned' | 'candidates' | 'byRule' | 'keptBy' | 'erasure'> {
    return {
      scanned: this.#scanned,
      candidates: this.#planned.size,
      byRule: Object.fromEntries(this.#byRule),
      keptBy: { ...this.#keptBy },
      erasure: this.#erasure && { ...this.#erasure, kept: [...this.#keptByName.values()] },
    };
  }

  #count(deletion: PlannedDeletion): boolean {
    if (!this.#planned.add(deletion.conversationId)) return false;
    this.#byRule.set(deletion.ruleId, (this.#byRule.get(deletion.ruleId) ?? 0) + 1);
    return true;
  }

  /** An erasure says by name what stays. */
  #nameKept({ conversationId }: Facts, reason: Omit<KeptConversation, 'conversationId'> | undefined): void {
    if (this.#erasure === undefined || reason === undefined || this.#keptByName.size >= mostKeptByName)
      return;
    this.#keptByName.set(conversationId, { conversationId, ...reason });
  }

  #keep(reason: keyof KeptCounts, count = 1): void {
    this.#keptBy[reason] = (this.#keptBy[reason] ?? 0) + count;
  }
}

/** No window of a search can claim it, so that it is not counted; the contact that it is of may know of it. */
const unplaceable = { reason: 'unknown_fact', detail: 'created' } as const;

/** Searches widen their dates, and neighbours overlap: what counts is the conversation's own `created_at`. */
export function isWithin({ createdAt }: Facts, window: ScanWindow): boolean {
  if (createdAt === undefined) return window.ruleId === undefined;
  if (window.createdFrom !== undefined && createdAt < window.createdFrom) return false;
  return window.createdUntil === undefined || createdAt < window.createdUntil;
}
