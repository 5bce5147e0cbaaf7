import { describe, expect, it } from 'vitest';
import type { Directory } from '#policy/directory.ts';
import { parsePolicy } from '#policy/parse-policy.ts';
import type { NamedPolicy } from '#policy/policy.ts';
import { directoryNeeds, type NameProblem, resolveNames } from '#policy/resolve-names.ts';
import type { JsonObject } from '#support/arbitrary-policy.ts';
import { testDirectory } from '#support/policy-world.ts';

function policyWith(protect: JsonObject, ...conditions: readonly JsonObject[]): NamedPolicy {
  const rules = conditions.map((when, index) => ({ id: `rule-${index + 1}`, when, retain_metrics: true }));
  const parse = parsePolicy(JSON.stringify({ version: 1, workspace: 'a', protect, rules }));
  if (!parse.ok) throw new Error(JSON.stringify(parse.problems));
  return parse.policy;
}

function problemsOf(policy: NamedPolicy, directory: Directory = testDirectory): readonly NameProblem[] {
  const resolution = resolveNames(policy, directory);
  return resolution.ok ? [] : resolution.problems;
}

describe('directoryNeeds', () => {
  it.each([
    ['nothing', policyWith({}, { state: 'closed' }), []],
    ['nothing for unassigned', policyWith({}, { team: 'unassigned', assignee: { not: ['unassigned'] } }), []],
    ['tags for protected tags', policyWith({ tags: ['vip'] }), ['tags']],
    ['teams for protected teams', policyWith({ teams: ['Legal'] }), ['teams']],
    ['tags for a tag', policyWith({}, { not: { any: [{ tags: { none: ['vip'] } }] } }), ['tags']],
    ['teams for a team', policyWith({}, { all: [{ team: ['unassigned', 'Legal'] }] }), ['teams']],
    ['admins for an assignee', policyWith({}, { assignee: 'Ada Archer' }), ['admins']],
    [
      'everything',
      policyWith({ tags: ['vip'], teams: ['Legal'] }, { assignee: 'Ada Archer' }),
      ['tags', 'teams', 'admins'],
    ],
  ])('are %s', (_name, policy, needs) => {
    expect(directoryNeeds(policy)).toEqual(needs);
  });
});

describe('resolveNames', () => {
  it('turns every name into its id, at any depth, and leaves the rest as it is', () => {
    const policy = policyWith(
      { tags: ['legal-hold'], teams: ['Legal'] },
      {
        tags: { any: ['vip'], all: ['bug', 'billing'], none: ['spam'] },
        not: {
          any: [{ team: { not: ['Finance', 'unassigned'] } }, { assignee: 'Ben Baker', state: 'closed' }],
        },
      },
    );
    const resolution = resolveNames(policy, testDirectory);
    expect(resolution).toEqual({
      ok: true,
      policy: {
        ...policy,
        protect: { ...policy.protect, tags: ['7004'], teams: ['502'] },
        rules: [
          {
            ...policy.rules[0],
            when: {
              kind: 'all',
              of: [
                { kind: 'tags', any: ['7006'], all: ['7002', '7001'], none: ['7005'] },
                {
                  kind: 'not',
                  of: {
                    kind: 'any',
                    of: [
                      { kind: 'team', choice: { negated: true, values: ['501', 'unassigned'] } },
                      {
                        kind: 'all',
                        of: [
                          { kind: 'state', choice: { negated: false, values: ['closed'] } },
                          { kind: 'assignee', choice: { negated: false, values: ['9002'] } },
                        ],
                      },
                    ],
                  },
                },
              ],
            },
          },
        ],
      },
    });
  });

  it('tells of every unknown name at once, with its place and the nearest name', () => {
    const policy = policyWith(
      { tags: ['Legal-Hold'], teams: ['Legl'] },
      { team: 'finance' },
      { assignee: 'Ada' },
    );
    expect(
      problemsOf(policy).map(({ code, ruleId, kind, message }) => [code, ruleId, kind, message]),
    ).toEqual([
      [
        'unknown',
        undefined,
        'tags',
        'protect.tags: the workspace has no tag "Legal-Hold"; the nearest is "legal-hold".',
      ],
      [
        'unknown',
        undefined,
        'teams',
        'protect.teams: the workspace has no team "Legl"; the nearest is "Legal".',
      ],
      [
        'unknown',
        'rule-1',
        'teams',
        'Rule "rule-1": the workspace has no team "finance"; the nearest is "Finance".',
      ],
      [
        'unknown',
        'rule-2',
        'admins',
        'Rule "rule-2": the workspace has no teammate "Ada"; the nearest is "Ada Archer".',
      ],
    ]);
  });

  it('tells of a name once for each rule that uses it', () => {
    const policy = policyWith({}, { tags: { any: ['x', 'x'], all: ['x'] } }, { tags: { any: ['x'] } });
    expect(problemsOf(policy).map(({ ruleId }) => ruleId)).toEqual(['rule-1', 'rule-2']);
  });

  it('says so when there is nothing of that kind', () => {
    expect(problemsOf(policyWith({}, { team: 'Legal' }), { tags: [], teams: [], admins: [] })).toMatchObject([
      {
        message: 'Rule "rule-1": the workspace has no team "Legal"; it has none at all, so remove the name.',
      },
    ]);
  });

  it('refuses a name that two share, and tells their ids', () => {
    const [first, second, ...others] = testDirectory.tags;
    const directory = { ...testDirectory, tags: [first!, { ...second!, name: first!.name }, ...others] };
    expect(problemsOf(policyWith({}, { tags: { any: ['billing'] } }), directory)).toMatchObject([
      {
        code: 'ambiguous',
        message:
          'Rule "rule-1": 2 tags are called "billing" (ids 7001, 7002); write the id of the one that is meant.',
      },
    ]);
  });

  it('accepts an id where nothing has it as a name, also of a tag that shares its name', () => {
    const [first, second] = testDirectory.tags;
    const directory = { ...testDirectory, tags: [first!, { ...second!, name: first!.name }] };
    const resolution = resolveNames(policyWith({ tags: ['7002'] }), directory);
    expect(resolution.ok && resolution.policy.protect.tags).toEqual(['7002']);
  });

  it('prefers the tag that has the text as its name to the one that has it as its id', () => {
    const [first, second] = testDirectory.tags;
    const directory = { ...testDirectory, tags: [first!, { ...second!, name: first!.id }] };
    const resolution = resolveNames(policyWith({ tags: [first!.id] }), directory);
    expect(resolution.ok && resolution.policy.protect.tags).toEqual([second!.id]);
  });
});
