import type { PolicyHash } from './ids.ts';
import type { NamedPolicy } from './policy.ts';
import { policyHash, toCanonicalJson } from './policy-hash.ts';
import { messageOf } from './policy-messages.ts';
import type { PolicyProblem } from './policy-problem.ts';
import { policyDocument } from './policy-schema.ts';
import { type PolicyTest, toPolicyTest } from './policy-test.ts';
import { type FailedTest, failedTests } from './run-policy-tests.ts';
import { schemaProblems } from './schema-problems.ts';
import { toPolicy } from './to-policy.ts';
import { readYaml, type YamlText } from './yaml-text.ts';

export interface ParsedPolicy {
  readonly policy: NamedPolicy;
  readonly hash: PolicyHash;
  /** RFC 8785 JSON of the file's value as written, but for `tests`: no comments, no formatting, no defaults filled in. */
  readonly canonicalJson: string;
  /** No part of the hash. */
  readonly tests: readonly PolicyTest[];
}

export type PolicyParse =
  | ({ readonly ok: true } & ParsedPolicy)
  | {
      readonly ok: false;
      /** All of them, in the order of the text. */
      readonly problems: readonly PolicyProblem[];
      /** A problem each, in the same order; they are run when nothing else is wrong. */
      readonly failedTests: readonly FailedTest[];
      /** When nothing is wrong but that it fails tests. It may say whose it is, and must not judge about a deletion. */
      readonly untrusted: ParsedPolicy | undefined;
    };

/** Reads a policy, and runs the tests in it. Never throws, whatever the text. */
export function parsePolicy(text: string): PolicyParse {
  const read = readYaml(text);
  if (!read.ok) return refused(read.problems);
  const { yaml } = read;
  const parsed = policyDocument.safeParse(yaml.value, { error: messageOf });
  const problems = [
    ...yaml.problems,
    ...(parsed.success ? [] : schemaProblems(parsed.error.issues, yaml)),
    ...repeated(yaml, 'rules', 'id'),
    ...repeated(yaml, 'tests', 'name'),
  ];
  if (!parsed.success || problems.length > 0) return refused(inTextOrder(problems));

  const policy = toPolicy(parsed.data);
  const tests = parsed.data.tests.map(toPolicyTest);
  const canonicalJson = toCanonicalJson(withoutTests(yaml.value));
  const sound = { policy, hash: policyHash(canonicalJson), canonicalJson, tests };
  const failed = failedTests(policy, tests);
  if (failed.length === 0) return { ok: true, ...sound };
  return {
    ok: false,
    problems: failed.map(({ at, message }) => yaml.problemAt(['tests', at, 'expect'], message)),
    failedTests: failed,
    untrusted: sound,
  };
}

const refused = (problems: readonly PolicyProblem[]): PolicyParse => ({
  ok: false,
  problems,
  failedTests: [],
  untrusted: undefined,
});

const inTextOrder = (problems: readonly PolicyProblem[]): readonly PolicyProblem[] =>
  problems.toSorted((a, b) => a.line - b.line || a.column - b.column);

/** A changed test decides about no deletion, so that it asks for no new approval. */
function withoutTests(document: unknown): unknown {
  return hasKey(document, 'tests') ? { ...document, tests: undefined } : document;
}

/** Apart from the schema, which tells nothing of the whole list when one entry is wrong. */
function repeated(yaml: YamlText, list: 'rules' | 'tests', key: 'id' | 'name'): readonly PolicyProblem[] {
  const seen = new Set<string>();
  return valuesOf(yaml.value, list, key).flatMap((value, index) => {
    if (typeof value !== 'string') return [];
    if (seen.has(value)) {
      const entry = list === 'rules' ? 'rule' : 'test';
      const article = key === 'id' ? 'an' : 'a';
      const message = `Another ${entry} before this has the ${key} ${JSON.stringify(value)}; give this one ${article} ${key} of its own.`;
      return [yaml.problemAt([list, index, key], message)];
    }
    seen.add(value);
    return [];
  });
}

function valuesOf(document: unknown, list: string, key: string): readonly unknown[] {
  const entries = hasKey(document, list) ? document[list] : undefined;
  if (!Array.isArray(entries)) return [];
  return entries.map((entry: unknown) => (hasKey(entry, key) ? entry[key] : undefined));
}

const hasKey = <Key extends string>(value: unknown, key: Key): value is Record<Key, unknown> =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key);
