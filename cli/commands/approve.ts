import { Argument, type Command } from 'commander';
import { toIso } from '#policy/instant.ts';
import { approvePlan } from '#sweep/approve-plan.ts';
import { refusalText } from '#sweep/refusal-text.ts';
import type { Approval, PlanRecord } from '#sweep/run-record.ts';
import { withActor } from '../actor-option.ts';
import { askForName } from '../ask-for-name.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { commandToType } from '../command-to-type.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { findPlan } from '../find-plan.ts';
import { countOf } from '../number-text.ts';
import { planText } from '../plan-text.ts';
import { readPolicyFile } from '../policy-file.ts';
import { policyOf } from '../policy-of.ts';
import { storeSettings } from '../settings.ts';
import { withStore } from '../store-work.ts';

interface ApproveOptions {
  readonly yes?: true;
  readonly by: string;
}

export function approveCommand(): Command {
  return withActor(
    createCommand('approve', 'Approves a plan, and with approval: standing its policy for later runs.', [
      'retention approve 0191f2a4-…',
      'retention approve latest --yes --by privacy-officer',
    ]),
  )
    .addArgument(new Argument('<plan>', 'a plan id, or "latest"'))
    .option('--yes', "do not ask to type the workspace's name")
    .action((planId: string, options: ApproveOptions, command: Command) =>
      perform(command, (context) => approve(context, planId, options)),
    );
}

function approve(context: CommandContext, named: string, { yes, by }: ApproveOptions): Promise<ExitCode> {
  const { output } = context;
  readPolicyFile(context); // a policy that fails its own tests is not approved
  return withStore(context, async ({ audit, state, policyFile, clock }) => {
    const plan = await findPlan(state, policyFile.policy.workspaceId, { named, flags: context.flags });
    const { policy, hash } = policyOf(plan, policyFile);
    output.say(`${planText(plan, policy)}\n`);
    if (yes !== true) await askForName(plan);
    const approval = await approvePlan(
      { audit, state, clock },
      { workspaceId: plan.workspaceId, planId: plan.planId, policy, policyHash: hash, by },
    );
    output.say(approvedText(plan, approval, nextCommand(context, plan)));
    if (output.json) await output.document(toApprovalDocument(approval));
    return exitCodes.done;
  });
}

/** The functions of a stack carry the plan out, but for an erasure, which is nobody's schedule. */
function nextCommand({ environment, flags }: CommandContext, { planId, erasure }: PlanRecord): string {
  const isOfStack = storeSettings(environment, flags).kind === 'stack';
  return commandToType(flags, isOfStack && erasure === undefined ? 'run --remote' : `apply ${planId}`);
}

function approvedText(plan: PlanRecord, { approvedBy, covers }: Approval, next: string): string {
  const others = (plan.gate?.refusals ?? []).filter(({ code }) => code !== 'not_approved');
  return [
    `Approved by ${approvedBy}: ${countOf(plan.candidates, 'deletion')}${covers === 'policy' ? ', and later runs of the same policy' : ''}.`,
    ...(others.length === 0
      ? [`Next: ${next}`]
      : [
          'When it was made, the gate also refused it for:',
          ...others.map((refusal) => `  - ${refusalText(refusal)}`),
        ]),
  ].join('\n');
}

const toApprovalDocument = (approval: Approval) => ({
  workspace_id: approval.workspaceId,
  plan_id: approval.planId,
  policy_hash: approval.policyHash,
  covers: approval.covers,
  approved_by: approval.approvedBy,
  approved_at: toIso(approval.approvedAt),
});
