import { describe, expect, it } from 'vitest';
import { runExitCode, runText, wayOn } from '#cli/run-text.ts';
import { brandId, type RuleId } from '#policy/ids.ts';
import { aRun } from '#support/audit-builders.ts';
import { noOutcomes } from '#sweep/run-counts.ts';
import type { RunRecord, StopReason } from '#sweep/run-record.ts';
import type { RunReport } from '#sweep/sweep-deps.ts';

const reportOf = (changes: Partial<RunRecord>): RunReport => ({
  run: aRun({ counts: noOutcomes, countsByRule: {}, ...changes }),
  plan: undefined,
  done: true,
});
const stoppedBy = (stopReason: StopReason, counts: Partial<RunRecord['counts']> = {}) =>
  reportOf({ stopReason, counts: { ...noOutcomes, ...counts } });

/** Of the command that ran it. */
const flags = { json: false, quiet: false, dataDir: 'd' };

describe('runExitCode', () => {
  it.each<[string, RunReport, number]>([
    ['0 when all is done', stoppedBy('done', { deleted: 5, kept: 2, not_found: 1 }), 0],
    ['4 when a deletion failed', stoppedBy('done', { deleted: 5, failed: 1 }), 4],
    ['4 when a deletion is unresolved', stoppedBy('done', { deleted: 5, unresolved: 1 }), 4],
    ['4 when too many deletions failed', stoppedBy('failures', { failed: 3 }), 4],
    ['3 when the gate refused', stoppedBy('refused'), 3],
    ['1 when the gate refused to go on after something was deleted', stoppedBy('refused', { deleted: 1 }), 1],
    ['3 when it was paused before anything was deleted', stoppedBy('paused', { kept: 1 }), 3],
    ['1 when it was paused after something was deleted', stoppedBy('paused', { deleted: 1 }), 1],
    ['1 when it was interrupted', stoppedBy('interrupted', { deleted: 1 }), 1],
    ['1 when it was interrupted before it had a plan', reportOf({ stopReason: undefined }), 1],
    ['1 before its deadline', stoppedBy('deadline'), 1],
  ])('is %s', (_when, report, code) => {
    expect(runExitCode(report)).toBe(code);
  });
});

describe('wayOn', () => {
  it('says nothing of a run that is done without a flaw, nor of a refusal, which speaks for itself', () => {
    expect([wayOn(stoppedBy('done', { deleted: 1 }), flags), wayOn(stoppedBy('refused'), flags)]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it.each<StopReason>(['interrupted', 'deadline', 'paused', 'superseded'])(
    'says with which command to go on after %s',
    (stopReason) => {
      expect(wayOn(stoppedBy(stopReason), flags)).toContain('"retention run --data-dir d"');
    },
  );

  it('goes on with an erasure by its plan, since another run would give it up', () => {
    const erasure = (stopReason: StopReason) => wayOn(reportOf({ trigger: 'erasure', stopReason }), flags);
    expect(erasure('interrupted')).toContain(`"retention apply ${aRun().planId} --data-dir d"`);
    expect(erasure('superseded')).toContain('"retention erase --data-dir d"');
  });

  it('says what switches deletion on again', () => {
    expect(wayOn(stoppedBy('paused'), flags)).toContain('"retention resume --data-dir d"');
  });

  it('says where to look at what failed or is unresolved', () => {
    const text = wayOn(stoppedBy('done', { failed: 2, unresolved: 1 }), flags);
    expect(text).toContain('2 deletions failed and 1 are unresolved');
    expect(text).toContain(`"retention audit query --run ${aRun().runId} --outcome failed --data-dir d"`);
    expect(wayOn(stoppedBy('failures'), flags)).toContain(
      '"retention audit query --outcome failed --data-dir d"',
    );
  });
});

describe('runText', () => {
  it("shows each rule's outcomes and their sum, the calls, and how many of them hit the limit", () => {
    const counts = { ...noOutcomes, deleted: 1200, kept: 1 };
    const text = runText(
      reportOf({
        intended: 1201,
        counts,
        countsByRule: { [brandId<RuleId>('old')]: counts },
        rateLimited: 3,
      }),
    );
    expect(text).toContain('1,201 deletions intended, 1,234 API calls, 3 of them answered with 429.');
    expect(text).toMatch(/old +1,200 +0 +0 +0 +1\nall +1,200 +0 +0 +0 +1$/);
  });
});
