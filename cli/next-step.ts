import type { PlanRecord } from '#sweep/run-record.ts';
import type { CommonFlags } from './command-context.ts';
import { commandToType } from './command-to-type.ts';

/** The command to type after a plan was made. @param flags Of the command that made it. */
export function nextStep({ status, candidates, gate, planId }: PlanRecord, flags: CommonFlags): string {
  const next = (words: string) => commandToType(flags, words);
  if (status === 'planning') return `Next: ${next('plan')}`;
  if (candidates === 0) return 'There is nothing to delete.';
  const codes = gate?.refusals.map(({ code }) => code) ?? [];
  if (codes.length === 0) return `Next: ${next(`apply ${planId}`)}`;
  if (codes.every((code) => code === 'not_approved')) return `Next: ${next(`approve ${planId}`)}`;
  return `Next: look at all of it with "${next(`plan show ${planId}`)}", and change what the gate names.`;
}
