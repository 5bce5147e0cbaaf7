import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '#policy/evaluate.ts';
import { type ConditionExplanation, explain } from '#policy/explain.ts';
import { instantFromIso } from '#policy/instant.ts';
import { every, not, some, type Truth } from '#policy/truth.ts';
import { verdict } from '#policy/verdict.ts';
import { arbitraryFacts } from '#support/arbitrary-facts.ts';
import { arbitraryPolicyDocument, type JsonObject } from '#support/arbitrary-policy.ts';
import { factsOf, testNow } from '#support/facts.ts';
import { resolvedPolicy, testDirectory, testWords } from '#support/policy-world.ts';

const policyWith = (when: JsonObject, protect: JsonObject = {}) =>
  resolvedPolicy({ version: 1, workspace: 'a', protect, rules: [{ id: 'a', when, retain_metrics: false }] });

describe('explain', () => {
  it('shows each rule, clause, protection and the verdict', () => {
    const policy = policyWith(
      {
        last_activity: { older_than: '2y' },
        any: [{ team: ['Finance', 'unassigned'] }, { not: { tags: { any: ['spam'], none: ['vip'] } } }],
      },
      { tags: ['legal-hold'] },
    );
    const facts = factsOf({
      updatedAt: instantFromIso('2023-01-01T00:00:00Z'),
      tagIds: [testDirectory.tags[4]!.id],
      teamId: testDirectory.teams[0]!.id,
      hasTicket: undefined,
    });
    expect(explain(policy, facts, testNow, testDirectory)).toEqual({
      conversationId: facts.conversationId,
      asOf: '2026-06-15T12:00:00.000Z',
      rules: [
        {
          ruleId: 'a',
          matches: 'true',
          despite: [],
          when: {
            kind: 'all',
            truth: 'true',
            of: [
              {
                kind: 'clause',
                truth: 'true',
                demand: 'last_activity older_than 2y (at or before 2024-06-15T12:00:00.000Z)',
                fact: '2023-01-01T00:00:00.000Z',
              },
              {
                kind: 'any',
                truth: 'true',
                of: [
                  {
                    kind: 'clause',
                    truth: 'true',
                    demand: 'team is one of Finance (501), unassigned',
                    fact: 'Finance (501)',
                  },
                  {
                    kind: 'not',
                    truth: 'false',
                    of: [
                      {
                        kind: 'clause',
                        truth: 'true',
                        demand: 'tags any of spam (7005) and none of vip (7006)',
                        fact: 'spam (7005)',
                      },
                    ],
                  },
                ],
              },
            ],
          },
        },
      ],
      protections: [
        { protection: 'tags', covers: 'false', demand: 'tags any of legal-hold (7004)', fact: 'spam (7005)' },
        { protection: 'teams', covers: 'false', demand: 'no team is protected', fact: 'Finance (501)' },
        { protection: 'open', covers: 'false', demand: 'state is open or snoozed', fact: 'closed' },
        { protection: 'tickets', covers: 'unknown', demand: 'has a ticket', fact: 'unknown' },
        {
          protection: 'minimum_age',
          covers: 'false',
          demand: 'last_activity newer_than 30d (after 2026-05-16T12:00:00.000Z)',
          fact: '2023-01-01T00:00:00.000Z',
        },
      ],
      verdict: { kind: 'keep', reason: { code: 'protected', ruleId: 'a', by: 'tickets', unknown: true } },
    });
  });

  it.each<[JsonObject, string, string]>([
    [{ state: 'closed' }, 'state is closed', 'closed'],
    [{ channel: { not: ['sms', 'email'] } }, 'channel is none of sms, email', 'email'],
    [{ assignee: { not: 'Ada Archer' } }, 'assignee is not Ada Archer (9001)', 'unassigned'],
    [{ parts: { at_least: 1, at_most: 9 } }, 'parts at_least 1 and at_most 9', '4'],
    [{ rating: { at_most: 2 } }, 'rating at_most 2', 'unknown'],
    [{ read: true }, 'read is true', 'true'],
    [{ ai: { participated: true } }, 'ai.participated is true', 'false'],
    [{ contact: 'c-1' }, 'contact is c-1', 'none'],
    [{ company: ['co-1', 'co-2'] }, 'company is one of co-1, co-2', 'none'],
    [{ priority: 'high' }, 'priority is high', 'none'],
    [{ attributes: { plan: ['pro', 3] } }, 'attributes.plan is one of "pro", 3', 'unknown'],
    [
      { created: { newer_than: '1y', before: '2026-01-01' } },
      'created newer_than 1y (after 2025-06-15T12:00:00.000Z) and before 2026-01-01T00:00:00.000Z',
      '2023-03-03T12:00:00.000Z',
    ],
    [
      { created: { after: '2020-01-01' } },
      'created at or after 2020-01-01T00:00:00.000Z',
      '2023-03-03T12:00:00.000Z',
    ],
  ])('says of %j what it demands and what is known', (when, demand, fact) => {
    const [rule] = explain(policyWith(when), factsOf(), testNow, testDirectory).rules;
    expect(rule?.when).toMatchObject({ kind: 'clause', demand, fact });
  });

  it('shows ids where no directory is given', () => {
    const [rule] = explain(policyWith({ team: 'Finance' }), factsOf(), testNow).rules;
    expect(rule?.when).toMatchObject({ demand: 'team is 501' });
  });

  it('shows of a custom attribute nothing but what the policy names itself', () => {
    const facts = factsOf({ attributes: { plan: 'jane@example.com' } });
    const explanation = explain(policyWith({ attributes: { plan: 'pro' } }), facts, testNow);
    expect(explanation.rules[0]?.when).toMatchObject({ fact: 'another value' });
    expect(JSON.stringify(explanation)).not.toContain('jane');
  });

  it('agrees with the verdict and with every truth that it is made of, and survives JSON', () => {
    fc.assert(
      fc.property(arbitraryPolicyDocument(testWords), arbitraryFacts, (document, facts) => {
        const policy = resolvedPolicy(document);
        const explanation = explain(policy, facts, testNow, testDirectory);
        const judged = verdict(policy, facts, testNow);
        expect(explanation.verdict).toMatchObject(
          judged.kind === 'delete' ? { kind: 'delete', ruleId: judged.rule.id } : judged,
        );
        expect(explanation.rules.map(({ matches }) => matches)).toEqual(
          policy.rules.map(({ when }) => evaluate(when, facts, testNow)),
        );
        for (const { when } of explanation.rules) expect(truthFrom(when)).toBe(when.truth);
        expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation);
      }),
    );
  });
});

/** The truth of a condition from those of its clauses alone. */
function truthFrom(explanation: ConditionExplanation): Truth {
  if (explanation.kind === 'clause') return explanation.truth;
  const parts = explanation.of.map(truthFrom);
  if (explanation.kind === 'all') return every(parts);
  return explanation.kind === 'any' ? some(parts) : not(parts[0]!);
}
