import { describe, expect, it } from 'vitest';
import type { Facts } from '#policy/facts.ts';
import { brandId, type RuleId, type TagId, type TeamId } from '#policy/ids.ts';
import type { ById, Condition, OverridableProtection, Protections, Rule } from '#policy/policy.ts';
import { forTrigger, verdict } from '#policy/verdict.ts';
import { daysBefore, factsOf, testNow } from '#support/facts.ts';
import { policyOf, ruleOf } from '#support/policies.ts';

const isEmail: Condition<ById> = { kind: 'channel', choice: { negated: false, values: ['email'] } };
const isRated: Condition<ById> = { kind: 'rating', atLeast: 1, atMost: undefined };
const isSms: Condition<ById> = { kind: 'channel', choice: { negated: false, values: ['sms'] } };

const rule = (id: string, when: Condition<ById>, changes: Partial<Rule<ById>> = {}): Rule<ById> =>
  ruleOf({ id: brandId<RuleId>(id), when, ...changes });
const judge = (
  rules: readonly Rule<ById>[],
  facts: Partial<Facts> = {},
  protect: Partial<Protections<ById>> = {},
) => verdict(policyOf({ rules, protect: { ...policyOf().protect, ...protect } }), factsOf(facts), testNow);

describe('verdict', () => {
  it('deletes by the first rule that matches', () => {
    const second = rule('b', isEmail);
    expect(judge([rule('a', isSms), second, rule('c', isEmail)])).toEqual({ kind: 'delete', rule: second });
  });

  it('deletes by a later rule that sets the protection aside which stopped an earlier one', () => {
    const second = rule('b', isEmail, { despite: ['open'] });
    expect(judge([rule('a', isEmail), second], { state: 'open' })).toEqual({ kind: 'delete', rule: second });
  });

  it('deletes by a later rule when a fact for an earlier one is unknown', () => {
    const second = rule('b', isEmail);
    expect(judge([rule('a', isRated), second])).toEqual({ kind: 'delete', rule: second });
  });

  it('keeps because no rule matched', () => {
    expect(judge([rule('a', isSms)])).toEqual({ kind: 'keep', reason: { code: 'no_rule_matched' } });
  });

  it('keeps because of an unknown fact, and names it and the first rule that needed it', () => {
    const reason = { code: 'unknown_fact', ruleId: 'b', facts: ['rating'] };
    expect(judge([rule('a', isSms), rule('b', isRated), rule('c', isRated)])).toEqual({
      kind: 'keep',
      reason,
    });
  });

  it('keeps because of a protection rather than an unknown fact, and names the first rule that it stopped', () => {
    const reason = { code: 'protected', ruleId: 'b', by: 'open', unknown: false };
    const rules = [rule('a', isRated), rule('b', isEmail), rule('c', isEmail)];
    expect(judge(rules, { state: 'snoozed' })).toEqual({ kind: 'keep', reason });
  });

  const tag = brandId<TagId>('77');
  const team = brandId<TeamId>('88');
  it.each<[string, Partial<Facts>, string, boolean]>([
    ['a protected tag', { tagIds: [brandId<TagId>('1'), tag] }, 'tags', false],
    ['unknown tags', { tagIds: undefined }, 'tags', true],
    ['a protected team', { teamId: team }, 'teams', false],
    ['an unknown team', { teamId: undefined }, 'teams', true],
    ['being open', { state: 'open' }, 'open', false],
    ['being snoozed', { state: 'snoozed' }, 'open', false],
    ['an unknown state', { state: undefined }, 'open', true],
    ['a ticket', { hasTicket: true }, 'tickets', false],
    ['not knowing of a ticket', { hasTicket: undefined }, 'tickets', true],
    ['activity less than the minimum age ago', { updatedAt: daysBefore(29.999) }, 'minimum_age', false],
    ['activity in the future', { updatedAt: daysBefore(-1) }, 'minimum_age', false],
    ['unknown last activity', { updatedAt: undefined }, 'minimum_age', true],
    ['being open rather than an unknown team', { state: 'open', teamId: undefined }, 'open', false],
    ['unknown tags rather than an unknown state', { tagIds: undefined, state: undefined }, 'tags', true],
    ['a protected tag rather than being open', { state: 'open', tagIds: [tag] }, 'tags', false],
  ])('protects for %s', (_name, facts, by, unknown) => {
    const reason = { code: 'protected', ruleId: 'a', by, unknown };
    expect(judge([rule('a', isEmail)], facts)).toEqual({ kind: 'keep', reason });
  });

  it('does not protect what was last active exactly the minimum age ago', () => {
    expect(judge([rule('a', isEmail)], { updatedAt: daysBefore(30) }).kind).toBe('delete');
  });

  it.each<[OverridableProtection, Partial<Facts>]>([
    ['open', { state: 'open' }],
    ['tickets', { hasTicket: true }],
    ['minimum_age', { updatedAt: daysBefore(1) }],
  ])('lets a rule set %s aside, and only that', (protection, facts) => {
    const others = (['open', 'tickets', 'minimum_age'] as const).filter((each) => each !== protection);
    expect(judge([rule('a', isEmail, { despite: [protection] })], facts).kind).toBe('delete');
    expect(judge([rule('a', isEmail, { despite: others })], facts)).toMatchObject({
      reason: { by: protection },
    });
  });

  it.each<[string, Partial<Protections<ById>>, Partial<Facts>]>([
    ['open', { open: false }, { state: 'open' }],
    ['tickets', { tickets: false }, { hasTicket: true }],
    ['unknown tickets', { tickets: false }, { hasTicket: undefined }],
    ['minimum age', { minimumAge: { amount: 0, unit: 'd' } }, { updatedAt: testNow }],
    ['tags that are not named', { tags: [] }, { tagIds: undefined }],
    ['teams that are not named', { teams: [] }, { teamId: undefined }],
  ])('has no protection of %s when the policy switches it off', (_name, protect, facts) => {
    expect(judge([rule('a', isEmail)], facts, protect).kind).toBe('delete');
  });

  it('keeps, whatever the rule sets aside, what has no known state, creation or last activity', () => {
    const rules = [rule('a', isEmail, { despite: ['open', 'tickets', 'minimum_age'] })];
    const facts = { state: undefined, createdAt: undefined, updatedAt: undefined };
    expect(judge(rules, facts)).toEqual({
      kind: 'keep',
      reason: { code: 'unknown_fact', ruleId: 'a', facts: ['state', 'created', 'last_activity'] },
    });
  });
});

describe('forTrigger', () => {
  it('keeps the rules on this trigger, in their order, and everything else', () => {
    const scheduled = rule('a', isEmail);
    const both = rule('b', isEmail, { on: ['conversation.admin.closed', 'schedule'] });
    const closed = rule('c', isEmail, { on: ['conversation.admin.closed'] });
    const policy = policyOf({ rules: [scheduled, both, closed] });
    expect(forTrigger(policy, 'schedule')).toEqual({ ...policy, rules: [scheduled, both] });
    expect(forTrigger(policy, 'conversation.admin.closed')).toEqual({ ...policy, rules: [both, closed] });
    expect(forTrigger(policy, 'contact.deleted')).toEqual({ ...policy, rules: [] });
  });
});
