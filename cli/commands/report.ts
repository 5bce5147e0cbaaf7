import type { Command } from 'commander';
import type { Instant } from '#policy/instant.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { countOf } from '../number-text.ts';
import { parseFrom, parseUntil } from '../option-values.ts';
import { toFiguresDocument } from '../report/figures-document.ts';
import { gatherFigures, type ReportSource } from '../report/gather-figures.ts';
import { type ReportSpan, reportSpan } from '../report/report-span.ts';
import { sealedDays } from '../report/sealed-days.ts';
import { type StoreWork, withStore } from '../store-work.ts';
import { assertPageMayBeWritten, writePage } from '../write-page.ts';

interface ReportOptions {
  readonly from?: Instant;
  readonly to?: Instant;
  readonly out?: string;
}

const defaultPath = 'report.html';

export function reportCommand(): Command {
  return createCommand('report', 'Writes a report for people to read: one page that needs nothing else.', [
    'retention report',
    'retention report --from 2026-01-01 --to 2026-03-31 --out q1.html',
    'retention report --from 2026-01-01 --json | jq .by_outcome',
  ])
    .option(
      '--from <time>',
      'recorded on or after this day or time (UTC; default: 30 days up to --to)',
      parseFrom,
    )
    .option(
      '--to <time>',
      'recorded until the end of this day, or before this time (UTC; default: now)',
      parseUntil,
    )
    .option('--out <file>', `the page to write (default: ${defaultPath}; with --json none unless named)`)
    .action((options: ReportOptions, command: Command) =>
      perform(command, (context) => report(context, options)),
    );
}

async function report(context: CommandContext, options: ReportOptions): Promise<ExitCode> {
  const { output } = context;
  const span = reportSpan(options, context.clock.now());
  const path = options.out ?? (output.json ? undefined : defaultPath);
  if (path !== undefined) assertPageMayBeWritten(path);
  return withStore(context, async (store) => {
    const { policy, hash } = store.policyFile;
    const figures = await gatherFigures(await sourceOf(store, span), span);
    if (path !== undefined) {
      const { reportPage } = await import('../report/report-page.ts'); // loads what draws charts
      writePage(path, reportPage({ workspaceId: policy.workspaceId, policy, policyHash: hash }, figures));
      output.say(
        `${path}: ${countOf(figures.outcomes.records, 'audit record')}, ${countOf(figures.runs.total, 'run')}.`,
      );
    }
    if (output.json) await output.document(toFiguresDocument(policy.workspaceId, figures));
    return exitCodes.done;
  });
}

async function sourceOf(
  { audit, state, seals, policyFile, clock }: StoreWork,
  span: ReportSpan,
): Promise<ReportSource> {
  const { workspaceId } = policyFile.policy;
  const { from, until } = span;
  const [holds, pause, openRun, firstRecordDay] = await Promise.all([
    state.readHolds(workspaceId),
    state.readPause(workspaceId),
    state.readUnfinishedRun(workspaceId),
    seals.firstRecordDay(workspaceId),
  ]);
  return {
    outcomes: audit.queryOutcomes(workspaceId, { from, until }),
    summaries: audit.summaries(workspaceId),
    acts: audit.acts(workspaceId),
    reconciliations: audit.reconciliations(workspaceId),
    seals: { seals: sealedDays(seals, workspaceId), firstRecordDay },
    now: { at: clock.now(), holds, pause, openRun },
  };
}
