import type {
  ConditionExplanation,
  Explanation,
  ProtectionExplanation,
  RuleExplanation,
} from '#policy/explain.ts';
import { keepText } from '#policy/keep-text.ts';
import type { Truth } from '#policy/truth.ts';
import type { Output } from './output.ts';
import { metricsWord } from './plan-text.ts';
import { printable } from './printable.ts';

/**
 * Each rule's clauses with ✓, ✗ or ?, the fact that each looked at, the protections, and the verdict.
 * @param subject What was judged: `Conversation 215472856448646`.
 */
export function explanationText(output: Output, subject: string, explanation: Explanation): string {
  const mark = (truth: Truth): string => marks(output)[truth];
  const rules = explanation.rules.map((rule) => ruleText(rule, mark));
  const protections = explanation.protections.map((protection) => protectionLine(protection, mark));
  return [
    `${subject}, judged as of ${explanation.asOf}`,
    ...rules,
    ['Protections (✓: it protects; ?: not known, so it protects)', ...protections].join('\n'),
    output.style('bold', verdictText(explanation.verdict)),
  ].join('\n\n');
}

const marks = (output: Output): Readonly<Record<Truth, string>> => ({
  true: output.style('green', '✓'),
  false: output.style('red', '✗'),
  unknown: output.style('yellow', '?'),
});

function ruleText(
  { ruleId, matches, when, despite }: RuleExplanation,
  mark: (truth: Truth) => string,
): string {
  const sets = despite.length === 0 ? '' : ` (despite ${despite.join(', ')})`;
  return [`${mark(matches)} rule ${ruleId}${sets}`, ...conditionLines(when, mark, 1)].join('\n');
}

function conditionLines(
  condition: ConditionExplanation,
  mark: (truth: Truth) => string,
  depth: number,
): readonly string[] {
  const indent = '  '.repeat(depth);
  if (condition.kind === 'clause') {
    return [`${indent}${mark(condition.truth)} ${printable(condition.demand)}: ${printable(condition.fact)}`];
  }
  return [
    `${indent}${mark(condition.truth)} ${condition.kind}`,
    ...condition.of.flatMap((part) => conditionLines(part, mark, depth + 1)),
  ];
}

const protectionLine = (
  { protection, covers, demand, fact }: ProtectionExplanation,
  mark: (truth: Truth) => string,
): string => `  ${mark(covers)} ${protection}, ${printable(demand)}: ${printable(fact)}`;

function verdictText(verdict: Explanation['verdict']): string {
  return verdict.kind === 'delete'
    ? `Delete, by the rule ${verdict.ruleId}, metrics ${metricsWord(verdict.retainMetrics)}.`
    : `Keep: ${keepText(verdict.reason)}.`;
}
