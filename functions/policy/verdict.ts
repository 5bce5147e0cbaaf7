import { evaluate, unknownFacts } from './evaluate.ts';
import type { Facts } from './facts.ts';
import type { Instant } from './instant.ts';
import type { KeepReason } from './keep-reason.ts';
import type { ById, OverridableProtection, ResolvedPolicy, Rule, RuleTrigger } from './policy.ts';
import { type ProtectionTruth, protectionsOf, unknownEssentials } from './protections.ts';

export type Verdict =
  | { readonly kind: 'delete'; readonly rule: Rule<ById> }
  | { readonly kind: 'keep'; readonly reason: KeepReason };

/**
 * What the policy says of one conversation. The first rule in file order that matches, and that no protection stops,
 * deletes. Otherwise the conversation stays, for the strongest reason found: a protection, an unknown fact, no rule.
 */
export function verdict(policy: ResolvedPolicy, facts: Facts, now: Instant): Verdict {
  const protections = protectionsOf(policy.protect, facts, now);
  const reasons: KeepReason[] = [];
  for (const rule of policy.rules) {
    const reason = reasonToKeep(rule, protections, facts, now);
    if (reason === undefined) return { kind: 'delete', rule };
    reasons.push(reason);
  }
  const reason =
    reasons.find(({ code }) => code === 'protected') ?? reasons.find(({ code }) => code === 'unknown_fact');
  return { kind: 'keep', reason: reason ?? { code: 'no_rule_matched' } };
}

/** The policy as it judges when this happens: with the rules that are on this trigger, in their order. */
export function forTrigger(policy: ResolvedPolicy, trigger: RuleTrigger): ResolvedPolicy {
  return { ...policy, rules: policy.rules.filter(({ on }) => on.includes(trigger)) };
}

function reasonToKeep(
  rule: Rule<ById>,
  protections: readonly ProtectionTruth[],
  facts: Facts,
  now: Instant,
): KeepReason | undefined {
  const matches = evaluate(rule.when, facts, now);
  if (matches === 'false') return { code: 'no_rule_matched' };
  if (matches === 'unknown') {
    return { code: 'unknown_fact', ruleId: rule.id, facts: unknownFacts(rule.when, facts, now) };
  }
  const stopping = protections.filter((each) => stops(each, rule.despite));
  const strongest = stopping.find(({ covers }) => covers === 'true') ?? stopping[0];
  if (strongest !== undefined) {
    const unknown = strongest.covers === 'unknown';
    return { code: 'protected', ruleId: rule.id, by: strongest.protection, unknown };
  }
  const missing = unknownEssentials(facts);
  return missing.length > 0 ? { code: 'unknown_fact', ruleId: rule.id, facts: missing } : undefined;
}

function stops({ protection, covers }: ProtectionTruth, despite: readonly OverridableProtection[]): boolean {
  return covers !== 'false' && !despite.some((each) => each === protection);
}
