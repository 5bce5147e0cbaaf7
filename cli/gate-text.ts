import { refusalText } from '#sweep/refusal-text.ts';
import type { GateDecision } from '#sweep/run-record.ts';
import type { Output } from './output.ts';

/** What the gate says to a plan, with each reason to refuse in a sentence. */
export function gateText(output: Output, { allowed, refusals }: GateDecision): string {
  if (allowed) return output.style('green', 'The gate lets this plan pass.');
  const reasons = refusals.map((refusal) => `  - ${refusalText(refusal)}`);
  return [output.style('yellow', 'The gate refuses this plan:'), ...reasons].join('\n');
}
