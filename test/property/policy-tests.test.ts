import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { Facts } from '#policy/facts.ts';
import { parsePolicy } from '#policy/parse-policy.ts';
import { type RuleTrigger, triggers } from '#policy/policy.ts';
import { policyJsonSchema } from '#policy/policy-json-schema.ts';
import { arbitraryFacts } from '#support/arbitrary-facts.ts';
import { arbitraryPolicyDocument, type JsonObject } from '#support/arbitrary-policy.ts';
import { testNow } from '#support/facts.ts';
import { oracleKeepReason, oracleVerdict } from '#support/oracle.ts';
import { toConversationJson } from '#support/policy-conversation-json.ts';
import { testDirectory, testWords } from '#support/policy-world.ts';
import { toTestFacts } from '#support/test-facts.ts';

/** A test that expects what the oracle says, and one that expects the opposite. */
interface OracleTest {
  readonly right: JsonObject;
  readonly wrong: readonly JsonObject[];
}

function oracleTest(document: JsonObject, facts: Facts, on: RuleTrigger, index: number): OracleTest {
  const judge = [document, toConversationJson(facts), testNow, testDirectory, on] as const;
  const judged = oracleVerdict(...judge);
  const test = (expected: unknown): JsonObject => ({
    name: `conversation ${index}`,
    at: '2026-06-15T12:00:00Z',
    on,
    facts: toTestFacts(facts),
    expect: expected,
  });
  if ('keep' in judged) {
    const because = oracleKeepReason(...judge);
    return {
      right: test(because === 'unknown_fact' || index % 2 === 0 ? { keep: { because } } : 'keep'),
      wrong: [test('delete'), ...(because === 'unknown_fact' ? [test('keep')] : [])],
    };
  }
  const rules = document['rules'] as readonly JsonObject[]; // by the generator
  const rule = rules.find(({ id }) => id === judged.delete);
  const flag = rule?.['retain_metrics'];
  return {
    right: test({ delete: { rule: judged.delete, retain_metrics: flag } }),
    wrong: [
      test('keep'),
      test({ delete: { retain_metrics: !flag } }),
      test({ delete: { rule: 'other-rule-id' } }),
    ],
  };
}

const arbitraryTests = fc
  .tuple(
    arbitraryPolicyDocument(testWords),
    fc.array(fc.tuple(arbitraryFacts, fc.constantFrom<RuleTrigger>('schedule', 'schedule', ...triggers)), {
      minLength: 5,
      maxLength: 15,
    }),
  )
  .map(([document, cases]) => ({
    document,
    tests: cases.map(([facts, on], index) => oracleTest(document, facts, on, index)),
  }));

describe('the tests of a policy', () => {
  const isValidBySchema = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
    policyJsonSchema(),
  );

  it('pass when they expect what an independent evaluation says, and are valid by the JSON Schema', () => {
    const seen = { delete: 0, keep: 0 };
    fc.assert(
      fc.property(arbitraryTests, ({ document, tests }) => {
        const tested = { ...document, tests: tests.map(({ right }) => right) };
        const parse = parsePolicy(stringify(tested));
        expect(parse.ok ? [] : parse.problems).toEqual([]);
        expect(isValidBySchema(JSON.parse(JSON.stringify(tested)))).toBe(true);
        for (const { right } of tests)
          seen[JSON.stringify(right['expect']).includes('delete') ? 'delete' : 'keep'] += 1;
      }),
      { numRuns: 200 },
    );
    // Tests that all expect the same would prove little.
    expect(seen.delete / (seen.delete + seen.keep)).toBeGreaterThan(0.01);
  });

  it('fail, each alone and at its own place, when they expect something else', () => {
    fc.assert(
      fc.property(arbitraryTests, fc.nat(), ({ document, tests }, pick) => {
        const at = pick % tests.length;
        for (const wrong of tests[at]!.wrong) {
          const expectations = tests.map(({ right }, index) => (index === at ? wrong : right));
          const parse = parsePolicy(stringify({ ...document, tests: expectations }));
          expect(parse.ok ? [] : parse.problems.map(({ path }) => path)).toEqual([`tests[${at}].expect`]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('never change the hash', () => {
    fc.assert(
      fc.property(arbitraryTests, ({ document, tests }) => {
        const [without, within] = [
          parsePolicy(stringify(document)),
          parsePolicy(stringify({ tests: tests.map(({ right }) => right), ...document })),
        ];
        expect(without.ok && within.ok && within.hash === without.hash).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
