import type { PlanRecord } from '#sweep/run-record.ts';

/** The command to type after a plan was made. */
export function nextStep({ status, candidates, gate, planId }: PlanRecord): string {
  if (status === 'planning') return 'Next: retention plan';
  if (candidates === 0) return 'There is nothing to delete.';
  const codes = gate?.refusals.map(({ code }) => code) ?? [];
  if (codes.length === 0) return `Next: retention apply ${planId}`;
  if (codes.every((code) => code === 'not_approved')) return `Next: retention approve ${planId}`;
  return `Next: look at all of it with "retention plan show ${planId}", and change what the gate names.`;
}
