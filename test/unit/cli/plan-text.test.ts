import { describe, expect, it } from 'vitest';
import { nextStep } from '#cli/next-step.ts';
import { applyingCost, keptTable, planHeading, planText, rulesTable } from '#cli/plan-text.ts';
import { brandId, type ContactId, type ConversationId, type RuleId } from '#policy/ids.ts';
import { parsePolicy } from '#policy/parse-policy.ts';
import { aPlan } from '#support/audit-builders.ts';
import type { Refusal } from '#sweep/run-record.ts';

const rule = brandId<RuleId>;
const parsed = parsePolicy(`
version: 1
workspace: a86dr8yl
pace: 50%
rules:
  - { id: b-first, description: Old ones., legal_basis: Schedule 4.2, when: { state: closed }, retain_metrics: true }
  - { id: a-second, when: { state: closed }, retain_metrics: false }
  - { id: on-event, on: contact.deleted, when: { state: closed }, retain_metrics: false }
`);
if (!parsed.ok) throw new Error('The policy of this test is not valid.');
const { policy } = parsed;

describe('planHeading', () => {
  it('says of which workspace, by which policy and as of when, and what was read and found', () => {
    const plan = aPlan({ scanned: 5000, workspaceTotal: 5012, candidates: 1204, apiCalls: 41, scan: 'list' });
    expect(planHeading(plan)).toBe(
      [
        `Plan ${plan.planId}`,
        `of the workspace Acme Support (a86dr8yl), by the policy ${plan.policyHash.slice(0, 12)}, as of 2026-11-21T12:00:00Z`,
        'Read 5,000 conversations by list in 41 API calls. To delete: 1,204 of 5,012.',
      ].join('\n'),
    );
  });

  it("keeps a workspace's name from steering the terminal", () => {
    expect(planHeading(aPlan({ workspaceName: 'Acme\u001B[2J\nInc' }))).toContain('Acme[2JInc');
  });
});

describe('rulesTable', () => {
  it('shows the scheduled rules in the order of the policy, with counts, flag and grounds', () => {
    const table = rulesTable(aPlan({ byRule: { [rule('a-second')]: 7 } }), policy);
    expect(table.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['rule', 'to delete', 'metrics', 'description', 'legal basis'],
      ['b-first', '0', 'kept', 'Old ones.', 'Schedule 4.2'],
      ['a-second', '7', 'removed'],
    ]);
  });

  it('still shows a rule that the policy does not have any more', () => {
    expect(rulesTable(aPlan({ byRule: { [rule('gone')]: 3 } }), policy)).toMatch(/^gone +3$/m);
  });
});

describe('keptTable', () => {
  it('names the reasons in words, and nothing where nothing stays', () => {
    const table = keptTable(aPlan({ keptBy: { protected: 101, held: 1 } })) ?? '';
    expect(table).toMatch(/protected by the policy +101/);
    expect(table).toMatch(/under a legal hold +1/);
    expect(table).not.toContain('no rule matches');
    expect(keptTable(aPlan({ keptBy: {} }))).toBeUndefined();
  });
});

describe('applyingCost', () => {
  const usage = { calls: 0, writeCalls: 0, rateLimited: 0 };

  it('counts a DELETE and at most a read for each, at the pace of the policy within the limit that Intercom gave', () => {
    const text = applyingCost(aPlan({ candidates: 1000 }), policy, { ...usage, limitPerWindow: 100 });
    expect(text).toContain('takes 1,000 to 2,000 API calls');
    expect(text).toContain('at most about 6 min 40 s at 50% of 100 calls in 10 s');
  });

  it('takes the usual limit where Intercom did not say', () => {
    const text = applyingCost(aPlan({ candidates: 1 }), policy, { ...usage, limitPerWindow: undefined });
    expect(text).toContain('50% of 1,667 calls in 10 s');
  });
});

describe('nextStep', () => {
  const flags = { json: false, quiet: false, stack: 'S' };
  const planned = (codes: readonly Refusal['code'][]) =>
    aPlan({
      status: 'planned',
      candidates: 5,
      gate: {
        allowed: codes.length === 0,
        refusals: codes.map((code) => ({ code, setting: '', value: null, limit: null })),
      },
    });

  it('is to apply what the gate lets pass, and to approve what lacks nothing else', () => {
    expect(nextStep(planned([]), flags)).toBe(`Next: retention apply ${aPlan().planId} --stack S`);
    expect(nextStep(planned(['not_approved']), flags)).toBe(
      `Next: retention approve ${aPlan().planId} --stack S`,
    );
  });

  it('is to look at the plan where the gate asks for a change', () => {
    expect(nextStep(planned(['not_approved', 'per_run']), flags)).toContain(
      `"retention plan show ${aPlan().planId} --stack S"`,
    );
  });

  it('is nothing where there is nothing to delete, and to go on where the plan is not complete', () => {
    expect(nextStep({ ...planned([]), candidates: 0 }, flags)).toBe('There is nothing to delete.');
    expect(nextStep(aPlan({ status: 'planning' }), flags)).toBe('Next: retention plan --stack S');
  });
});

describe('planText', () => {
  it('names whom an erasure is about, and each conversation that stays with its reason', () => {
    const kept = [
      { conversationId: brandId<ConversationId>('471'), reason: 'held', detail: 'Case\u001B 12' },
      { conversationId: brandId<ConversationId>('472'), reason: 'protected', detail: 'tickets' },
    ] as const;
    const erasure = { contactId: brandId<ContactId>('6762f0f3'), retainMetrics: false, kept };
    const text = planText(aPlan({ erasure, keptBy: { held: 1, protected: 1 } }), policy);
    expect(text).toContain('Erases the contact 6762f0f3.');
    expect(text).toMatch(/471 +under a legal hold: Case 12\n472 +protected by the policy: tickets$/);
  });

  it('says that a policy without rules deletes nothing', () => {
    expect(planText(aPlan({ byRule: {} }), { ...policy, rules: [] })).toContain('so it deletes nothing');
  });
});
