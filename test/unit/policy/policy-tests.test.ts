import { describe, expect, it } from 'vitest';
import { parsePolicy } from '#policy/parse-policy.ts';

const policy = `version: 1
workspace: a86dr8yl
protect: { tags: [vip], teams: [Legal] }
rules:
  - id: old-mail
    when: { state: closed, last_activity: { older_than: 2y }, channel: email }
    retain_metrics: true
  - id: erase
    on: conversation_part.tag.created
    when: { tags: { any: [gdpr-erase] } }
    despite: [minimum_age, open]
    retain_metrics: false
`;

/** Lines 13 to 17: one test of a closed conversation, two years old to the day, unless `facts` say otherwise. */
const withTest = ({ facts = '', expected = 'delete', on = 'schedule' }) => `${policy}tests:
  - name: example
    at: 2026-06-15
    on: ${on}
    facts: { state: closed, created: 2022-01-01, last_activity: 2024-06-15, channel: email${facts} }
    expect: ${expected}
`;
const withTests = (tests: string) => `${policy}tests:\n${tests}`;

const messagesOf = (text: string): readonly string[] => {
  const parse = parsePolicy(text);
  return parse.ok
    ? []
    : parse.problems.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`);
};

describe('the tests of a policy', () => {
  it.each([
    { expected: 'delete' },
    { expected: '{ delete: {} }' },
    { expected: '{ delete: { rule: old-mail } }' },
    { expected: '{ delete: { retain_metrics: true } }' },
    { expected: '{ delete: { rule: old-mail, retain_metrics: true } }' },
    { facts: ', tags: [other], team: Support, assignee: Ada', expected: 'delete' },
    { facts: ', tags: [vip]', expected: 'keep' },
    { facts: ', tags: [vip]', expected: '{ keep: {} }' },
    { facts: ', tags: [vip]', expected: '{ keep: { because: protected } }' },
    { facts: ', tags: [vip]', expected: '{ keep: { by: tags } }' },
    { facts: ', team: Legal', expected: '{ keep: { because: protected, by: teams } }' },
    { facts: ', ticket: true', expected: '{ keep: { by: tickets } }' },
    { facts: ', unknown: [tags]', expected: '{ keep: { by: tags } }' },
    { facts: ', unknown: [team]', expected: '{ keep: { by: teams } }' },
    { facts: ', unknown: [ticket]', expected: '{ keep: { by: tickets } }' },
    { on: 'conversation_part.tag.created', expected: '{ keep: { because: no_rule_matched } }' },
    {
      on: 'conversation_part.tag.created',
      facts: ', tags: [gdpr-erase]',
      expected: '{ delete: { rule: erase, retain_metrics: false } }',
    },
  ])('pass when the policy says what they expect: $facts on $on → $expected', (test) => {
    expect(messagesOf(withTest(test))).toEqual([]);
  });

  it.each([
    {
      expected: 'keep',
      says: 'expected keep, got delete by the rule "old-mail" with retain_metrics: true.',
    },
    {
      facts: ', tags: [vip]',
      expected: 'delete',
      says: 'expected delete, got keep (protected: the rule old-mail matches, and the protection tags stops it).',
    },
    {
      expected: '{ delete: { retain_metrics: false } }',
      says: 'expected delete with retain_metrics: false, got delete by the rule "old-mail" with retain_metrics: true.',
    },
    {
      expected: '{ delete: { rule: erase } }',
      says: 'expected delete by the rule "erase", got delete by the rule "old-mail" with retain_metrics: true.',
    },
    {
      expected: '{ delete: { rule: old-mial } }',
      says: 'expected delete by the rule "old-mial", got delete by the rule "old-mail" with retain_metrics: true; the policy has no such rule, the nearest is "old-mail".',
    },
    {
      facts: ', tags: [vip]',
      expected: '{ keep: { by: minimum_age } }',
      says: 'expected keep (protected by minimum_age), got keep (protected: the rule old-mail matches, and the protection tags stops it).',
    },
    {
      facts: ', tags: [vip]',
      expected: '{ keep: { because: no_rule_matched } }',
      says: 'expected keep (no_rule_matched), got keep (protected: the rule old-mail matches, and the protection tags stops it).',
    },
  ])('fail, and say what came instead: $facts → $expected', ({ says, ...test }) => {
    expect(messagesOf(withTest(test))).toEqual([`18:13 tests[0].expect: The test "example" fails: ${says}`]);
  });

  const forgetful = (expected: string) => `${policy}tests:
  - name: forgets the channel
    at: 2026-06-15
    facts: { state: closed, created: 2022-01-01, last_activity: 2024-06-15 }
    expect: ${expected}
`;
  it('do not take a fact that was forgotten for a reason to keep, unless they say so', () => {
    expect(messagesOf(forgetful('keep'))).toEqual([
      '17:13 tests[0].expect: The test "forgets the channel" fails: expected keep, got keep (unknown_fact: the rule old-mail needs what is not known: channel); write the fact, or expect keep with because: unknown_fact.',
    ]);
    expect(messagesOf(forgetful('{ keep: { because: unknown_fact } }'))).toEqual([]);
  });

  it('that fail are all listed, in their order, with what is needed to explain them', () => {
    const facts = '{ state: closed, created: 2022-01-01, last_activity: 2024-06-15, channel: email }';
    const test = (name: string, expected: string) =>
      `  - { name: ${name}, at: 2026-06-15, facts: ${facts}, expect: ${expected} }\n`;
    const parse = parsePolicy(withTests(test('a', 'keep') + test('b', 'delete') + test('c', 'keep')));
    if (parse.ok) throw new Error('Two of its tests fail.');
    expect(parse.problems.map(({ line, path }) => `${line} ${path}`)).toEqual([
      '14 tests[0].expect',
      '16 tests[2].expect',
    ]);
    expect(parse.failedTests.map(({ name, judged }) => [name, judged.facts.channel])).toEqual([
      ['a', 'email'],
      ['c', 'email'],
    ]);
    expect(parse.untrusted?.policy.workspaceId).toBe('a86dr8yl');
  });

  it('take priorities of both vocabularies, and every other fact', () => {
    const rule = `  - id: all-facts
    when:
      created: { before: 2022-01-02 }
      last_contact_reply: { after: 2023-01-01 }
      last_admin_reply: { after: 2023-01-02 }
      last_closed: { after: 2023-01-03 }
      waiting_since: { after: 2023-01-04 }
      team: Support
      assignee: { not: [Ada, unassigned] }
      initiated_by: automated
      author_type: bot
      priority: priority
      read: true
      rating: { at_least: 5 }
      contact: c-2
      company: co-1
      attributes: { Plan: pro, Seats: 3 }
      ai: { participated: true, resolution: escalated }
      parts: { at_most: 1 }
    retain_metrics: true
`;
    const facts = `{ state: closed, created: 2022-01-01, last_activity: 2024-06-15T00:00:00Z, last_contact_reply: 2023-01-01,
        last_admin_reply: 2023-01-02, last_closed: 2023-01-03, waiting_since: 2023-01-04, team: Support, assignee: Ben,
        initiated_by: automated, author_type: bot, priority: PRIORITY, read: true, rating: 5, contact: [c-1, c-2], company: co-1,
        attributes: { Plan: pro, Seats: 3 }, ai: { participated: true, resolution: escalated }, parts: 1 }`;
    const test = (priority: string, expected: string) =>
      `${policy}${rule}tests:\n  - name: all\n    at: 2026-06-15T12:00:00Z\n    facts: ${facts.replace('PRIORITY', priority)}\n    expect: ${expected}\n`;
    expect(messagesOf(test('urgent', '{ delete: { rule: all-facts } }'))).toEqual([]);
    expect(messagesOf(test('priority', '{ delete: { rule: all-facts } }'))).toEqual([]);
    expect(messagesOf(test('not_priority', 'keep'))).toEqual([
      expect.stringContaining('needs what is not known: channel'), // of the first rule; the second one does not match
    ]);
    expect(
      messagesOf(test('urgent', '{ delete: { rule: all-facts } }').replace('rating: 5', 'rating: 4')),
    ).toEqual([expect.stringContaining('expected delete')]);
  });

  it('are no part of the hash and of the canonical JSON', () => {
    const [without, within] = [parsePolicy(policy), parsePolicy(withTest({}))];
    if (!without.ok || !within.ok) throw new Error('Both are valid.');
    expect(within.tests.map(({ name }) => name)).toEqual(['example']);
    expect({ ...within, tests: [] }).toEqual(without);
    expect(within.canonicalJson).not.toContain('tests');
  });

  it('are not run when something else is wrong, so that only that is told', () => {
    expect(messagesOf(withTest({ expected: 'keep' }).replace('version: 1', 'version: 2'))).toEqual([
      '1:10 version: Expected 1, but this is 2.',
    ]);
  });

  it.each([
    {
      what: 'a misspelled fact',
      tests: '  - { name: a, at: 2026-06-15, facts: { sate: closed }, expect: keep }',
      says: ['14:41 tests[0].facts.sate: "sate" is not a key here; the nearest is "state".'],
    },
    {
      what: 'facts without which nothing is deleted',
      tests:
        '  - { name: a, at: 2026-06-15, facts: { created: 2026-01-01, unknown: [state] }, expect: keep }',
      says: [
        '14:39 tests[0].facts: "last_activity" is missing, and nothing is deleted without it; write it, or unknown: [last_activity].',
      ],
    },
    {
      what: 'an instant that is none',
      tests: '  - { name: a, at: today, facts: { unknown: [state, created, last_activity] }, expect: keep }',
      says: [
        '14:20 tests[0].at: Expected a date such as 2024-05-31, or a time in UTC such as 2024-05-31T12:00:00Z.',
      ],
    },
    {
      what: 'no instant, no facts and no expectation',
      tests: '  - { name: a }',
      says: [
        expect.stringContaining('tests[0].at: Expected a date'),
        expect.stringContaining('"facts" is missing'),
        expect.stringContaining('"expect" is missing'),
      ],
    },
    {
      what: 'a word that is no verdict',
      tests:
        '  - { name: a, at: 2026-06-15, facts: { unknown: [state, created, last_activity] }, expect: delte }',
      says: ['14:93 tests[0].expect: Expected delete or keep, but this is "delte"; the nearest is delete.'],
    },
    {
      what: 'two verdicts',
      tests:
        '  - { name: a, at: 2026-06-15, facts: { unknown: [state, created, last_activity] }, expect: { keep: {}, delete: {} } }',
      says: ['14:93 tests[0].expect: Expected either delete or keep.'],
    },
    {
      what: 'a reason that is none',
      tests:
        '  - { name: a, at: 2026-06-15, facts: { unknown: [state, created, last_activity] }, expect: { keep: { because: held } } }',
      says: [
        expect.stringContaining('tests[0].expect.keep.because: Expected no_rule_matched, unknown_fact or'),
      ],
    },
    {
      what: 'a protection without being protected',
      tests:
        '  - { name: a, at: 2026-06-15, facts: { unknown: [state, created, last_activity] }, expect: { keep: { because: unknown_fact, by: tags } } }',
      says: [expect.stringContaining('tests[0].expect.keep.by: Only because: protected has a protection')],
    },
    {
      what: 'a fact that is unknown anyway',
      tests: '  - { name: a, at: 2026-06-15, facts: { unknown: [rating] }, expect: keep }',
      says: [expect.stringContaining('every other fact is unknown when it is left out.')],
    },
    {
      what: 'an event that is none',
      tests:
        '  - { name: a, at: 2026-06-15, on: daily, facts: { unknown: [state, created, last_activity] }, expect: keep }',
      says: [expect.stringContaining('tests[0].on: Expected schedule, ')],
    },
    {
      what: 'two tests of one name',
      tests: `  - { name: a, at: 2026-06-15, facts: { unknown: [state, created, last_activity] }, expect: keep }
  - { name: a, at: 2026-06-15, facts: { unknown: [state, created, last_activity] }, expect: keep }`,
      says: [
        '15:13 tests[1].name: Another test before this has the name "a"; give this one a name of its own.',
      ],
    },
  ])('are refused with line and column for $what', ({ tests, says }) => {
    expect(messagesOf(withTests(`${tests}\n`))).toEqual(says);
  });
});
