import { brandId, type RuleId } from '#policy/ids.ts';
import type { ById, ResolvedPolicy, Rule } from '#policy/policy.ts';

/**
 * A policy to look for the conversations of two policies with, and not to judge by: it has every different condition of the two once, since
 * most rules are the same in both.
 */
export function mergeRules(before: ResolvedPolicy, after: ResolvedPolicy): ResolvedPolicy {
  const rules = new Map<string, Rule<ById>>();
  for (const rule of [...before.rules, ...after.rules]) {
    const condition = JSON.stringify(rule.when);
    if (rules.has(condition)) continue;
    rules.set(condition, { ...rule, id: brandId<RuleId>(`condition-${rules.size}`) });
  }
  const scan = before.scan === after.scan ? after.scan : 'auto';
  return { ...after, scan, rules: [...rules.values()] };
}
