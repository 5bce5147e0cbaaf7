import { type Command, Option } from 'commander';
import { daysBetween, type UtcDay } from '#seal/utc-day.ts';
import type { Clock } from '#sweep/ports.ts';
import { usageError } from '../cli-error.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import {
  type ExportFile,
  type ExportFormat,
  type ExportManifest,
  exportFormats,
  toRequest,
} from '../export/export-manifest.ts';
import { type ExportReport, lastWholeDay, runExport } from '../export/run-export.ts';
import { countOf, countText } from '../number-text.ts';
import { parseDay } from '../option-values.ts';
import type { Output } from '../output.ts';
import { withStore } from '../store-work.ts';
import { toolName } from '../tool-name.ts';

interface ExportOptions {
  readonly from: UtcDay;
  readonly to: UtcDay;
  readonly out: string;
  readonly format: ExportFormat;
}

/** Ten years: more is a slip of the pen, and would be a million files. */
const mostDays = 3_660;

export function auditExportCommand(): Command {
  return createCommand('export', 'Writes days of the audit into a folder, a file a day.', [
    'retention audit export --from 2026-01-01 --to 2026-03-31 --out q1 --format ndjson',
    'retention audit verify --export q1',
    'retention audit export --from 2026-01-01 --to 2026-03-31 --out q1-csv --format csv',
    'duckdb -c "select outcome, count(*) from \'q1-parquet/outcomes/*.parquet\' group by 1"',
  ])
    .requiredOption('--from <day>', 'the first day (UTC)', parseDay)
    .requiredOption('--to <day>', 'the last day (UTC); it must be over', parseDay)
    .requiredOption('--out <folder>', 'a new or empty folder, or the one of this export that was interrupted')
    .addOption(
      new Option(
        '--format <format>',
        'ndjson: every record, with the seals that prove them; csv, parquet: the outcomes',
      )
        .choices(exportFormats)
        .makeOptionMandatory(),
    )
    .action((options: ExportOptions, command: Command) =>
      perform(command, (context) => exportAudit(context, options)),
    );
}

function exportAudit(context: CommandContext, options: ExportOptions): Promise<ExitCode> {
  const { output, clock } = context;
  const { from, to, out, format } = options;
  assertSpan(from, to, lastWholeDay(clock));
  return withStore(context, async ({ audit, seals, policyFile }) => {
    const { workspaceId } = policyFile.policy;
    const request = toRequest({ workspace_id: workspaceId, from, to, format });
    const observe = tellDays(output, clock, [...daysBetween(from, to)].length);
    const report = await runExport({ audit, seals, clock, observe }, request, out, toolName);
    const firstDay = hasUnsealedDay(report) ? await seals.firstRecordDay(workspaceId) : undefined;
    output.say(reportText(report, out, firstDay));
    if (output.json) await output.document(toDocument(report, out));
    return exitCodes.done;
  });
}

function assertSpan(from: UtcDay, to: UtcDay, last: UtcDay): void {
  if (from > to) throw usageError('--from is later than --to; swap them.');
  if (to > last) {
    throw usageError(`${to} is not over yet (UTC); the last day that can be exported is ${last}.`);
  }
  let days = 0;
  for (const _day of daysBetween(from, to)) {
    days += 1;
    if (days > mostDays)
      throw usageError(`--from and --to are more than ten years apart; export fewer days.`);
  }
}

const lineEveryMs = 10_000;

/** A line now and then, for an export that takes long. */
function tellDays(output: Output, clock: Pick<Clock, 'now'>, days: number) {
  let shownAt = clock.now();
  let done = 0;
  return ({ path }: ExportFile): void => {
    done += 1;
    if (output.quiet || clock.now() - shownAt < lineEveryMs) return;
    shownAt = clock.now();
    output.warn(`${path}; ${countText(done)} files of ${countOf(days, 'day')}.`);
  };
}

function counts({ manifest }: ExportReport) {
  const held = manifest.files.filter(({ path }) => !path.startsWith('leaves/'));
  return {
    days: held.length,
    records: held.reduce((sum, { records }) => sum + records, 0),
    seals: manifest.seals.filter(({ day }) => day >= manifest.from && day <= manifest.to).length,
  };
}

function hasUnsealedDay(report: ExportReport): boolean {
  const { days, seals } = counts(report);
  return report.manifest.format === 'ndjson' && seals < days;
}

/** @param firstDay The first of which there is a record; undefined when there is none, or every day is sealed. */
function reportText(report: ExportReport, folder: string, firstDay: UtcDay | undefined): string {
  const { manifest, origin } = report;
  const { days, records, seals } = counts(report);
  const what = manifest.format === 'ndjson' ? 'record' : 'outcome';
  const words = [
    `${folder}${origin === 'already_there' ? ' is complete already' : ''}: ${countOf(records, what)} of ${countOf(days, 'day')}`,
    ...(manifest.format === 'ndjson' ? [countOf(seals, 'seal')] : []),
  ];
  if (manifest.format !== 'ndjson') return `${words.join(', ')}.`;
  const empty = emptyDaysBefore(firstDay, manifest);
  const unsealed = days - seals - empty;
  return [
    `${words.join(', ')}.`,
    ...(empty > 0
      ? [
          `${countOf(empty, 'day is', 'days are')} before the first record of the audit: there is nothing to seal.`,
        ]
      : []),
    ...(unsealed > 0
      ? [
          `${countOf(unsealed, 'day has', 'days have')} no seal yet, so that nothing proves their records; seal with "retention audit seal", and export again into another folder.`,
        ]
      : []),
    ...(seals === 0
      ? [
          'No day of the export is sealed, so it proves nothing: "retention audit verify --export" will say so.',
        ]
      : []),
  ].join('\n');
}

/** Days before the first record, which are never sealed. */
function emptyDaysBefore(firstDay: UtcDay | undefined, { files, seals }: ExportManifest): number {
  const sealed = new Set(seals.map(({ day }) => day));
  return files.filter(
    ({ path, day, records }) =>
      path.startsWith('records/') &&
      records === 0 &&
      !sealed.has(day) &&
      (firstDay === undefined || day < firstDay),
  ).length;
}

const toDocument = (report: ExportReport, folder: string) => {
  const { manifest, origin } = report;
  const { workspace_id, from, to, format } = manifest;
  return { folder, origin, workspace_id, from, to, format, ...counts(report) };
};
