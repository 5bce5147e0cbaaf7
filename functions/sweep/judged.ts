import type { RuleId } from '#policy/ids.ts';
import type { Protection } from '#policy/policy.ts';
import type { UndecidedRule } from '#policy/possible-verdict.ts';

/** What a policy says of one conversation when holds are reckoned with, short enough to be counted by. */
export type Judged =
  | { readonly kind: 'delete'; readonly ruleId: RuleId; readonly retainMetrics: boolean }
  | { readonly kind: 'keep'; readonly reason: KeptBecause }
  /** It cannot be told from what is known. These rules might decide. */
  | { readonly kind: 'undecided'; readonly rules: readonly UndecidedRule[] };

export type KeptBecause =
  | { readonly code: 'no_rule_matched' | 'held' | 'not_told' }
  | { readonly code: 'unknown_fact'; readonly ruleId: RuleId }
  | { readonly code: 'protected'; readonly ruleId: RuleId; readonly by: Protection };
