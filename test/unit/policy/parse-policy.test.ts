import { describe, expect, it } from 'vitest';
import { parsePolicy } from '#policy/parse-policy.ts';
import type { PolicyProblem } from '#policy/policy-problem.ts';

const rule = (lines: string) => `version: 1
workspace: a86dr8yl
rules:
  - id: a
    retain_metrics: true
${lines}`;
const when = (condition: string) => rule(`    when: ${condition}\n`);

function problemsOf(text: string): readonly PolicyProblem[] {
  const parse = parsePolicy(text);
  if (parse.ok) throw new Error('This policy is valid.');
  return parse.problems;
}

describe('parsePolicy', () => {
  it('fills in what a minimal policy leaves out', () => {
    expect(parsePolicy('{version: 1, workspace: a86dr8yl, rules: []}')).toEqual({
      ok: true,
      hash: '2ce78cabdf27a3b93d4e81a449b454dfb60e04307f10d4ee944609977b7ebe7e',
      canonicalJson: '{"rules":[],"version":1,"workspace":"a86dr8yl"}',
      policy: {
        workspaceId: 'a86dr8yl',
        mode: 'observe',
        approval: 'each_run',
        scan: 'auto',
        recheckAfter: { amount: 15, unit: 'm' },
        pace: { numerator: 80n, denominator: 100n },
        limits: {
          perRun: 1000,
          perDay: 5000,
          shareOfWorkspace: { numerator: 5n, denominator: 100n },
          failures: { numerator: 2n, denominator: 100n },
          whenExceeded: 'stop',
        },
        protect: { minimumAge: { amount: 30, unit: 'd' }, open: true, tickets: true, tags: [], teams: [] },
        rules: [],
      },
      tests: [],
    });
  });

  it('gives a rule the schedule and no despite where it is silent', () => {
    const parse = parsePolicy(when('{ state: closed }'));
    expect(parse.ok && parse.policy.rules).toEqual([
      {
        id: 'a',
        description: undefined,
        legalBasis: undefined,
        on: ['schedule'],
        when: { kind: 'state', choice: { negated: false, values: ['closed'] } },
        despite: [],
        retainMetrics: true,
      },
    ]);
  });

  it('understands every form of a condition', () => {
    const parse = parsePolicy(
      when(`
      state: { not: [open, snoozed] }
      created: { older_than: 2y, after: 2020-02-29 }
      tags: { any: [a], none: [b] }
      team: unassigned
      attributes: { z: 1, b: { not: x } }
      ai: { participated: false, resolution: escalated }
      parts: { at_most: 3 }
      not: { all: [{ read: true }], any: [{ contact: [c-1] }] }
`),
    );
    const none = undefined;
    expect(parse.ok && parse.policy.rules[0]?.when).toEqual({
      kind: 'all',
      of: [
        { kind: 'state', choice: { negated: true, values: ['open', 'snoozed'] } },
        {
          kind: 'time',
          key: 'created',
          olderThan: { amount: 2, unit: 'y' },
          newerThan: none,
          before: none,
          after: Date.UTC(2020, 1, 29),
        },
        { kind: 'tags', any: ['a'], all: none, none: ['b'] },
        { kind: 'team', choice: { negated: false, values: ['unassigned'] } },
        { kind: 'attribute', name: 'b', choice: { negated: true, values: ['x'] } },
        { kind: 'attribute', name: 'z', choice: { negated: false, values: [1] } },
        { kind: 'ai_participated', value: false },
        { kind: 'ai_resolution', choice: { negated: false, values: ['escalated'] } },
        { kind: 'parts', atLeast: none, atMost: 3 },
        {
          kind: 'not',
          of: {
            kind: 'all',
            of: [
              { kind: 'all', of: [{ kind: 'read', value: true }] },
              { kind: 'any', of: [{ kind: 'contact', choice: { negated: false, values: ['c-1'] } }] },
            ],
          },
        },
      ],
    });
  });

  it('lists every problem at once, in the order of the text', () => {
    const text = `version: 2
workspace: 12345678
limits: { per_run: 1.5, per_day: -1 }
rules:
  - id: a
    when: { state: close }
  - id: a
    when: {}
    retain_metrics: true
    retain_metrics: true
`;
    expect(problemsOf(text).map(({ line, column, path }) => `${line}:${column} ${path}`)).toEqual([
      '1:10 version',
      '2:12 workspace',
      '3:20 limits.per_run',
      '3:34 limits.per_day',
      '5:5 rules[0].retain_metrics',
      '6:20 rules[0].when.state',
      '7:9 rules[1].id',
      '8:11 rules[1].when',
      '10:5 rules[1].retain_metrics',
    ]);
  });

  it.each([
    [
      'an unknown key, at the key, with the nearest',
      when('{ stat: closed }'),
      '6:13 rules[0].when.stat',
      '"stat" is not a key here; the nearest is "state".',
    ],
    [
      'a word out of a list, with the nearest',
      when('{ state: close }'),
      '6:20 rules[0].when.state',
      'Expected open, closed or snoozed, but this is "close"; the nearest is closed.',
    ],
    [
      'a word out of a list, inside a list',
      when('{ state: [open, close] }'),
      '6:27 rules[0].when.state[1]',
      'Expected open, closed or snoozed, but this is "close"; the nearest is closed.',
    ],
    [
      'a word out of a list, below not',
      when('{ state: { not: clsed } }'),
      '6:27 rules[0].when.state.not',
      'Expected open, closed or snoozed, but this is "clsed"; the nearest is closed.',
    ],
    [
      'a number where text is due',
      when('{ team: [Legal, 12] }'),
      '6:27 rules[0].when.team[1]',
      'Expected text, but YAML reads 12 as a number; write it in quotes: "12".',
    ],
    [
      'a number, as it is written',
      when('{ contact: 6762e10 }'),
      '6:22 rules[0].when.contact',
      'Expected text, but YAML reads 6762e10 as a number; write it in quotes: "6762e10".',
    ],
    [
      'a boolean where text is due',
      when('{ tags: { any: [true] } }'),
      '6:27 rules[0].when.tags.any[0]',
      'Expected text, but YAML reads true as a boolean; write it in quotes: "true".',
    ],
    [
      'a word of YAML 1.1',
      when('{ read: yes }'),
      '6:19 rules[0].when.read',
      'Expected true or false, but this is "yes".',
    ],
    [
      'an empty condition',
      when('{}'),
      '6:11 rules[0].when',
      'A condition must say what it matches; give at least one key, such as state: closed.',
    ],
    [
      'an empty condition further in',
      when('{ any: [{ not: {} }] }'),
      '6:26 rules[0].when.any[0].not',
      'A condition must say what it matches; give at least one key, such as state: closed.',
    ],
    [
      'an empty all',
      when('{ all: [] }'),
      '6:18 rules[0].when.all',
      'This list is empty; give at least one entry, or remove the key.',
    ],
    [
      'an empty any',
      when('{ any: [] }'),
      '6:18 rules[0].when.any',
      'This list is empty; give at least one entry, or remove the key.',
    ],
    [
      'an empty choice',
      when('{ team: [] }'),
      '6:19 rules[0].when.team',
      'This list is empty; give at least one entry, or remove the key.',
    ],
    [
      'an empty list of tags',
      when('{ tags: { none: [] } }'),
      '6:27 rules[0].when.tags.none',
      'This list is empty; give at least one entry, or remove the key.',
    ],
    [
      'tags that demand nothing',
      when('{ tags: {} }'),
      '6:19 rules[0].when.tags',
      'This says nothing; give at least one of any, all, none, or remove the key.',
    ],
    [
      'a time that demands nothing',
      when('{ created: {} }'),
      '6:22 rules[0].when.created',
      'This says nothing; give at least one of older_than, newer_than, before, after, or remove the key.',
    ],
    [
      'no attribute',
      when('{ attributes: {} }'),
      '6:25 rules[0].when.attributes',
      'This says nothing; name at least one attribute, or remove the key.',
    ],
    [
      'an attribute without a value',
      when('{ attributes: { Plan tier: } }'),
      '6:38 rules[0].when.attributes["Plan tier"]',
      'Expected text, a number, true or false, a list of these, or not: with one of these.',
    ],
    [
      'an attribute that JavaScript would lose',
      when('{ attributes: { __proto__: x, plan: y } }'),
      '6:27 rules[0].when.attributes.__proto__',
      '"__proto__" cannot be a key; remove it.',
    ],
    [
      'a number that would be rounded',
      when('{ attributes: { n: 12345678901234567890 } }'),
      '6:30 rules[0].when.attributes.n',
      '12345678901234567890 is too large to be exact as a number; write it in quotes if it is an id.',
    ],
    [
      'half a character',
      when('{ team: "\\ud800" }'),
      '6:19 rules[0].when.team',
      'This text holds half of a character (a lone surrogate); write the character out.',
    ],
    [
      'an empty name',
      when('{ team: "" }'),
      '6:19 rules[0].when.team',
      'This text is empty; write something, or remove the key.',
    ],
    [
      'a duration without a unit',
      when('{ created: { older_than: 30 } }'),
      '6:36 rules[0].when.created.older_than',
      'Expected a length of time such as 12h, 30d, 6w, 18mo or 2y (s, m, h, d, w, mo, y; at most 100y).',
    ],
    [
      'a duration too long',
      when('{ created: { older_than: 101y } }'),
      '6:36 rules[0].when.created.older_than',
      'Expected a length of time such as 12h, 30d, 6w, 18mo or 2y (s, m, h, d, w, mo, y; at most 100y).',
    ],
    [
      'a day that is not in the calendar',
      when('{ created: { before: 2023-02-29 } }'),
      '6:32 rules[0].when.created.before',
      'Expected a date such as 2024-05-31, or a time in UTC such as 2024-05-31T12:00:00Z.',
    ],
    [
      'durations that exclude each other',
      when('{ created: { older_than: 2y, newer_than: 24mo } }'),
      '6:36 rules[0].when.created.older_than',
      'Nothing can match: older_than must be shorter than newer_than.',
    ],
    [
      'dates that exclude each other',
      when('{ created: { after: 2024-01-01, before: 2024-01-01 } }'),
      '6:51 rules[0].when.created.before',
      'Nothing can match: before must be later than after.',
    ],
    [
      'bounds that exclude each other',
      when('{ parts: { at_least: 5, at_most: 4 } }'),
      '6:32 rules[0].when.parts.at_least',
      'Nothing can match: at_least must not be more than at_most.',
    ],
    [
      'tags that exclude each other',
      when('{ tags: { all: [a, b], none: [b] } }'),
      '6:40 rules[0].when.tags.none',
      'Nothing can match: a tag is in both all and none.',
    ],
    [
      'tags of which none is left',
      when('{ tags: { any: [a, b], none: [b, a] } }'),
      '6:40 rules[0].when.tags.none',
      'Nothing can match: every tag of any is also in none.',
    ],
    [
      'a rating out of range',
      when('{ rating: { at_least: 6 } }'),
      '6:33 rules[0].when.rating.at_least',
      'Expected 5 or less, but this is 6.',
    ],
    [
      'a list where a map is due',
      when('{ tags: [vip] }'),
      '6:19 rules[0].when.tags',
      'Expected a map of keys and values, but this is a list.',
    ],
    [
      'nothing where a map is due',
      rule('    when:\n'),
      '6:10 rules[0].when',
      'Expected a map of keys and values, but this is empty.',
    ],
    [
      'a missing when, at the rule',
      rule(''),
      '4:5 rules[0].when',
      '"when" is missing; it must be a map of keys and values.',
    ],
    [
      'a protection that cannot be set aside',
      rule('    when: { read: true }\n    despite: [open, tags]\n'),
      '7:21 rules[0].despite[1]',
      'Expected minimum_age, open, tickets: no rule can set another protection aside.',
    ],
    [
      'an unknown trigger',
      rule('    when: { read: true }\n    on: [schedul]\n'),
      '7:10 rules[0].on[0]',
      'Expected schedule, conversation.admin.closed, conversation_part.tag.created, contact.deleted or conversation.deletion.requested, but this is "schedul"; the nearest is schedule.',
    ],
    [
      'a share over 100%',
      'version: 1\nworkspace: a\nrules: []\nlimits: { failures: 100.5% }',
      '4:21 limits.failures',
      'Expected a share from 0% to 100% such as 5% or 2.5% (at most 6 decimals).',
    ],
    [
      'a share that is a number',
      'version: 1\nworkspace: a\nrules: []\nlimits: { failures: 5 }',
      '4:21 limits.failures',
      'Expected a share from 0% to 100% such as 5% or 2.5% (at most 6 decimals).',
    ],
    [
      'a pace of nothing',
      'version: 1\nworkspace: a\nrules: []\npace: 0%',
      '4:7 pace',
      'Expected more than 0%.',
    ],
    [
      'a fraction of a conversation',
      'version: 1\nworkspace: a\nrules: []\nlimits: { per_run: 0.5 }',
      '4:20 limits.per_run',
      'Expected a whole number, but this is 0.5.',
    ],
    [
      'a negative limit',
      'version: 1\nworkspace: a\nrules: []\nlimits: { per_day: -1 }',
      '4:20 limits.per_day',
      'Expected 0 or more, but this is -1.',
    ],
    [
      'a merge key',
      'version: 1\nworkspace: a\nrules: []\nlimits: { <<: { per_day: 1 } }',
      '4:11 limits["<<"]',
      '"<<" is not a key here; the nearest is "per_run".',
    ],
  ])('tells of %s', (_name, text, place, message) => {
    expect(
      problemsOf(text).map((problem) => [
        `${problem.line}:${problem.column} ${problem.path}`,
        problem.message,
      ]),
    ).toEqual([[place, message]]);
  });

  it('tells of two contradictions in one place', () => {
    const text = when(
      '{ created: { older_than: 2y, newer_than: 1y, after: 2024-01-01, before: 2023-01-01 } }',
    );
    expect(problemsOf(text).map(({ path }) => path)).toEqual([
      'rules[0].when.created.older_than',
      'rules[0].when.created.before',
    ]);
  });

  it('tells what a rule without retain_metrics must say', () => {
    expect(problemsOf('version: 1\nworkspace: a\nrules:\n  - id: a\n    when: { read: true }\n')).toEqual([
      {
        line: 4,
        column: 5,
        path: 'rules[0].retain_metrics',
        message:
          'This rule must say retain_metrics: true (reports keep counting its conversations) or false (they vanish from reports too).',
      },
    ]);
  });

  it.each([
    [
      'an unclosed bracket',
      'rules: [',
      /^This is not YAML \(.*\); check quotes, brackets, colons and indentation here\.$/,
    ],
    ['a tab', 'limits:\n\tper_run: 1', /does not allow a tab here; indent with spaces\.$/],
    [
      'a second document',
      'version: 1\n---\nversion: 1',
      /^A policy is one YAML document; remove this "---" and what follows\.$/,
    ],
    [
      'a tag',
      'version: !!set {}',
      /^YAML tags mean nothing in a policy; remove the word that starts with "!"\.$/,
    ],
    ['a key that is no text', '? [a]\n: b', /^A key must be text; write it as one word or in quotes\.$/],
    [
      'an alias without its anchor',
      'version: *v',
      /^Nothing before this is called &v; name it there, or write the value out\.$/,
    ],
    [
      'endless nesting',
      '['.repeat(5000),
      /^This is nested too deeply; close a bracket, or write it flatter\.$/,
    ],
    ['an alias that holds itself', 'a: &a [*a]', /too many aliases; write it flatter\.$/],
    [
      'aliases that multiply',
      'a: &a [1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c]',
      /too many aliases; write it flatter\.$/,
    ],
    [
      'a text too long',
      '#'.repeat(300_000),
      /^A policy has at most 262144 characters, and this has 300000; shorten it\.$/,
    ],
  ])('tells of %s and of nothing else that follows from it', (_name, text, message) => {
    const [first, ...others] = problemsOf(text);
    expect(first?.message).toMatch(message);
    expect(others.filter(({ message: other }) => !other.startsWith('This is not YAML'))).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['a comment', '# soon\n'],
    ['null', 'null'],
  ])('takes %s for an empty file', (_name, text) => {
    expect(problemsOf(text)).toMatchObject([
      { path: '', message: 'Expected a map of keys and values, but this is empty.' },
    ]);
  });

  it('allows a value to be written once and used twice, and tells of its problems where it is written', () => {
    const text = (state: string) => `version: 1
workspace: a
rules:
  - { id: a, retain_metrics: true, when: &old { state: ${state} } }
  - { id: b, retain_metrics: true, when: { all: [*old, { read: true }] } }
`;
    expect(parsePolicy(text('closed'))).toMatchObject({ ok: true });
    expect(problemsOf(text('shut')).map(({ line, path }) => `${line} ${path}`)).toEqual([
      '4 rules[0].when.state',
      '4 rules[1].when.all[0].state',
    ]);
  });

  it('keeps dates, words of YAML 1.1 and percentages as the text that they are', () => {
    const text = when('{ team: [yes, no, on, off, 2024-01-01, 12:30:00, 5%, ~x] }');
    const parse = parsePolicy(text);
    expect(parse.ok && parse.policy.rules[0]?.when).toMatchObject({
      choice: { values: ['yes', 'no', 'on', 'off', '2024-01-01', '12:30:00', '5%', '~x'] },
    });
  });
});
