import { type Command, Option } from 'commander';
import { brandId, type ConversationId, type RuleId, type RunId } from '#policy/ids.ts';
import type { Instant } from '#policy/instant.ts';
import { type OutcomeKind, outcomeKinds } from '#sweep/outcome.ts';
import type { OutcomeFilter } from '#sweep/ports.ts';
import { usageError } from './cli-error.ts';
import { parseFlag, parseFrom, parseUntil } from './option-values.ts';

/** The flags by which audit records are chosen. */
export interface OutcomeFilterOptions {
  readonly conversation?: string;
  readonly from?: Instant;
  readonly to?: Instant;
  readonly rule?: string;
  readonly run?: string;
  readonly outcome?: OutcomeKind;
  readonly metricsRetained?: boolean;
  readonly retainMetrics?: boolean;
}

export const withOutcomeFilter = (command: Command): Command =>
  command
    .option('--conversation <id>', 'of one conversation')
    .option('--from <time>', 'recorded on or after this day or time (UTC)', parseFrom)
    .option('--to <time>', 'recorded until the end of this day, or before this time (UTC)', parseUntil)
    .option('--rule <id>', 'by one rule')
    .option('--run <id>', 'by one run')
    .addOption(new Option('--outcome <outcome>', 'that ended so').choices(outcomeKinds))
    .option('--metrics-retained <flag>', 'true or false, as Intercom confirmed', parseFlag)
    .option('--retain-metrics <flag>', 'true or false, as it was sent', parseFlag);

/** @throws CliError when the time range is empty. */
export function toOutcomeFilter(options: OutcomeFilterOptions): OutcomeFilter {
  const { conversation, from, to, rule, run, outcome, metricsRetained, retainMetrics } = options;
  if (from !== undefined && to !== undefined && from >= to) {
    throw usageError('--from is not before --to, so nothing can match; swap them.');
  }
  return {
    conversationId: conversation === undefined ? undefined : brandId<ConversationId>(conversation),
    from,
    until: to,
    ruleId: rule === undefined ? undefined : brandId<RuleId>(rule),
    runId: run === undefined ? undefined : brandId<RunId>(run),
    outcome,
    metricsRetained,
    retainMetrics,
  };
}
