import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RuleTrigger, triggers } from '#policy/policy.ts';
import { forTrigger, verdict } from '#policy/verdict.ts';
import { arbitraryFacts } from '#support/arbitrary-facts.ts';
import { arbitraryPolicyDocument, type JsonObject } from '#support/arbitrary-policy.ts';
import { testNow } from '#support/facts.ts';
import { oracleVerdict } from '#support/oracle.ts';
import { toConversationJson } from '#support/policy-conversation-json.ts';
import { resolvedPolicy, testDirectory, testWords } from '#support/policy-world.ts';

describe('verdict', () => {
  it('is that of an independent brute-force evaluation of the same policy and conversation', () => {
    const seen = { delete: 0, keep: 0 };
    fc.assert(
      fc.property(
        arbitraryPolicyDocument(testWords),
        fc.array(arbitraryFacts, { minLength: 10, maxLength: 20 }),
        fc.constantFrom<RuleTrigger>('schedule', 'schedule', ...triggers),
        (document: JsonObject, conversations, trigger) => {
          const policy = forTrigger(resolvedPolicy(document), trigger);
          for (const facts of conversations) {
            const judged = verdict(policy, facts, testNow);
            const json = toConversationJson(facts);
            const expected = oracleVerdict(document, json, testNow, testDirectory, trigger);
            seen[judged.kind] += 1;
            expect(judged.kind === 'delete' ? { delete: judged.rule.id } : { keep: true }).toEqual(expected);
          }
        },
      ),
      { numRuns: 400 },
    );
    // A generator whose policies match nothing would prove nothing.
    expect(seen.delete / (seen.delete + seen.keep)).toBeGreaterThan(0.05);
  });
});
