import type { Command } from 'commander';
import type { WorkspaceId } from '#policy/ids.ts';
import type { RunState } from '#sweep/ports.ts';
import type { PlanRecord } from '#sweep/run-record.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { commandToType } from '../command-to-type.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { countText, timeText } from '../number-text.ts';
import { toPlanDocument } from '../plan-document.ts';
import { shortHash } from '../plan-text.ts';
import { withStore } from '../store-work.ts';
import { writeList } from '../write-list.ts';

interface ListedPlan {
  readonly plan: PlanRecord;
  readonly approvedBy: string | undefined;
}

export function planListCommand(): Command {
  return createCommand('list', 'Lists the stored plans, newest first, with what became of them.', [
    'retention plan list',
    'retention plan list --json | jq -r \'select(.status == "planned").plan_id\'',
  ]).action((_options: unknown, command: Command) => perform(command, listPlans));
}

function listPlans(context: CommandContext): Promise<ExitCode> {
  return withStore(context, async ({ state, policyFile }) => {
    await writeList(context.output, plansWithApproval(state, policyFile.policy.workspaceId), {
      toObject: ({ plan, approvedBy }) => ({ ...toPlanDocument(plan), approved_by: approvedBy ?? null }),
      none: `There is no plan yet; make one with "${commandToType(context.flags, 'plan')}".`,
      columns: [
        { name: 'plan' },
        { name: 'status' },
        { name: 'approved by' },
        { name: 'as of' },
        { name: 'policy' },
        { name: 'to delete', align: 'right' },
      ],
      toRow: ({ plan, approvedBy }) => [
        plan.planId,
        plan.status,
        approvedBy ?? '',
        timeText(plan.asOf),
        shortHash(plan.policyHash),
        countText(plan.candidates),
      ],
    });
    return exitCodes.done;
  });
}

async function* plansWithApproval(state: RunState, workspaceId: WorkspaceId): AsyncGenerator<ListedPlan> {
  for await (const plan of state.plans(workspaceId)) {
    const approval = await state.readPlanApproval(workspaceId, plan.planId);
    yield { plan, approvedBy: approval?.approvedBy };
  }
}
