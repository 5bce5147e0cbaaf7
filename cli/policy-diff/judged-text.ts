import type { Judged, KeptBecause } from '#sweep/judged.ts';
import { metricsWord } from '../plan-text.ts';

export function judgedText(judged: Judged): string {
  if (judged.kind === 'delete') {
    return `delete by ${judged.ruleId}, metrics ${metricsWord(judged.retainMetrics)}`;
  }
  return judged.kind === 'keep' ? `keep: ${keptText(judged.reason)}` : 'undecided';
}

function keptText(reason: KeptBecause): string {
  switch (reason.code) {
    case 'no_rule_matched':
      return 'no rule matches';
    case 'held':
      return 'under a legal hold';
    case 'not_told':
      return 'no rule deletes it';
    case 'unknown_fact':
      return `${reason.ruleId} needs an unknown fact`;
    case 'protected':
      return `protected by ${reason.by} from ${reason.ruleId}`;
  }
}
