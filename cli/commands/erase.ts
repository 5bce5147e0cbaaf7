import type { Command } from 'commander';
import type { NamedPolicy } from '#policy/policy.ts';
import { approvePlan } from '#sweep/approve-plan.ts';
import { type ErasureRequest, planErasure, requestFor } from '#sweep/erase-contact.ts';
import { refusalText } from '#sweep/refusal-text.ts';
import type { PlanRecord } from '#sweep/run-record.ts';
import { applyPlan } from '#sweep/run-retention.ts';
import { withActor } from '../actor-option.ts';
import { askForName } from '../ask-for-name.ts';
import { canAsk } from '../can-ask.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { commandToType } from '../command-to-type.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { gateText } from '../gate-text.ts';
import { type ContactOptions, namedContact, withContact } from '../named-contact.ts';
import { parseFlag } from '../option-values.ts';
import { planText } from '../plan-text.ts';
import { toUnappliedDocument } from '../run-document.ts';
import { withSweep } from '../sweep-work.ts';
import { tellRun } from '../tell-run.ts';

interface EraseOptions extends ContactOptions {
  readonly retainMetrics: boolean;
  readonly reason: string;
  readonly by: string;
  readonly yes?: true;
}

export function eraseCommand(): Command {
  const command = createCommand(
    'erase',
    'Deletes the conversations of one contact, open ones too. Tickets, holds and protected tags and teams stay, by name.',
    [
      'retention erase --email name@example.com --retain-metrics false --reason "Request 2026-114"',
      'retention erase --contact 6762f0f31bb69f9f2193bb7d --retain-metrics true --reason "Request 2026-115" --yes',
    ],
  );
  return withActor(withContact(command))
    .requiredOption(
      '--retain-metrics <flag>',
      'true: reports keep counting them; false: they vanish',
      parseFlag,
    )
    .requiredOption('--reason <text>', 'why (no personal data: this stays in the audit)')
    .option('--yes', "approve the plan; do not ask to type the workspace's name")
    .action((options: EraseOptions, self: Command) => perform(self, (context) => erase(context, options)));
}

interface MadePlan {
  readonly plan: PlanRecord;
  readonly policy: NamedPolicy;
}

async function erase(context: CommandContext, options: EraseOptions): Promise<ExitCode> {
  const { output } = context;
  const { retainMetrics, reason, by } = options;
  const wanted: ErasureRequest = { contact: namedContact(options), retainMetrics, reason, by };
  const made = await withSweep(context, async ({ deps, request }): Promise<MadePlan> => {
    const plan = await planErasure(deps, request, wanted);
    return { plan, policy: requestFor(plan, request).policy };
  });
  const { plan } = made;
  const refusals = plan.gate?.refusals.map(({ code }) => code) ?? [];
  const needsApproval = refusals.includes('not_approved');
  const mayApply =
    plan.status === 'planned' && refusals.every((code) => code === 'not_approved' && mayApprove(options));
  if (!mayApply) return tellUnapplied(context, made);

  if (needsApproval && options.yes !== true) {
    output.say(`${planText(plan, made.policy)}\n`);
    await askForName(plan);
  }
  const told = await withSweep(context, async ({ deps, request: own }) => {
    const request = requestFor(plan, own);
    const { policy, policyHash } = request;
    const { workspaceId, planId } = plan;
    if (needsApproval) await approvePlan(deps, { workspaceId, planId, policy, policyHash, by });
    return { report: await applyPlan(deps, { ...request, planId }), policy };
  });
  return tellRun(context, told);
}

const mayApprove = ({ yes }: EraseOptions): boolean => yes === true || canAsk();

/** Tells a plan that is stored and was not applied, and how to go on. */
async function tellUnapplied(
  { output, flags }: CommandContext,
  { plan, policy }: MadePlan,
): Promise<ExitCode> {
  const { status, gate, planId } = plan;
  if (output.json) {
    await output.document(toUnappliedDocument(plan));
    for (const refusal of gate?.refusals ?? []) output.warn(refusalText(refusal));
  } else {
    const gated = gate === undefined ? [] : [gateText(output, gate)];
    output.say([planText(plan, policy), ...gated].join('\n\n'));
  }
  if (status !== 'planned') {
    output.warn('Stopped before the plan was complete; the same command goes on with it.');
    return exitCodes.failed;
  }
  output.warn(
    `Nothing was deleted. Once the gate has nothing else against it: "${commandToType(flags, `approve ${planId}`)}" and "${commandToType(flags, `apply ${planId}`)}".`,
  );
  return exitCodes.refused;
}
