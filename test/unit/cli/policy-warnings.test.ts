import { describe, expect, it } from 'vitest';
import { policyWarnings } from '#cli/policy-warnings.ts';
import { parsePolicy } from '#policy/parse-policy.ts';

function warningsOf(rules: string, more = ''): readonly string[] {
  const parsed = parsePolicy(`version: 1\nworkspace: a86dr8yl\n${more}\nrules: ${rules}\n`);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'));
  return policyWarnings(parsed.policy).map(({ path, message }) => `${path}: ${message}`);
}
const ruleWhen = (when: string, more = ''): string =>
  `[{ id: r, when: ${when}, retain_metrics: true${more} }]`;

describe('policyWarnings', () => {
  it('has nothing to say of a policy that can delete', () => {
    expect(warningsOf(ruleWhen('{ state: closed, last_activity: { older_than: 2y } }'))).toEqual([]);
  });

  it('points at a policy without rules and at limits of 0', () => {
    expect(warningsOf('[]', 'limits: { per_run: 0, per_day: 0 }')).toEqual([
      'rules: there are none, so nothing is deleted.',
      'limits.per_run: 0 means none, so nothing is deleted.',
      'limits.per_day: 0 means none, so nothing is deleted.',
    ]);
  });

  it.each([
    ['open ones', '{ state: open }', 'protect.open'],
    ['all but closed ones', '{ state: { not: [closed] } }', 'protect.open'],
    ['young ones', '{ last_activity: { newer_than: 2w } }', 'protect.minimum_age'],
    ['a protected tag', '{ tags: { any: [vip] } }', 'protect.tags'],
    ['a protected tag among others that must all be there', '{ tags: { all: [vip, spam] } }', 'protect.tags'],
    ['a protected team', '{ team: Legal }', 'protect.teams'],
    ['what is nested in all', '{ all: [{ state: open }] }', 'protect.open'],
  ])('points at a rule that asks for %s alone', (_what, when, protection) => {
    const [warning, ...others] = warningsOf(ruleWhen(when), 'protect: { tags: [vip], teams: [Legal] }');
    expect(others).toEqual([]);
    expect(warning).toMatch(/^rules\[0\]\.when: the rule r can never delete, since /);
    expect(warning).toContain(`${protection} keeps`);
  });

  it.each([
    ['sets the protection aside', ruleWhen('{ state: open }', ', despite: [open]')],
    ['asks for others as well', ruleWhen('{ tags: { any: [vip, spam] } }')],
    ['rules the protected out', ruleWhen('{ team: { not: [Legal] } }')],
    ['has another way to match', ruleWhen('{ any: [{ state: open }, { state: closed }] }')],
  ])('leaves a rule alone that %s', (_what, rules) => {
    expect(warningsOf(rules, 'protect: { tags: [vip], teams: [Legal] }')).toEqual([]);
  });
});
