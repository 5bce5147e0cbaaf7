import type { Command } from 'commander';
import type { NamedPolicy } from '#policy/policy.ts';
import { makePlan } from '#sweep/make-plan.ts';
import type { PlannedDeletion } from '#sweep/outcome.ts';
import type { ApiUsage } from '#sweep/ports.ts';
import type { PlanRecord } from '#sweep/run-record.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { commandToType } from '../command-to-type.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { gateText } from '../gate-text.ts';
import { nextStep } from '../next-step.ts';
import { toPlanDocument } from '../plan-document.ts';
import { applyingCost, planText, sampleTable } from '../plan-text.ts';
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
  const { output, flags } = context;
  const made = await withSweep(context, make);
  if (output.json) await output.document(toPlanDocument(made.plan));
  else output.say(madeText(context, made));
  if (made.plan.status === 'planned') return exitCodes.done;
  output.warn(`The plan is not complete; "${commandToType(flags, 'plan')}" goes on where it stopped.`);
  return exitCodes.failed;
}

interface MadePlan {
  readonly plan: PlanRecord;
  readonly policy: NamedPolicy;
  /** The first conversations of a plan that is complete. */
  readonly sample: readonly PlannedDeletion[];
  readonly usage: ApiUsage;
}

async function make({ deps, request }: SweepWork): Promise<MadePlan> {
  const made = await makePlan(deps, request);
  const first =
    made.status === 'planned' ? await deps.audit.readPlanChunk(made.workspaceId, made.planId, 0) : undefined;
  return {
    plan: made,
    policy: request.policy,
    sample: first?.deletions.slice(0, sampleSize) ?? [],
    usage: deps.intercom.usage(),
  };
}

function madeText(
  { output, flags }: CommandContext,
  { plan: made, policy, sample, usage }: MadePlan,
): string {
  const parts = [planText(made, policy)];
  if (sample.length > 0) {
    parts.push(`The first ${sample.length}:\n${sampleTable(sample)}`, applyingCost(made, policy, usage));
  }
  if (made.gate !== undefined) parts.push(gateText(output, made.gate));
  return [...parts, nextStep(made, flags)].join('\n\n');
}
