import { describe, expect, it } from 'vitest';
import { outcomePartitions } from '#audit/outcome-partitions.ts';
import { brandId, type RuleId } from '#policy/ids.ts';
import { instantFromIso } from '#policy/instant.ts';
import { runIdOf, workspaceId } from '#support/audit-builders.ts';

const span = (from: string, until: string) => ({ from: instantFromIso(from), until: instantFromIso(until) });
const ruleId = brandId<RuleId>('r');

describe('outcomePartitions', () => {
  it('takes every UTC day that the span touches, in order', () => {
    const days = [
      ...outcomePartitions(workspaceId, {}, span('2028-02-28T23:59:59.999Z', '2028-03-01T00:00:00.001Z')),
    ];
    expect(days).toEqual([
      { index: 'by_day', value: 'WS#a86dr8yl#DAY#2028-02-28#0' },
      { index: 'by_day', value: 'WS#a86dr8yl#DAY#2028-02-29#0' },
      { index: 'by_day', value: 'WS#a86dr8yl#DAY#2028-03-01#0' },
    ]);
  });

  it('leaves out the day on whose first instant the span ends', () => {
    const days = [
      ...outcomePartitions(workspaceId, {}, span('2026-11-20T10:00:00Z', '2026-11-21T00:00:00Z')),
    ];
    expect(days).toEqual([{ index: 'by_day', value: 'WS#a86dr8yl#DAY#2026-11-20#0' }]);
  });

  it('takes the months of a rule, over the end of a year and from the 31st of a month', () => {
    const months = outcomePartitions(
      workspaceId,
      { ruleId },
      span('2025-12-31T10:00:00Z', '2026-03-01T00:00:00Z'),
    );
    expect([...months]).toEqual([
      { index: 'by_rule', value: 'WS#a86dr8yl#RULE#r#2025-12' },
      { index: 'by_rule', value: 'WS#a86dr8yl#RULE#r#2026-01' },
      { index: 'by_rule', value: 'WS#a86dr8yl#RULE#r#2026-02' },
    ]);
  });

  it('takes the one partition of a run, also when a rule is asked for', () => {
    const partitions = outcomePartitions(
      workspaceId,
      { runId: runIdOf(1), ruleId },
      span('2020-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
    );
    expect([...partitions]).toEqual([{ index: 'by_run', value: `WS#a86dr8yl#RUN#${runIdOf(1)}` }]);
  });

  it('takes nothing for an empty span', () => {
    const empty = span('2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z');
    expect([...outcomePartitions(workspaceId, { runId: runIdOf(1) }, empty)]).toEqual([]);
  });
});
