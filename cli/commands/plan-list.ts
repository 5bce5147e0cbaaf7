import type { Command } from 'commander';
import { toIso } from '#policy/instant.ts';
import type { PlanRecord } from '#sweep/run-record.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { countText } from '../number-text.ts';
import { toPlanDocument } from '../plan-document.ts';
import { shortHash } from '../plan-text.ts';
import { withStore } from '../store-work.ts';
import { writeList } from '../write-list.ts';

export function planListCommand(): Command {
  return createCommand('list', 'Lists the stored plans, newest first, with what became of them.', [
    'retention plan list',
    'retention plan list --json | jq -r \'select(.status == "planned").plan_id\'',
  ]).action((_options: unknown, command: Command) => perform(command, listPlans));
}

function listPlans(context: CommandContext): Promise<ExitCode> {
  return withStore(context, async ({ state, policyFile }) => {
    await writeList(context.output, state.plans(policyFile.policy.workspaceId), {
      toObject: toPlanDocument,
      none: 'There is no plan yet; make one with "retention plan".',
      columns: [
        { name: 'plan' },
        { name: 'status' },
        { name: 'as of' },
        { name: 'policy' },
        { name: 'to delete', align: 'right' },
        { name: 'gate' },
      ],
      toRow: (plan) => [
        plan.planId,
        plan.status,
        toIso(plan.asOf),
        shortHash(plan.policyHash),
        countText(plan.candidates),
        gateWord(plan),
      ],
    });
    return exitCodes.done;
  });
}

function gateWord({ gate }: PlanRecord): string {
  if (gate === undefined) return '';
  return gate.allowed ? 'passed' : gate.refusals.map(({ code }) => code).join(', ');
}
