import type { NamedPolicy } from '#policy/policy.ts';
import { refusalText } from '#sweep/refusal-text.ts';
import type { RunReport } from '#sweep/sweep-deps.ts';
import type { CommandContext, CommonFlags } from './command-context.ts';
import type { ExitCode } from './exit-code.ts';
import { gateText } from './gate-text.ts';
import { nextStep } from './next-step.ts';
import type { Output } from './output.ts';
import { planText } from './plan-text.ts';
import { gateOfRun, toRunDocument } from './run-document.ts';
import { runExitCode, runText, wayOn } from './run-text.ts';

export interface ToldRun {
  readonly report: RunReport;
  readonly policy: NamedPolicy;
  /** What to type after `retention`, to go on with it or to begin another one. */
  readonly runWords?: string;
}

/** Tells what came of a run, to a person and to a script. */
export async function tellRun(
  { output, flags }: Pick<CommandContext, 'output' | 'flags'>,
  { report, policy, runWords }: ToldRun,
): Promise<ExitCode> {
  const refusals = gateOfRun(report)?.refusals ?? [];
  if (output.json) {
    await output.document(toRunDocument(report));
    for (const refusal of refusals) output.warn(refusalText(refusal));
  } else {
    output.say(toldText(output, flags, { report, policy }));
  }
  const remedy = wayOn(report, flags, runWords);
  if (remedy !== undefined) output.warn(remedy);
  return runExitCode(report);
}

function toldText(output: Output, flags: CommonFlags, { report, policy }: ToldRun): string {
  const { plan, run } = report;
  const gate = gateOfRun(report);
  const parts: string[] = [];
  if (plan !== undefined) {
    parts.push(planText(plan, policy));
    if (gate?.allowed === false) parts.push(gateText(output, gate), nextStep(plan, flags));
  }
  if (run.intended > 0 || run.stopReason === 'done') parts.push(runText(report));
  return parts.join('\n\n');
}
