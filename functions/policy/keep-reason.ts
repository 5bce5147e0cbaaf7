import type { RuleId } from './ids.ts';
import type { Protection } from './policy.ts';

/** Why a conversation stays. */
export type KeepReason =
  | { readonly code: 'no_rule_matched' }
  /** A rule might have matched, but a fact that it needs is unknown. */
  | { readonly code: 'unknown_fact'; readonly ruleId: RuleId; readonly facts: readonly string[] }
  /** A rule matched and a protection stopped it; `unknown` when it could not be told that the protection does not apply. */
  | {
      readonly code: 'protected';
      readonly ruleId: RuleId;
      readonly by: Protection;
      readonly unknown: boolean;
    };
