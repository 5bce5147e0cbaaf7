import { Argument, type Command } from 'commander';
import { requestFor } from '#sweep/erase-contact.ts';
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
          context,
          await withSweep(context, async ({ deps, request }) => {
            const plan = await findPlan(deps.state, request.policy.workspaceId, {
              named,
              flags: context.flags,
            });
            const own = requestFor(plan, request);
            return { report: await applyPlan(deps, { ...own, planId: plan.planId }), policy: own.policy };
          }),
        ),
      ),
    );
}
