import { describe, expect, it } from 'vitest';
import { reconcileIn } from '#support/reconcile-world.ts';
import type { ConversationInDays } from '#support/simulated-workspace.ts';
import { type SweepWorld, sweepWorld } from '#support/sweep-world.ts';
import { runRetention } from '#sweep/run-retention.ts';

const oldOnes = (count: number): ConversationInDays[] =>
  Array.from({ length: count }, () => ({ state: 'closed', createdDaysAgo: 1000, updatedDaysAgo: 900 }));
const rule = {
  id: 'closed-two-years',
  when: { state: 'closed', last_activity: { older_than: '2y' } },
  retain_metrics: true,
};

async function sweep(world: SweepWorld): Promise<void> {
  const request = world.request({ rules: [rule] });
  await world.approve(request);
  await runRetention(world.deps(), request);
}

describe('reconcile', () => {
  it('confirms what our runs deleted, and counts the rest as deleted elsewhere', async () => {
    await using world = await sweepWorld({ conversations: oldOnes(150) });
    for (const id of ['3', '77', '150']) world.simulator.happen(id, { action: 'delete' });
    await sweep(world);
    const report = await reconcileIn(world);
    expect(report.done).toBe(true);
    expect(report.reconciliation).toMatchObject({
      counts: { confirmed: 147, flag_mismatch: 0, deleted_elsewhere: 3, claimed_but_absent: 0 },
      pages: 3,
      apiCalls: 4,
      listTotal: 150,
    });
    const again = await reconcileIn(world);
    expect(again.reconciliation).toMatchObject({
      counts: report.reconciliation.counts,
      change: { confirmed: 0, flag_mismatch: 0, deleted_elsewhere: 0, claimed_but_absent: 0 },
      pages: 1,
      apiCalls: 2,
    });
  });
});
