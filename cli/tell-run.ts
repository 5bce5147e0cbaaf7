import type { RunReport } from '#sweep/sweep-deps.ts';
import type { ExitCode } from './exit-code.ts';
import { gateText } from './gate-text.ts';
import { nextStep } from './next-step.ts';
import type { Output } from './output.ts';
import { keptTable, planHeading, rulesTable } from './plan-text.ts';
import type { PolicyFile } from './policy-file.ts';
import { refusalText } from './refusal-text.ts';
import { toRunDocument } from './run-document.ts';
import { runExitCode, runText, wayOn } from './run-text.ts';

/** Tells what came of a run, to a person and to a script. */
export async function tellRun(output: Output, report: RunReport, { policy }: PolicyFile): Promise<ExitCode> {
  const { plan, run } = report;
  const parts: string[] = [];
  if (plan !== undefined) {
    parts.push(planHeading(plan), rulesTable(plan, policy));
    const kept = keptTable(plan);
    if (kept !== undefined) parts.push(kept);
    if (plan.gate !== undefined && !plan.gate.allowed)
      parts.push(gateText(output, plan.gate), nextStep(plan));
  }
  if (run.intended > 0 || run.stopReason === 'done') parts.push(runText(report));
  output.say(parts.join('\n\n'));

  const remedy = wayOn(report);
  if (remedy !== undefined) output.warn(remedy);
  if (output.json) {
    if (run.stopReason === 'refused') output.warn(refusedSentences(report));
    await output.document(toRunDocument(report));
  }
  return runExitCode(report);
}

const refusedSentences = ({ plan }: RunReport): string =>
  (plan?.gate?.refusals ?? []).map(refusalText).join('\n');
