import { describe, expect, it } from 'vitest';
import { aConfirmation, anOutcome, later, noon } from '#support/audit-builders.ts';
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
    const entry = { deletedAt: noon, metricsRetained: true };
    expect(classifyDeletion(outcomes, entry, noon)).toBe(expected);
  });
});

describe('classifyDeletion, by time', () => {
  const minuteMs = 60_000;
  it.each([
    ['a day before the audit began', -1_440, 'before_audit'],
    ['longer before it than clocks may differ', -6, 'before_audit'],
    ['as long before it as clocks may differ', -5, 'deleted_elsewhere'],
    ['a day after it', 1_440, 'deleted_elsewhere'],
  ])('knows an entry of %s, but not one that a run claims', (_, minutes, expected) => {
    const entry = { deletedAt: later(noon, minutes * minuteMs), metricsRetained: true };
    expect(classifyDeletion([], entry, noon)).toBe(expected);
    expect(classifyDeletion(others, entry, noon)).toBe(expected);
    expect(classifyDeletion([unresolved(true)], entry, noon)).toBe('confirmed');
    expect(classifyDeletion([deleted(false)], entry, noon)).toBe('flag_mismatch');
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
