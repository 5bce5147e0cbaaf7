import { describe, expect, it } from 'vitest';
import { createOutput } from '#cli/output.ts';
import { tellReconcile } from '#cli/tell-reconcile.ts';
import { aReconciliation, conversationIdOf, noon, runIdOf, workspaceId } from '#support/audit-builders.ts';
import { recordedStream } from '#support/recorded-stream.ts';
import type { ReconcileReport } from '#sweep/reconcile.ts';
import { type ClassCounts, noClasses as none } from '#sweep/reconcile-record.ts';

const absence = {
  workspaceId,
  conversationId: conversationIdOf(7),
  runId: runIdOf(1),
  outcome: 'deleted',
  recordedAt: noon,
} as const;

const reportOf = (
  counts: Partial<ClassCounts>,
  change: Partial<ClassCounts> = {},
  others: Partial<ReconcileReport> = {},
): ReconcileReport => ({
  reconciliation: aReconciliation({ counts: { ...none, ...counts }, change: { ...none, ...change } }),
  done: true,
  absences: [],
  ...others,
});

async function tell(report: ReconcileReport, json = false) {
  const stdout = recordedStream({ isTTY: false });
  const stderr = recordedStream({ isTTY: false });
  const code = await tellReconcile(
    {
      output: createOutput({ stdout, stderr, json, quiet: false }),
      flags: { json, quiet: false, policy: 'our.yaml' },
    },
    report,
  );
  return { code, stdout: stdout.written.join(''), stderr: stderr.written.join('') };
}

describe('tellReconcile', () => {
  it('says how current it is, the numbers of every class, and what the classes that there are mean', async () => {
    const { code, stderr } = await tell(
      reportOf({ confirmed: 1_997, deleted_elsewhere: 3, before_audit: 12 }, { confirmed: 997 }),
    );
    expect(code).toBe(0);
    expect(stderr.split('\n')).toEqual([
      "Intercom's list of deleted conversations as of 2026-11-21T11:59:01Z: 1,000 entries, 17 pages read, 18 API calls. This audit began 2026-11-21T11:00:00Z.",
      '',
      'class                 all  new',
      'confirmed           1,997  997',
      'flag mismatch           0    0',
      'deleted elsewhere       3    0',
      'before the audit       12    0',
      'claimed but absent      0    0',
      '',
      expect.stringMatching(/^confirmed: .*nothing to do\.$/),
      expect.stringMatching(/^deleted elsewhere: .*ask who/),
      expect.stringMatching(/^before the audit: .*nothing to do, unless an older audit/),
      '',
      'New deletions elsewhere: 215470000000001, 215470000000002, 215470000000003.',
      '',
    ]);
  });

  it.each([
    ['new flag mismatches', reportOf({ flag_mismatch: 2 }, { flag_mismatch: 1 }), 4],
    ['flag mismatches that have been told of', reportOf({ flag_mismatch: 2 }), 0],
    ['absences, new or not', reportOf({ claimed_but_absent: 1 }, {}, { absences: [absence] }), 4],
    ['absences that are cleared', reportOf({}, { claimed_but_absent: -1 }), 0],
    ['deletions elsewhere', reportOf({ deleted_elsewhere: 1 }, { deleted_elsewhere: 1 }), 0],
    ['deletions before the audit', reportOf({ before_audit: 9 }, { before_audit: 9 }), 0],
    ['work that was stopped', reportOf({ confirmed: 60 }, {}, { done: false }), 1],
  ])('ends with the right exit code on %s', async (_, report, code) => {
    expect((await tell(report)).code).toBe(code);
  });

  it('names absent conversations, and says how many more there are', async () => {
    const { stderr } = await tell(reportOf({ claimed_but_absent: 3 }, {}, { absences: [absence] }));
    expect(stderr).toContain('Absent: 215470000000007 and 2 more.');
  });

  it('says how to go on when it was stopped, and that the first walk has not ended', async () => {
    const { reconciliation } = reportOf({});
    const stopped = { reconciliation: { ...reconciliation, listReadAt: undefined, listTotal: undefined } };
    const { stderr } = await tell(reportOf({}, {}, { ...stopped, done: false }));
    expect(stderr).toContain('not read to its end yet: 17 pages read');
    expect(stderr).toContain('"retention reconcile --policy our.yaml" goes on where it stopped');
  });

  it('gives one document with --json', async () => {
    const { stdout } = await tell(reportOf({ claimed_but_absent: 1 }, {}, { absences: [absence] }), true);
    expect(JSON.parse(stdout)).toEqual({
      workspace_id: workspaceId,
      reconciliation_id: aReconciliation().reconciliationId,
      started_at: '2026-11-21T11:59:00.000Z',
      finished_at: '2026-11-21T12:00:00.000Z',
      audit_began_at: '2026-11-21T11:00:00.000Z',
      list_read_at: '2026-11-21T11:59:01.000Z',
      new_elsewhere: 3,
      list_total: 1000,
      pages: 17,
      api_calls: 18,
      counts: { ...none, claimed_but_absent: 1 },
      change: none,
      examples: aReconciliation().examples,
      done: true,
      claimed_but_absent: [
        {
          conversation_id: '215470000000007',
          run_id: runIdOf(1),
          outcome: 'deleted',
          recorded_at: '2026-11-21T12:00:00.000Z',
        },
      ],
    });
  });
});
