import { describe, expect, it } from 'vitest';
import { brandId, type ContactId, type ConversationId, type RuleId } from '#policy/ids.ts';
import { factsOf, testNow } from '#support/facts.ts';
import { policyOf, ruleOf } from '#support/policies.ts';
import { indexHolds } from '#sweep/holds.ts';
import { PlanDraft } from '#sweep/plan-draft.ts';
import type { PlannedErasure, ScanWindow } from '#sweep/run-record.ts';

const ruleId = brandId<RuleId>('erasure');
const contactId = brandId<ContactId>('6762f0f31bb69f9f2193bb7d');
const erasing = policyOf({
  rules: [ruleOf({ id: ruleId, when: { kind: 'contact', choice: { negated: false, values: [contactId] } } })],
});
const window: ScanWindow = {
  ruleId,
  createdFrom: undefined,
  createdUntil: testNow,
  cursor: undefined,
  done: false,
};
const idOf = (number: number): ConversationId => brandId(String(number));

const draftOf = (erasure: PlannedErasure | undefined): PlanDraft =>
  new PlanDraft(erasing, indexHolds([]), { asOf: testNow, scanned: 0, keptBy: {}, erasure });

describe('PlanDraft', () => {
  it('names the conversations of an erased contact that stay, each once, and not those of others', () => {
    const draft = draftOf({ contactId, retainMetrics: true, kept: [] });
    const ours = { contactIds: [contactId] };
    const conversations = [
      factsOf({ ...ours, conversationId: idOf(1) }),
      factsOf({ ...ours, conversationId: idOf(2), hasTicket: true }),
      factsOf({ ...ours, conversationId: idOf(2), hasTicket: true }),
      factsOf({ ...ours, conversationId: idOf(3), hasTicket: undefined }),
      factsOf({ ...ours, conversationId: idOf(4), state: undefined }),
      factsOf({ conversationId: idOf(5), contactIds: undefined }),
      factsOf({ conversationId: idOf(6), contactIds: [] }),
    ];
    for (const facts of conversations) draft.judge(facts, window, testNow);
    expect(draft.counts.candidates).toBe(1);
    expect(draft.counts.erasure?.kept).toEqual([
      { conversationId: '2', reason: 'protected', detail: 'tickets' },
      { conversationId: '3', reason: 'protected', detail: 'tickets (unknown)' },
      { conversationId: '4', reason: 'protected', detail: 'open (unknown)' },
      { conversationId: '5', reason: 'unknown_fact', detail: 'contact' },
    ]);
  });

  it('names one whose time of creation is unknown, although no window of a search can claim it', () => {
    const draft = draftOf({ contactId, retainMetrics: true, kept: [] });
    draft.judge(factsOf({ conversationId: idOf(1), createdAt: undefined }), window, testNow);
    expect([draft.counts.scanned, draft.counts.erasure?.kept]).toEqual([
      0,
      [{ conversationId: '1', reason: 'unknown_fact', detail: 'created' }],
    ]);
  });

  it('goes on with the names that an earlier process has found', () => {
    const kept = [{ conversationId: idOf(9), reason: 'held', detail: 'Case 12' }] as const;
    expect(draftOf({ contactId, retainMetrics: true, kept }).counts.erasure).toEqual({
      contactId,
      retainMetrics: true,
      kept,
    });
  });

  it('names a thousand at most, and counts them all', () => {
    const draft = draftOf({ contactId, retainMetrics: true, kept: [] });
    for (let number = 1; number <= 1200; number += 1) {
      draft.judge(
        factsOf({ contactIds: [contactId], conversationId: idOf(number), hasTicket: true }),
        window,
        testNow,
      );
    }
    expect([draft.counts.erasure?.kept.length, draft.counts.keptBy]).toEqual([1000, { protected: 1200 }]);
  });

  it('names nothing in the plan of a sweep', () => {
    const draft = draftOf(undefined);
    draft.judge(factsOf({ contactIds: [contactId], hasTicket: true }), window, testNow);
    expect(draft.counts.erasure).toBeUndefined();
  });
});
