import type { RunRecord, StopReason } from '#sweep/run-record.ts';
import type { RunReport } from '#sweep/sweep-deps.ts';
import type { CommonFlags } from './command-context.ts';
import { commandToType } from './command-to-type.ts';
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

type WayOn = (commands: Commands) => string;

interface Commands {
  /** Goes on with this run. */
  readonly goOn: string;
  /** Begins another. */
  readonly again: string;
  /** Any other one. */
  readonly command: (words: string) => string;
}

const waysOn: Readonly<Record<Exclude<StopReason, 'done' | 'refused'>, WayOn>> = {
  deadline: ({ goOn }) => `The run stopped before its deadline; "${goOn}" goes on where it stopped.`,
  interrupted: ({ goOn }) => `The run was stopped with its state saved; "${goOn}" goes on where it stopped.`,
  paused: ({ goOn, command }) =>
    `Deletion was paused while the run was under way; "${command('resume')}" and then "${goOn}" go on where it stopped.`,
  failures: ({ command }) =>
    `The run stopped because more deletions failed than limits.failures allows; look at them with "${command('audit query --outcome failed')}" before the next run.`,
  superseded: ({ again }) =>
    `The run was given up for a newer plan or policy; start another with "${again}".`,
};

/** "retention run" goes on with any run of the policy file, but an erasure has a policy of its own. */
function commandsFor({ trigger, planId }: RunRecord, flags: CommonFlags, runWords: string): Commands {
  const command = (words: string) => commandToType(flags, words);
  return trigger === 'erasure'
    ? { goOn: command(`apply ${planId}`), again: command('erase'), command }
    : { goOn: command(runWords), again: command(runWords), command };
}

/**
 * What to do about a run that did not do all it was to do; undefined when there is nothing to do.
 * @param flags Of the command that ran it.
 * @param runWords Of the command that goes on with it, or begins another one.
 */
export function wayOn({ run }: RunReport, flags: CommonFlags, runWords = 'run'): string | undefined {
  if (run.stopReason === undefined || run.stopReason === 'refused') return undefined;
  const commands = commandsFor(run, flags, runWords);
  if (run.stopReason !== 'done') return waysOn[run.stopReason](commands);
  const { failed, unresolved } = run.counts;
  if (failed + unresolved === 0) return undefined;
  const look = commands.command(`audit query --run ${run.runId} --outcome failed`);
  return `${countOf(failed, 'deletion')} failed and ${countText(unresolved)} are unresolved; see "${look}" and "--outcome unresolved".`;
}
