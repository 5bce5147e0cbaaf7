import { describe, expect, it } from 'vitest';
import type { Facts } from '#policy/facts.ts';
import { brandId, type ConversationId, type RuleId, type TagId } from '#policy/ids.ts';
import { daysBefore, factsOf, testNow } from '#support/facts.ts';
import { policyOf, ruleOf } from '#support/policies.ts';
import { tallyComparison } from '#sweep/comparison-tally.ts';
import type { Hold } from '#sweep/hold.ts';
import { indexHolds } from '#sweep/holds.ts';
import { mergeRules } from '#sweep/merge-rules.ts';
import { createPageComparer } from '#sweep/page-comparer.ts';
import type { ScanWindow } from '#sweep/run-record.ts';

const window = (ruleId: string, from = 2000, until = 0): ScanWindow => ({
  ruleId: brandId<RuleId>(ruleId),
  createdFrom: daysBefore(from),
  createdUntil: daysBefore(until),
  cursor: undefined,
  done: false,
});
const conversation = (id: string, changes: Partial<Facts> = {}): Facts =>
  factsOf({ conversationId: brandId<ConversationId>(id), ...changes });
const held = brandId<TagId>('9');
const hold: Hold = { target: 'tag', targetId: held, matter: 'M', owner: 'o', reason: 'r', placedAt: testNow };

/** The old policy deletes nothing, and the new one what is closed and two years old. */
const comparer = () =>
  createPageComparer(
    { before: policyOf({ rules: [] }), after: policyOf(), asOf: testNow, holds: indexHolds([hold]) },
    tallyComparison(10),
  );

describe('createPageComparer', () => {
  it('counts a conversation once that several searches find, or one search twice', () => {
    const compared = comparer();
    for (const id of ['a', 'a', 'b'])
      compared.compare({ facts: [conversation('1')], unreadable: 0 }, window(id));
    expect(compared.counts.classes).toEqual({ newly_caught: 1, newly_spared: 0, changed: 0, unchanged: 0 });
    expect({ scanned: compared.scanned, candidates: compared.candidates }).toEqual({
      scanned: 3,
      candidates: 1,
    });
  });

  it('leaves to another window what was not created in this one', () => {
    const compared = comparer();
    const facts = [
      conversation('1', { createdAt: daysBefore(1200) }),
      conversation('2', { createdAt: undefined }),
    ];
    compared.compare({ facts, unreadable: 0 }, window('a', 2000, 1300));
    compared.compare({ facts, unreadable: 0 }, window('a', 1100, 0));
    expect(compared.scanned).toBe(0);
    compared.compare({ facts, unreadable: 0 }, window('a', 1200, 1100));
    expect({ scanned: compared.scanned, candidates: compared.candidates }).toEqual({
      scanned: 1,
      candidates: 1,
    });
  });

  it('spares what is held, and counts what cannot be read', () => {
    const compared = comparer();
    compared.compare({ facts: [conversation('1', { tagIds: [held] })], unreadable: 2 }, window('a'));
    expect(compared.counts.classes.newly_caught).toBe(0);
    expect({ scanned: compared.scanned, unreadable: compared.unreadable }).toEqual({
      scanned: 1,
      unreadable: 2,
    });
  });
});

describe('mergeRules', () => {
  it('looks once for a condition that both policies have, under whatever id', () => {
    const merged = mergeRules(
      policyOf({ rules: [ruleOf()] }),
      policyOf({
        rules: [
          ruleOf({ id: brandId<RuleId>('renamed'), retainMetrics: false }),
          ruleOf({ id: brandId<RuleId>('other'), when: { kind: 'read', value: true } }),
        ],
      }),
    );
    expect(merged.rules.map(({ when }) => when)).toEqual([ruleOf().when, { kind: 'read', value: true }]);
    expect(new Set(merged.rules.map(({ id }) => id)).size).toBe(2);
  });

  it('reads as both policies say, and as is cheaper when they do not agree', () => {
    const scans = (before: 'list' | 'search', after: 'list' | 'search') =>
      mergeRules(policyOf({ scan: before }), policyOf({ scan: after })).scan;
    expect([scans('list', 'list'), scans('search', 'search'), scans('list', 'search')]).toEqual([
      'list',
      'search',
      'auto',
    ]);
  });
});
