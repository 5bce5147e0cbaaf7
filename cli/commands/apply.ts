import { Argument, type Command } from 'commander';
import { applyPlan } from '#sweep/run-retention.ts';
import { createCommand, perform } from '../command-context.ts';
import { findPlan } from '../find-plan.ts';
import { withSweep } from '../sweep-work.ts';
import { tellRun } from '../tell-run.ts';

export function applyCommand(): Command {
  return createCommand('apply', 'Applies an approved plan, or goes on with a run that applies it.', [
    'retention apply 0191f2a4-…',
    'retention apply latest --json',
  ])
    .addArgument(new Argument('<plan>', 'a plan id, or "latest"'))
    .action((named: string, _options: unknown, command: Command) =>
      perform(command, async (context) =>
        tellRun(
          context.output,
          await withSweep(context, async ({ deps, request }) => {
            const { policy } = request;
            const { planId } = await findPlan(deps.state, policy.workspaceId, named);
            return { report: await applyPlan(deps, { ...request, planId }), policy };
          }),
        ),
      ),
    );
}
