import { brandId, type RuleId } from '#policy/ids.ts';
import type { ById, ResolvedPolicy, Rule } from '#policy/policy.ts';

/** One search for the rules of two policies. */
export interface MergedRules {
  /** To look for conversations with, and not to judge by: every different condition of the two, once. */
  readonly policy: ResolvedPolicy;
  /** The rule of `policy` that looks for what this rule of either policy matches. */
  readonly homeOf: { readonly before: HomeOf; readonly after: HomeOf };
}

type HomeOf = (id: RuleId) => RuleId | undefined;

/** Most rules are the same in both policies, and are looked for once. */
export function mergeRules(before: ResolvedPolicy, after: ResolvedPolicy): MergedRules {
  const rules = new Map<string, Rule<ById>>();
  const homes = (policy: ResolvedPolicy): HomeOf => {
    const homeOf = new Map<RuleId, RuleId>();
    for (const rule of policy.rules) {
      const key = JSON.stringify(rule.when);
      const home = rules.get(key) ?? { ...rule, id: brandId<RuleId>(`condition-${rules.size}`) };
      rules.set(key, home);
      homeOf.set(rule.id, home.id);
    }
    return (id) => homeOf.get(id);
  };
  const homeOf = { before: homes(before), after: homes(after) };
  const scan = before.scan === after.scan ? after.scan : 'auto';
  return { policy: { ...after, scan, rules: [...rules.values()] }, homeOf };
}
