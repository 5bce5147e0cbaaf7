import { describe, expect, it } from 'vitest';
import {
  absenceKey,
  actKey,
  budgetKey,
  confirmationKey,
  dayPartition,
  finishedRunKey,
  holdKey,
  intentKey,
  leaseKey,
  outcomeKey,
  outcomeSortKey,
  pauseKey,
  planApprovalKey,
  planChunkKey,
  planKey,
  planStateKey,
  policyApprovalKey,
  reconciliationKey,
  ruleMonthPartition,
  runListKey,
  runOutcomesPartition,
  summaryKey,
} from '#audit/keys.ts';
import { brandId, type ConversationId, type PlanId, type RuleId, type RunId } from '#policy/ids.ts';
import { anOutcome, noon, workspaceId } from '#support/audit-builders.ts';
import { ConfigurationError } from '#sweep/errors.ts';

const conversation = brandId<ConversationId>('77');
const run = brandId<RunId>('r1');
const plan = brandId<PlanId>('p1');
const act = { workspaceId, kind: 'paused', at: noon, by: 'ops', subject: 'workspace', details: {} } as const;

describe('keys', () => {
  it.each([
    [outcomeKey(workspaceId, conversation, run), 'WS#a86dr8yl#CONV#77', 'OUTCOME#r1'],
    [confirmationKey(workspaceId, conversation), 'WS#a86dr8yl#CONV#77', 'CONFIRMATION'],
    [planKey(workspaceId, plan), 'WS#a86dr8yl#PLAN#p1', 'PLAN'],
    [planChunkKey(workspaceId, plan, 12), 'WS#a86dr8yl#PLAN#p1', 'CHUNK#000012'],
    [intentKey(workspaceId, run, 999_999), 'WS#a86dr8yl#RUN#r1', 'INTENT#999999'],
    [summaryKey(workspaceId, run), 'WS#a86dr8yl#RUN#r1', 'SUMMARY'],
    [runListKey(workspaceId, run), 'WS#a86dr8yl#RUNS', 'r1'],
    [actKey(act), 'WS#a86dr8yl#ACTS', '2026-11-21T12:00:00.000Z#paused#workspace'],
    [reconciliationKey(workspaceId, brandId('x1')), 'WS#a86dr8yl#RECONCILIATIONS', 'x1'],
    [leaseKey(workspaceId), 'WS#a86dr8yl', 'LEASE'],
    [leaseKey(workspaceId, 'reconcile'), 'WS#a86dr8yl', 'LEASE#RECONCILE'],
    [absenceKey(workspaceId, conversation), 'WS#a86dr8yl', 'ABSENCE#77'],
    [budgetKey(workspaceId), 'WS#a86dr8yl', 'BUDGET'],
    [pauseKey(workspaceId), 'WS#a86dr8yl', 'PAUSE'],
    [finishedRunKey(workspaceId, run), 'WS#a86dr8yl', 'RUN#r1'],
    [planStateKey(workspaceId, plan), 'WS#a86dr8yl', 'PLAN#p1'],
    [planApprovalKey(workspaceId, plan), 'WS#a86dr8yl', 'APPROVAL#PLAN#p1'],
    [policyApprovalKey(workspaceId, brandId('ab')), 'WS#a86dr8yl', 'APPROVAL#POLICY#ab'],
    [holdKey(workspaceId, 'tag', '9', 'Suit #4 100%'), 'WS#a86dr8yl', 'HOLD#tag#9#Suit %234 100%25'],
  ])('writes %j', (key, pk, sk) => {
    expect(key).toEqual({ pk, sk });
  });

  it('writes the partitions and the sort key of the indexes', () => {
    const { ruleId } = anOutcome();
    expect(dayPartition(workspaceId, noon)).toBe('WS#a86dr8yl#DAY#2026-11-21#0');
    expect(ruleMonthPartition(workspaceId, ruleId, noon)).toBe('WS#a86dr8yl#RULE#closed-two-years#2026-11');
    expect(runOutcomesPartition(workspaceId, run)).toBe('WS#a86dr8yl#RUN#r1');
    expect(outcomeSortKey(noon, conversation)).toBe('2026-11-21T12:00:00.000Z#77');
  });

  it('refuses an empty part, which a local store would take for one, naming it', () => {
    expect(() => outcomeKey(workspaceId, brandId(''), run)).toThrow(
      new ConfigurationError('The conversation id is empty; give one.'),
    );
    expect(() => holdKey(workspaceId, 'tag', '1', '')).toThrow('The matter of the hold is empty');
  });

  it('refuses a part that is longer than 300 bytes, and half a character', () => {
    expect(() => ruleMonthPartition(workspaceId, brandId<RuleId>('é'.repeat(151)), noon)).toThrow(
      'longer than 300 bytes',
    );
    expect(ruleMonthPartition(workspaceId, brandId<RuleId>('é'.repeat(150)), noon)).toContain('éé');
    expect(() => holdKey(workspaceId, 'tag', '1', '\ud800')).toThrow('half of a character');
  });

  it.each([-1, 0.5, 1_000_000])('refuses the chunk number %d', (chunkNumber) => {
    expect(() => intentKey(workspaceId, run, chunkNumber)).toThrow(RangeError);
  });
});
