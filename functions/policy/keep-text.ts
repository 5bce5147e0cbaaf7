import type { KeepReason } from './keep-reason.ts';

/** Why a conversation stays, as the end of a sentence: `no rule matches`. */
export function keepText(reason: KeepReason): string {
  if (reason.code === 'no_rule_matched') return 'no rule matches';
  if (reason.code === 'unknown_fact') {
    return `the rule ${reason.ruleId} needs what is not known: ${reason.facts.join(', ')}`;
  }
  const doubt = reason.unknown ? ', since it is not known not to apply' : '';
  return `the rule ${reason.ruleId} matches, and the protection ${reason.by} stops it${doubt}`;
}
