import type { Command } from 'commander';
import { makePlan } from '#sweep/make-plan.ts';
import type { PlannedDeletion } from '#sweep/outcome.ts';
import type { AuditTrail } from '#sweep/ports.ts';
import type { PlanRecord } from '#sweep/run-record.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { gateText } from '../gate-text.ts';
import { nextStep } from '../next-step.ts';
import type { Output } from '../output.ts';
import { toPlanDocument } from '../plan-document.ts';
import { applyingCost, keptTable, planHeading, rulesTable, sampleTable } from '../plan-text.ts';
import { type SweepWork, withSweep } from '../sweep-work.ts';
import { planListCommand } from './plan-list.ts';
import { planShowCommand } from './plan-show.ts';

const sampleSize = 10;

export function planCommand(): Command {
  return createCommand('plan', 'Makes and stores a plan of what the policy would delete. Deletes nothing.', [
    'retention plan',
    'retention plan --json | jq .by_rule',
    'retention plan --policy eu.yaml --store dynamodb',
    'retention plan show 0191f2a4-… --format csv > plan.csv',
  ])
    .addCommand(planShowCommand())
    .addCommand(planListCommand())
    .action((_options: unknown, command: Command) => perform(command, plan));
}

async function plan(context: CommandContext): Promise<ExitCode> {
  return withSweep(context, async (sweep) => {
    const made = await makePlan(sweep.deps, sweep.request);
    const sample = made.status === 'planned' ? await firstOf(sweep.deps.audit, made) : [];
    await show(context.output, sweep, made, sample);
    if (made.status === 'planned') return exitCodes.done;
    context.output.warn('The plan is not complete; "retention plan" goes on where it stopped.');
    return exitCodes.failed;
  });
}

async function show(
  output: Output,
  { policyFile, intercom }: SweepWork,
  made: PlanRecord,
  sample: readonly PlannedDeletion[],
): Promise<void> {
  if (output.json) return output.document(toPlanDocument(made));
  const { policy } = policyFile;
  const parts = [planHeading(made)];
  if (policy.rules.length > 0) parts.push(rulesTable(made, policy));
  else parts.push('The policy has no rules, so it deletes nothing.');
  const kept = keptTable(made);
  if (kept !== undefined) parts.push(kept);
  if (sample.length > 0) {
    parts.push(
      `The first ${sample.length}:\n${sampleTable(sample)}`,
      applyingCost(made, policy, intercom.usage()),
    );
  }
  if (made.gate !== undefined) parts.push(gateText(output, made.gate));
  parts.push(nextStep(made));
  output.say(parts.join('\n\n'));
}

async function firstOf(
  audit: AuditTrail,
  { workspaceId, planId }: PlanRecord,
): Promise<readonly PlannedDeletion[]> {
  const chunk = await audit.readPlanChunk(workspaceId, planId, 0);
  return chunk?.deletions.slice(0, sampleSize) ?? [];
}
