import { describe, expect, it } from 'vitest';
import { testNameWarnings } from '#cli/test-name-warnings.ts';
import { parsePolicy } from '#policy/parse-policy.ts';

function warningsOf(facts: string): readonly string[] {
  const parsed = parsePolicy(`version: 1
workspace: a86dr8yl
protect: { tags: [legal-hold], teams: [Legal] }
rules:
  - { id: a, when: { tags: { any: [spam] }, assignee: Ada Archer }, retain_metrics: true }
tests:
  - name: a
    at: 2026-06-15
    facts: { state: open, created: 2026-01-01, last_activity: 2026-01-01, ${facts} }
    expect: keep
`);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return testNameWarnings(parsed).map(({ path, message }) => `${path}: ${message}`);
}

describe('testNameWarnings', () => {
  it.each([
    [
      'tags: [legal-hodl]',
      'tests[0].facts.tags: no rule and no protection names "legal-hodl"; the nearest that one does is "legal-hold".',
    ],
    [
      'tags: [billing, Spam]',
      'tests[0].facts.tags: no rule and no protection names "Spam"; the nearest that one does is "spam".',
    ],
    [
      'team: Leagl',
      'tests[0].facts.team: no rule and no protection names "Leagl"; the nearest that one does is "Legal".',
    ],
    [
      'assignee: Ada Acher',
      'tests[0].facts.assignee: no rule and no protection names "Ada Acher"; the nearest that one does is "Ada Archer".',
    ],
  ])('tells of %s, which is probably a slip of the pen', (facts, warning) => {
    expect(warningsOf(facts)).toEqual([warning]);
  });

  it('takes a name that is not like any other for what it is', () => {
    expect(warningsOf('tags: [spam, legal-hold, billing], team: Support, assignee: Ben Baker')).toEqual([]);
    expect(warningsOf('unknown: [team]')).toEqual([]);
  });
});
