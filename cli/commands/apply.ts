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
      perform(command, (context) =>
        withSweep(context, async ({ deps, request, policyFile }) => {
          const { planId } = await findPlan(deps.state, policyFile.policy.workspaceId, named);
          return tellRun(context.output, await applyPlan(deps, { ...request, planId }), policyFile);
        }),
      ),
    );
}
