import { describe, expect, it } from 'vitest';
import { aConfirmation, anOutcome } from '#support/audit-builders.ts';
import { classifyDeletion, resolveOutcome } from '#sweep/classify-deletion.ts';

const deleted = (retainMetrics: boolean) => anOutcome({ retainMetrics });
const unresolved = (retainMetrics: boolean) =>
  anOutcome({ outcome: 'unresolved', reason: 'timeout', deletedAt: null, retainMetrics });
const others = (['not_found', 'failed', 'kept'] as const).map((outcome) => anOutcome({ outcome }));

describe('classifyDeletion', () => {
  it.each([
    ['no outcome at all', [], 'deleted_elsewhere'],
    ['outcomes that cannot have deleted it', others, 'deleted_elsewhere'],
    ['a deletion with the same flag', [...others, deleted(true)], 'confirmed'],
    ['a deletion with the other flag', [deleted(false)], 'flag_mismatch'],
    ['a lost answer with the same flag', [unresolved(true)], 'confirmed'],
    ['a lost answer with the other flag', [unresolved(false)], 'flag_mismatch'],
    ['lost answers with both flags', [unresolved(false), unresolved(true)], 'confirmed'],
    [
      'a deletion with the other flag, and a lost answer with the same',
      [unresolved(true), deleted(false)],
      'flag_mismatch',
    ],
  ])('knows an entry with retained metrics by %s', (_, outcomes, expected) => {
    expect(classifyDeletion(outcomes, true)).toBe(expected);
  });
});

describe('resolveOutcome', () => {
  it('leaves every outcome as it is while there is no confirmation', () => {
    for (const outcome of [deleted(true), unresolved(true), ...others]) {
      expect(resolveOutcome(outcome, undefined)).toBe(outcome);
    }
  });

  it('makes a lost answer a deletion, and of what was not found one elsewhere, and says so; all else stays', () => {
    const resolved = [deleted(true), unresolved(true), ...others].map((outcome) =>
      resolveOutcome(outcome, aConfirmation()),
    );
    expect(resolved.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['deleted', null],
      ['deleted', 'confirmed_after_lost_answer'],
      ['not_found', 'deleted_elsewhere'],
      ['failed', null],
      ['kept', null],
    ]);
  });
});
