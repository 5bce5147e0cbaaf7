import type { PolicyHash } from './ids.ts';
import type { NamedPolicy } from './policy.ts';
import { policyHash, toCanonicalJson } from './policy-hash.ts';
import { messageOf } from './policy-messages.ts';
import type { PolicyProblem } from './policy-problem.ts';
import { policyDocument } from './policy-schema.ts';
import { schemaProblems } from './schema-problems.ts';
import { toPolicy } from './to-policy.ts';
import { readYaml, type YamlText } from './yaml-text.ts';

export type PolicyParse =
  | {
      readonly ok: true;
      readonly policy: NamedPolicy;
      readonly hash: PolicyHash;
      /** RFC 8785 JSON of the file's value as written: no comments, no formatting, no defaults filled in. */
      readonly canonicalJson: string;
    }
  | {
      readonly ok: false;
      /** All of them, in the order of the text. */
      readonly problems: readonly PolicyProblem[];
    };

/** Never throws, whatever the text. */
export function parsePolicy(text: string): PolicyParse {
  const read = readYaml(text);
  if (!read.ok) return { ok: false, problems: read.problems };
  const { yaml } = read;
  const parsed = policyDocument.safeParse(yaml.value, { error: messageOf });
  const problems = [
    ...yaml.problems,
    ...(parsed.success ? [] : schemaProblems(parsed.error.issues, yaml)),
    ...repeatedRuleIds(yaml),
  ];
  if (!parsed.success || problems.length > 0) {
    return { ok: false, problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) };
  }
  const canonicalJson = toCanonicalJson(yaml.value);
  return { ok: true, policy: toPolicy(parsed.data), hash: policyHash(canonicalJson), canonicalJson };
}

/** Apart from the schema, which tells nothing of the whole list when one rule is wrong. */
function repeatedRuleIds(yaml: YamlText): PolicyProblem[] {
  const seen = new Set<string>();
  return ruleIdsOf(yaml.value).flatMap((id, index) => {
    if (typeof id !== 'string') return [];
    if (seen.has(id)) {
      const message = `Another rule before this has the id ${JSON.stringify(id)}; give this one an id of its own.`;
      return [yaml.problemAt(['rules', index, 'id'], message)];
    }
    seen.add(id);
    return [];
  });
}

function ruleIdsOf(document: unknown): readonly unknown[] {
  if (!hasKey(document, 'rules') || !Array.isArray(document.rules)) return [];
  return document.rules.map((rule: unknown) => (hasKey(rule, 'id') ? rule.id : undefined));
}

const hasKey = <Key extends string>(value: unknown, key: Key): value is Record<Key, unknown> =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key);
