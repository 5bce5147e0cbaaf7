import { brandId, type RuleId, type TagId, type TeamId, type WorkspaceId } from '#policy/ids.ts';
import type { ById, ResolvedPolicy, Rule } from '#policy/policy.ts';

const testWorkspaceId = brandId<WorkspaceId>('a86dr8yl');

/** A rule for conversations that have been closed and silent for two years. */
export function ruleOf(changes: Partial<Rule<ById>> = {}): Rule<ById> {
  return {
    id: brandId<RuleId>('closed-two-years'),
    description: undefined,
    legalBasis: undefined,
    on: ['schedule'],
    when: {
      kind: 'all',
      of: [
        { kind: 'state', choice: { negated: false, values: ['closed'] } },
        {
          kind: 'time',
          key: 'last_activity',
          olderThan: { amount: 2, unit: 'y' },
          newerThan: undefined,
          before: undefined,
          after: undefined,
        },
      ],
    },
    despite: [],
    retainMetrics: true,
    ...changes,
  };
}

/** A policy that may delete, with generous limits and every protection; `changes` say what matters to a test. */
export function policyOf(changes: Partial<ResolvedPolicy> = {}): ResolvedPolicy {
  return {
    workspaceId: testWorkspaceId,
    mode: 'delete',
    approval: 'standing',
    scan: 'auto',
    recheckAfter: { amount: 15, unit: 'm' },
    pace: { numerator: 1n, denominator: 1n },
    limits: {
      perRun: 1000,
      perDay: 1000,
      shareOfWorkspace: { numerator: 1n, denominator: 1n },
      failures: { numerator: 1n, denominator: 1n },
      whenExceeded: 'stop',
    },
    protect: {
      minimumAge: { amount: 30, unit: 'd' },
      open: true,
      tickets: true,
      tags: [brandId<TagId>('77')],
      teams: [brandId<TeamId>('88')],
    },
    rules: [ruleOf()],
    ...changes,
  };
}
