import type { RunRecord, StopReason } from '#sweep/run-record.ts';
import type { RunReport } from '#sweep/sweep-deps.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { countOf, countText } from './number-text.ts';
import { renderTable } from './table.ts';

/** What a run did: each rule's outcomes, and what it cost. */
export function runText({ run }: RunReport): string {
  const { counts } = run;
  const rows = Object.entries<typeof counts>(run.countsByRule).map(([rule, of]) => [rule, ...cells(of)]);
  const table = renderTable(
    [{ name: 'rule' }, ...columns.map((name) => ({ name, align: 'right' as const }))],
    [...rows, ['all', ...cells(counts)]],
  );
  const rateLimited =
    run.rateLimited === 0 ? '' : `, ${countText(run.rateLimited)} of them answered with 429`;
  return `Run ${run.runId}: ${countOf(run.intended, 'deletion')} intended, ${countOf(run.apiCalls, 'API call')}${rateLimited}.\n\n${table}`;
}

const columns = ['deleted', 'not found', 'unresolved', 'failed', 'kept'] as const;
const cells = (counts: RunRecord['counts']): readonly string[] =>
  [counts.deleted, counts.not_found, counts.unresolved, counts.failed, counts.kept].map(countText);

const deletedAny = ({ counts }: RunRecord): boolean =>
  counts.deleted + counts.not_found + counts.unresolved > 0;

/** How a run ended, for the script that started it. */
export function runExitCode({ run }: RunReport): ExitCode {
  switch (run.stopReason) {
    case 'failures':
      return exitCodes.incomplete;
    case 'refused':
    case 'paused':
      // An interrupted run may have deleted before it was refused to go on; "3" promises that nothing is gone.
      return deletedAny(run) ? exitCodes.failed : exitCodes.refused;
    case 'done':
      return run.counts.failed + run.counts.unresolved > 0 ? exitCodes.incomplete : exitCodes.done;
    case 'deadline':
    case 'interrupted':
    case 'superseded':
    case undefined:
      break;
  }
  return exitCodes.failed;
}

/** `goOn`: the command that goes on with this run; `again`: the one that begins another. */
type WayOn = (commands: { readonly goOn: string; readonly again: string }) => string;

const waysOn: Readonly<Record<Exclude<StopReason, 'done' | 'refused'>, WayOn>> = {
  deadline: ({ goOn }) => `The run stopped before its deadline; "${goOn}" goes on where it stopped.`,
  interrupted: ({ goOn }) => `The run was stopped with its state saved; "${goOn}" goes on where it stopped.`,
  paused: ({ goOn }) =>
    `Deletion was paused while the run was under way; "retention resume" and then "${goOn}" go on where it stopped.`,
  failures: () =>
    'The run stopped because more deletions failed than limits.failures allows; look at them with "retention audit query --outcome failed" before the next run.',
  superseded: ({ again }) =>
    `The run was given up for a newer plan or policy; start another with "${again}".`,
};

/** "retention run" goes on with any run of the policy file, but an erasure has a policy of its own. */
const commandsFor = ({ trigger, planId }: RunRecord, runCommand: string) =>
  trigger === 'erasure'
    ? { goOn: `retention apply ${planId}`, again: 'retention erase' }
    : { goOn: runCommand, again: runCommand };

/** What to do about a run that did not do all it was to do; undefined when there is nothing to do. */
export function wayOn({ run }: RunReport, runCommand = 'retention run'): string | undefined {
  if (run.stopReason === undefined || run.stopReason === 'refused') return undefined;
  if (run.stopReason !== 'done') return waysOn[run.stopReason](commandsFor(run, runCommand));
  const { failed, unresolved } = run.counts;
  if (failed + unresolved === 0) return undefined;
  return `${countOf(failed, 'deletion')} failed and ${countText(unresolved)} are unresolved; see "retention audit query --run ${run.runId} --outcome failed" and "--outcome unresolved".`;
}
