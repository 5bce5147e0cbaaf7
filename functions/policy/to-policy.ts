import { brandId } from './ids.ts';
import type { ByName, NamedPolicy, Rule } from './policy.ts';
import type { PolicyDocument, RuleDocument } from './policy-schema.ts';
import { toCondition } from './to-condition.ts';

export function toPolicy(document: PolicyDocument): NamedPolicy {
  const { limits, protect } = document;
  return {
    workspaceId: brandId(document.workspace),
    mode: document.mode,
    approval: document.approval,
    scan: document.scan,
    recheckAfter: document.recheck_after,
    pace: document.pace,
    limits: {
      perRun: limits.per_run,
      perDay: limits.per_day,
      shareOfWorkspace: limits.share_of_workspace,
      failures: limits.failures,
      whenExceeded: limits.when_exceeded,
    },
    protect: {
      minimumAge: protect.minimum_age,
      open: protect.open,
      tickets: protect.tickets,
      tags: protect.tags,
      teams: protect.teams,
    },
    rules: document.rules.map(toRule),
  };
}

export const toRule = (rule: RuleDocument): Rule<ByName> => ({
  id: brandId(rule.id),
  description: rule.description,
  legalBasis: rule.legal_basis,
  on: typeof rule.on === 'string' ? [rule.on] : rule.on,
  when: toCondition(rule.when),
  despite: rule.despite,
  retainMetrics: rule.retain_metrics,
});
