import { type Command, Option } from 'commander';
import { outcomeColumn, outcomeColumns } from '#audit/outcome-columns.ts';
import { toOutcomeRecord } from '#audit/outcome-record.ts';
import type { QueriedOutcome } from '#sweep/outcome.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { wholeNumber } from '../option-values.ts';
import { type OutcomeFilterOptions, toOutcomeFilter, withOutcomeFilter } from '../outcome-filter-options.ts';
import { metricsWord } from '../plan-text.ts';
import {
  chooseFormat,
  type RecordFormat,
  type RecordShape,
  recordFormats,
  writeRecords,
} from '../record-stream.ts';
import { withStore } from '../store-work.ts';

interface QueryOptions extends OutcomeFilterOptions {
  readonly format?: RecordFormat;
  readonly limit?: number;
}

export function auditQueryCommand(): Command {
  return withOutcomeFilter(
    createCommand('query', 'Prints audit records, oldest first; all of them unless flags choose.', [
      'retention audit query --from 2026-01-01 --to 2026-03-31 --outcome deleted --format csv > q1.csv',
      'retention audit query --conversation 215472856448646 --json',
      'retention audit query --rule closed-two-years --limit 20',
      'retention audit query --retain-metrics false | jq -r .conversation_id',
    ]),
  )
    .addOption(
      new Option(
        '--format <format>',
        'table, ndjson or csv (default: table on a terminal, else ndjson)',
      ).choices(recordFormats),
    )
    .option('--limit <count>', 'at most so many', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .action((options: QueryOptions, command: Command) =>
      perform(command, (context) => queryAudit(context, options)),
    );
}

function queryAudit(context: CommandContext, options: QueryOptions): Promise<ExitCode> {
  const filter = toOutcomeFilter(options);
  return withStore(context, async ({ audit, policyFile }) => {
    const outcomes = audit.queryOutcomes(policyFile.policy.workspaceId, filter);
    const format = chooseFormat(context.output, options.format);
    await writeRecords(context.output, format, shape, firstOf(outcomes, options.limit));
    return exitCodes.done;
  });
}

async function* firstOf<Item>(items: AsyncIterable<Item>, limit: number | undefined): AsyncGenerator<Item> {
  let given = 0;
  for await (const item of items) {
    yield item;
    given += 1;
    if (given === limit) return;
  }
}

const shape: RecordShape<QueriedOutcome> = {
  toObject: toOutcomeRecord,
  csv: outcomeColumns,
  table: {
    conversation: outcomeColumn('conversation_id'),
    outcome: outcomeColumn('outcome'),
    reason: outcomeColumn('reason'),
    rule: outcomeColumn('rule_id'),
    metrics: ({ outcome }) => metricsWord(outcome.retainMetrics),
    confirmed: ({ confirmation }) =>
      confirmation === undefined ? null : metricsWord(confirmation.metricsRetained),
    attempted: outcomeColumn('attempted_at'),
    run: outcomeColumn('run_id'),
  },
};
