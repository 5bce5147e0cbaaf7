import type { Command } from 'commander';
import { toIso } from '#policy/instant.ts';
import { outcomeKinds } from '#sweep/outcome.ts';
import { type AuditSummary, type ConfirmationCounts, type Counts, summarise } from '../audit-summary.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { countOf, countText } from '../number-text.ts';
import { type OutcomeFilterOptions, toOutcomeFilter, withOutcomeFilter } from '../outcome-filter-options.ts';
import { toReconciliationDocument } from '../reconciliation-document.ts';
import { classTable, listHeading } from '../reconciliation-text.ts';
import { withStore } from '../store-work.ts';
import { renderTable } from '../table.ts';

export function auditSummaryCommand(): Command {
  return withOutcomeFilter(
    createCommand('summary', 'Counts audit records by day, rule, outcome, metrics flag and confirmation.', [
      'retention audit summary',
      'retention audit summary --from 2026-01-01 --to 2026-12-31 --json',
      'retention audit summary --rule closed-two-years',
    ]),
  ).action((options: OutcomeFilterOptions, command: Command) =>
    perform(command, (context) => sumUp(context, options)),
  );
}

function sumUp({ output, ...context }: CommandContext, options: OutcomeFilterOptions): Promise<ExitCode> {
  const filter = toOutcomeFilter(options);
  return withStore({ output, ...context }, async ({ audit, policyFile }) => {
    const { workspaceId } = policyFile.policy;
    const summary = await summarise(audit.queryOutcomes(workspaceId, filter));
    const reconciliation = await newest(audit.reconciliations(workspaceId));
    output.say(summaryText(summary));
    if (reconciliation !== undefined) {
      output.say(`\n${listHeading(reconciliation)}:\n\n${classTable(reconciliation)}`);
    }
    if (output.json) {
      await output.document({
        workspace_id: workspaceId,
        from: filter.from === undefined ? null : toIso(filter.from),
        until: filter.until === undefined ? null : toIso(filter.until),
        ...toSummaryDocument(summary),
        reconciliation: reconciliation === undefined ? null : toReconciliationDocument(reconciliation),
      });
    }
    return exitCodes.done;
  });
}

function summaryText(summary: AuditSummary): string {
  if (summary.total === 0) return 'There are no audit records that match.';
  return [
    `${countOf(summary.total, 'audit record')}.`,
    outcomeTable('day', summary.byDay),
    outcomeTable('rule', summary.byRule),
    outcomeTable('metrics, as sent', summary.byRetainMetrics),
    outcomeTable('metrics, as confirmed', summary.byMetricsRetained),
    confirmationTable(summary.byConfirmation),
  ].join('\n\n');
}

const outcomeTable = (name: string, groups: ReadonlyMap<string, Counts>): string =>
  renderTable(
    [{ name }, ...outcomeKinds.map((kind) => ({ name: kind.replace('_', ' '), align: 'right' as const }))],
    [...groups].map(([group, counts]) => [group, ...outcomeKinds.map((kind) => countText(counts[kind]))]),
  );

const confirmationTable = ({ confirmed, flag_mismatch, unconfirmed }: ConfirmationCounts): string =>
  renderTable(
    [{ name: 'deletions' }, { name: 'count', align: 'right' }],
    [
      ['confirmed', countText(confirmed)],
      ['flag mismatch', countText(flag_mismatch)],
      ['unconfirmed', countText(unconfirmed)],
    ],
  );

async function newest<Item>(newestFirst: AsyncIterable<Item>): Promise<Item | undefined> {
  for await (const item of newestFirst) return item;
  return undefined;
}

const toSummaryDocument = (summary: AuditSummary) => ({
  total: summary.total,
  by_outcome: summary.byOutcome,
  kept_by_reason: Object.fromEntries(summary.keptByReason),
  by_rule: Object.fromEntries(summary.byRule),
  by_day: Object.fromEntries(summary.byDay),
  by_retain_metrics: Object.fromEntries(summary.byRetainMetrics),
  by_metrics_retained: Object.fromEntries(summary.byMetricsRetained),
  by_confirmation: summary.byConfirmation,
});
