import { Argument, type Command, Option } from 'commander';
import { toFactsRecord } from '#audit/audit-facts.ts';
import { factsColumns } from '#audit/facts-columns.ts';
import { toIso } from '#policy/instant.ts';
import type { NamedPolicy } from '#policy/policy.ts';
import type { PlannedDeletion } from '#sweep/outcome.ts';
import type { AuditTrail, RunState } from '#sweep/ports.ts';
import type { PlanRecord } from '#sweep/run-record.ts';
import { type CommandContext, createCommand, perform } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { findPlan } from '../find-plan.ts';
import { countOf } from '../number-text.ts';
import { toPlanDocument } from '../plan-document.ts';
import { metricsWord } from '../plan-text.ts';
import { policyOf } from '../policy-of.ts';
import {
  chooseFormat,
  type RecordFormat,
  type RecordShape,
  recordFormats,
  writeRecords,
} from '../record-stream.ts';
import { gatherPlanFigures } from '../report/plan-figures.ts';
import { withStore } from '../store-work.ts';
import { assertPageMayBeWritten, writePage } from '../write-page.ts';

export function planShowCommand(): Command {
  return createCommand('show', "Prints a plan's conversations, a line each, with rule, reason and facts.", [
    'retention plan show 0191f2a4-…',
    'retention plan show 0191f2a4-… --format ndjson > plan.ndjson',
    'retention plan show 0191f2a4-… --format csv > plan.csv',
    'retention plan show latest --html plan.html',
  ])
    .addArgument(new Argument('<plan>', 'a plan id, or "latest"'))
    .addOption(
      new Option(
        '--format <format>',
        'table, ndjson or csv (default: table on a terminal, else ndjson)',
      ).choices(recordFormats),
    )
    .option('--html <file>', 'writes a page for who has to decide on the plan, instead')
    .action((planId: string, options: ShowOptions, command: Command) =>
      perform(command, (context) =>
        options.html === undefined
          ? showPlan(context, planId, options.format)
          : writePlanPage(context, planId, options.html),
      ),
    );
}

interface ShowOptions {
  readonly format?: RecordFormat;
  readonly html?: string;
}

function showPlan(
  context: CommandContext,
  planId: string,
  asked: RecordFormat | undefined,
): Promise<ExitCode> {
  return withStore(context, async ({ audit, state, policyFile }) => {
    const plan = await findPlan(state, policyFile.policy.workspaceId, {
      named: planId,
      flags: context.flags,
    });
    // The grounds are the policy's; a plan of another version of it is shown with the rule's id alone.
    const judgedBy = policyOf(plan, policyFile);
    const policy = judgedBy.hash === plan.policyHash ? judgedBy.policy : undefined;
    const format = chooseFormat(context.output, asked);
    await writeRecords(context.output, format, shapeFor(policy), deletionsOf(audit, plan));
    return exitCodes.done;
  });
}

function writePlanPage(context: CommandContext, planId: string, path: string): Promise<ExitCode> {
  assertPageMayBeWritten(path);
  return withStore(context, async ({ audit, state, policyFile, clock }) => {
    const plan = await findPlan(state, policyFile.policy.workspaceId, {
      named: planId,
      flags: context.flags,
    });
    const judgedBy = policyOf(plan, policyFile);
    const { planPage } = await import('../report/plan-page.ts'); // loads what draws charts
    const figures = await gatherPlanFigures(
      {
        plan,
        previous: await previousPlan(state, plan),
        approval: await state.readPlanApproval(plan.workspaceId, plan.planId),
        run: plan.appliedBy && (await state.readRun(plan.workspaceId, plan.appliedBy)),
      },
      audit.planChunks(plan.workspaceId, plan.planId),
    );
    const subject = {
      policy: judgedBy.hash === plan.policyHash ? judgedBy.policy : undefined,
      present: policyFile.policy,
      policyHash: policyFile.hash,
      madeAt: clock.now(),
    };
    writePage(path, planPage(subject, figures));
    context.output.say(
      `${path}: ${countOf(plan.candidates, 'conversation')} ${plan.status === 'applied' ? 'that were to be deleted' : 'to delete'}.`,
    );
    if (context.output.json) await context.output.document({ ...toPlanDocument(plan), html: path });
    return exitCodes.done;
  });
}

/** The newest finished plan that is older than this one, of sweeps for a sweep and of the same contact for an erasure. */
async function previousPlan(state: RunState, plan: PlanRecord): Promise<PlanRecord | undefined> {
  for await (const each of state.plans(plan.workspaceId)) {
    const isSameKind = each.erasure?.contactId === plan.erasure?.contactId;
    if (isSameKind && each.finishedAt !== undefined && each.asOf < plan.asOf) return each;
  }
  return undefined;
}

async function* deletionsOf(audit: AuditTrail, plan: PlanRecord): AsyncGenerator<PlannedDeletion> {
  for await (const { deletions } of audit.planChunks(plan.workspaceId, plan.planId)) yield* deletions;
}

function shapeFor(policy: NamedPolicy | undefined): RecordShape<PlannedDeletion> {
  const reasonOf = ({ ruleId }: PlannedDeletion): string =>
    policy?.rules.find(({ id }) => id === ruleId)?.description ?? `Matches the rule ${ruleId}.`;
  return {
    toObject: (deletion) => ({
      conversation_id: deletion.conversationId,
      rule_id: deletion.ruleId,
      reason: reasonOf(deletion),
      retain_metrics: deletion.retainMetrics,
      facts: toFactsRecord(deletion.facts),
    }),
    csv: {
      conversation_id: ({ conversationId }) => conversationId,
      rule_id: ({ ruleId }) => ruleId,
      reason: reasonOf,
      retain_metrics: ({ retainMetrics }) => retainMetrics,
      ...factsColumns<PlannedDeletion>(({ facts }) => facts),
    },
    table: {
      conversation: ({ conversationId }) => conversationId,
      rule: ({ ruleId }) => ruleId,
      metrics: ({ retainMetrics }) => metricsWord(retainMetrics),
      state: ({ facts }) => facts.state ?? null,
      'last activity': ({ facts }) => (facts.updatedAt === undefined ? null : toIso(facts.updatedAt)),
      reason: reasonOf,
    },
  };
}
