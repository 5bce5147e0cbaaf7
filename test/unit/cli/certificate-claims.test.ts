import { describe, expect, it } from 'vitest';
import { claimsOf } from '#cli/certificate/certificate-claims.ts';
import type { Evidence } from '#cli/certificate/certificate-evidence.ts';
import { policyHash, toCanonicalJson } from '#policy/policy-hash.ts';

type Document = Record<string, unknown>;

const policyJson = toCanonicalJson({
  version: 1,
  workspace: 'w1',
  mode: 'delete',
  rules: [
    {
      id: 'old',
      description: 'Old ones.',
      when: { state: 'closed', last_activity: { older_than: '2y' } },
      despite: ['minimum_age'],
      retain_metrics: true,
    },
  ],
});
const hash = policyHash(policyJson);
const facts = { state: 'closed', updated_at: '2020-01-01T00:00:00.000Z' };

const evidence = {
  outcome: {
    kind: 'outcome',
    workspace_id: 'w1',
    conversation_id: '7',
    outcome: 'deleted',
    rule_id: 'old',
    policy_hash: hash,
    run_id: 'run-1',
    trigger: 'schedule',
    retain_metrics: true,
    planned_at: '2026-01-01T00:00:00.000Z',
    attempted_at: '2026-01-02T00:00:01.000Z',
    deleted_at: '2026-01-02T00:00:02.000Z',
    http_status: 200,
    intercom_request_id: 'req-1',
    facts,
  },
  intent: {
    kind: 'intent',
    workspace_id: 'w1',
    run_id: 'run-1',
    plan_id: 'plan-1',
    chunk_number: 3,
    conversation_ids: ['6', '7'],
    intended_at: '2026-01-02T00:00:00.000Z',
    api_version: '2.16',
  },
  plan_chunk: {
    kind: 'plan_chunk',
    workspace_id: 'w1',
    plan_id: 'plan-1',
    chunk_number: 3,
    deletions: [
      {
        conversation_id: '7',
        rule_id: 'old',
        retain_metrics: true,
        read_at: '2026-01-01T00:00:01.000Z',
        facts,
      },
    ],
  },
  plan: {
    kind: 'plan',
    policy_json: policyJson,
    record: {
      workspaceId: 'w1',
      workspaceName: 'Acme',
      planId: 'plan-1',
      policyHash: hash,
      asOf: Date.UTC(2026, 0, 1),
    },
  },
  confirmation: {
    kind: 'confirmation',
    workspace_id: 'w1',
    conversation_id: '7',
    deleted_at: '2026-01-02T00:00:01.000Z',
    metrics_retained: true,
    confirmed_at: '2026-01-03T00:00:00.000Z',
  },
  approval: {
    kind: 'act',
    recorded_at: '2026-01-01T12:00:00.004Z',
    record: {
      workspaceId: 'w1',
      kind: 'approved',
      at: Date.UTC(2026, 0, 1, 12),
      by: 'officer',
      subject: 'plan-1',
      details: { policy_hash: hash, covers: 'plan' },
    },
  },
} satisfies Record<keyof Evidence, Document>;

type Role = keyof typeof evidence;

/** The evidence with some of it changed. */
const changed = (role: Role, changes: Document): Evidence => ({
  ...evidence,
  [role]: { ...(evidence[role] as Document), ...changes },
});
const changedRecord = (role: 'plan' | 'approval', changes: Document): Evidence =>
  changed(role, { record: { ...evidence[role].record, ...changes } });

const problemOf = (given: Evidence): string => {
  const result = claimsOf(given);
  return result.ok ? 'none' : result.problem;
};

describe('claimsOf', () => {
  it('says what the records say', () => {
    const result = claimsOf(evidence);
    expect(result).toMatchObject({
      ok: true,
      claims: {
        workspace_name: 'Acme',
        conversation_id: '7',
        deleted_by_word_of: 'answer',
        deleted_at: '2026-01-02T00:00:01.000Z',
        rule: {
          id: 'old',
          description: 'Old ones.',
          legal_basis: null,
          condition: [
            { depth: 0, text: 'the state is “closed”' },
            {
              depth: 0,
              text: 'the last activity was at least 2 years ago (2024-01-01 00:00:00 UTC or earlier)',
            },
          ],
          despite: ['minimum_age'],
          facts_not_kept: [],
        },
        facts: { planned: { state: 'closed', tag_ids: null, team_id: null }, changed_to: null },
        approval: { by: 'officer', at: '2026-01-01T12:00:00.000Z', covers: 'plan' },
        request: { method: 'DELETE', path: '/conversations/7', api_version: '2.16' },
        answer: { answered_at: '2026-01-02T00:00:02.000Z', http_status: 200, intercom_request_id: 'req-1' },
      },
    });
  });

  it('takes Intercom’s own time once it has confirmed, and that of its answer before', () => {
    const { confirmation: _, ...unconfirmed } = evidence;
    expect(claimsOf(unconfirmed)).toMatchObject({
      claims: { deleted_at: '2026-01-02T00:00:02.000Z', confirmation: null },
    });
  });

  it('tells facts that had changed when the conversation was read again', () => {
    const tags = { ...facts, tag_ids: ['5'] };
    expect(claimsOf(changed('outcome', { facts: tags }))).toMatchObject({
      claims: { facts: { planned: { tag_ids: null }, changed_to: { tag_ids: ['5'] } } },
    });
  });

  it('says of an older record that the API version is not known', () => {
    const { api_version: _, ...older } = evidence.intent;
    expect(claimsOf({ ...evidence, intent: older })).toMatchObject({
      claims: { request: { api_version: null } },
    });
  });

  it.each<[string, Evidence, RegExp]>([
    ['an intent of another run', changed('intent', { run_id: 'run-2' }), /intent is of another run/],
    [
      'an intent of another workspace',
      changed('intent', { workspace_id: 'w2' }),
      /intent is of another workspace/,
    ],
    [
      'an intent without it',
      changed('intent', { conversation_ids: ['6'] }),
      /intent does not name the conversation/,
    ],
    [
      'a chunk of another plan',
      changed('plan_chunk', { plan_id: 'plan-2' }),
      /not the one that the intent names/,
    ],
    ['another chunk', changed('plan_chunk', { chunk_number: 4 }), /not the one that the intent names/],
    [
      'a chunk of another workspace',
      changed('plan_chunk', { workspace_id: 'w2' }),
      /plan chunk is of another workspace/,
    ],
    [
      'a chunk without it',
      changed('plan_chunk', { deletions: [] }),
      /plan chunk does not hold the conversation/,
    ],
    [
      'another rule than planned',
      changed('outcome', { rule_id: 'new' }),
      /another rule or another metrics flag/,
    ],
    [
      'another flag than planned',
      changed('outcome', { retain_metrics: false }),
      /another rule or another metrics flag/,
    ],
    ['another plan', changedRecord('plan', { planId: 'plan-2' }), /The plan is not the one/],
    [
      'a plan of another workspace',
      changedRecord('plan', { workspaceId: 'w2' }),
      /The plan is of another workspace/,
    ],
    ['a plan of another time', changedRecord('plan', { asOf: 0 }), /The plan was made at another time/],
    [
      'another policy hash',
      changedRecord('plan', { policyHash: 'x' }),
      /The policy of the plan is not the one/,
    ],
    ['another policy', changed('plan', { policy_json: '{}' }), /The policy of the plan is not the one/],
    [
      'another’s confirmation',
      changed('confirmation', { conversation_id: '8' }),
      /confirmation is of another conversation/,
    ],
    [
      'an approval of another plan',
      changedRecord('approval', { subject: 'plan-2' }),
      /approval is of another plan/,
    ],
    [
      'an approval that came later',
      changedRecord('approval', { at: Date.UTC(2026, 0, 4) }),
      /came after the intent/,
    ],
    [
      'an approval that was written down later, as of before',
      changed('approval', { recorded_at: '2026-01-04T00:00:00.000Z' }),
      /came after the intent/,
    ],
    [
      'an approval of another workspace',
      changedRecord('approval', { workspaceId: 'w2' }),
      /approval is of another plan/,
    ],
    [
      'an act that is no approval',
      changedRecord('approval', { kind: 'paused' }),
      /The approval is missing, or is not/,
    ],
    [
      'a kept conversation',
      changed('outcome', { outcome: 'kept' }),
      /do not say that the conversation was deleted/,
    ],
    [
      'one that was gone before',
      changed('outcome', { outcome: 'not_found' }),
      /do not say that the conversation was deleted/,
    ],
    [
      'a plan in the place of the outcome',
      { ...evidence, outcome: evidence.plan },
      /The outcome is missing, or is not/,
    ],
    ['no intent', { ...evidence, intent: undefined }, /The intent is missing, or is not/],
    ['no chunk', { ...evidence, plan_chunk: undefined }, /The plan chunk is missing, or is not/],
    ['no plan', { ...evidence, plan: undefined }, /The plan is missing, or is not/],
    [
      'a confirmation that is none',
      changed('confirmation', { deleted_at: 'yesterday' }),
      /The confirmation is missing, or is not/,
    ],
  ])('claims nothing from %s', (_, given, problem) => {
    expect(problemOf(given)).toMatch(problem);
  });

  /** Evidence that rests on this policy alone, and fits. */
  const evidenceBy = (policy: string): Evidence => {
    const by = policyHash(policy);
    const { details, ...record } = evidence.approval.record;
    return {
      ...evidence,
      outcome: { ...evidence.outcome, policy_hash: by },
      plan: { ...evidence.plan, policy_json: policy, record: { ...evidence.plan.record, policyHash: by } },
      approval: { ...evidence.approval, record: { ...record, details: { ...details, policy_hash: by } } },
    };
  };

  it.each([
    ['of a version that it does not know', { ...JSON.parse(policyJson), version: 9 }],
    ['without a version', { rules: JSON.parse(policyJson).rules }],
    ['without rules', { version: 1 }],
    ['without the rule', { version: 1, rules: [{ id: 'other', when: {}, retain_metrics: true }] }],
    ['with a rule that is none', { version: 1, rules: [{ id: 'old', when: { colour: 'red' } }] }],
  ])('claims nothing by a policy %s, however well it fits', (_, policy) => {
    expect(problemOf(evidenceBy(toCanonicalJson(policy)))).toBe(
      'The policy of the plan cannot be read, or does not hold the rule of the outcome.',
    );
  });

  it('reads of the policy the rule alone, so that a later version which reads the rest otherwise says the same', () => {
    const policy = { ...JSON.parse(policyJson), limits: { per_moon: 3 }, colour: 'red' };
    const other = { id: 'other', when: { colour: 'red' } };
    const result = claimsOf(evidenceBy(toCanonicalJson({ ...policy, rules: [other, ...policy.rules] })));
    const whole = claimsOf(evidence);
    expect(result.ok && result.claims.rule).toEqual(whole.ok && whole.claims.rule);
    expect(result.ok).toBe(true);
  });

  it.each<[string, Evidence, RegExp]>([
    ['a plan', changedRecord('plan', { asOf: 8.64e15 + 1 }), /The plan is missing, or is not/],
    ['an approval', changedRecord('approval', { at: -8.64e15 - 1 }), /The approval is missing, or is not/],
  ])('claims nothing from %s of a time that no date can hold', (_, given, problem) => {
    expect(problemOf(given)).toMatch(problem);
  });

  it('takes an approval of the policy for every plan by it', () => {
    const { details } = evidence.approval.record;
    const standing = changedRecord('approval', {
      subject: 'plan-0',
      details: { ...details, covers: 'policy' },
    });
    expect(claimsOf(standing)).toMatchObject({ claims: { approval: { by: 'officer', covers: 'policy' } } });
    const ofAnother = changedRecord('approval', { details: { policy_hash: 'x', covers: 'policy' } });
    expect(problemOf(ofAnother)).toMatch(/approval is of another plan/);
  });
});
