import * as z from 'zod';
import { DemoError } from './demo-shell.ts';

const plannedLine = z.object({ conversation_id: z.string(), retain_metrics: z.boolean() });
const auditLine = z.object({
  conversation_id: z.string(),
  outcome: z.string(),
  reason: z.string().nullable(),
  retain_metrics: z.boolean(),
});
const deletionLine = z.object({ id: z.string(), metrics_retained: z.boolean() });

export interface DemoResult {
  readonly simulatorUrl: string;
  /** NDJSON of `plan show`. */
  readonly plan: string;
  /** NDJSON of `audit query`. */
  readonly audit: string;
  readonly heldId: string;
}

/**
 * Holds what the audit says against what the simulator knows: the same conversations are gone, with the same flags, and the
 * one under a hold is not.
 * @throws DemoError
 */
export async function checkAgainstTruth({ simulatorUrl, plan, audit, heldId }: DemoResult): Promise<number> {
  const planned = parseLines(plan, plannedLine);
  const outcomes = parseLines(audit, auditLine);
  const answer = await fetch(`${simulatorUrl}/_simulator/deletions`);
  const lost = new Map(
    parseLines(await answer.text(), deletionLine).map(({ id, metrics_retained }) => [id, metrics_retained]),
  );

  const deleted = outcomes.filter(({ outcome }) => outcome === 'deleted');
  demand(deleted.length > 0, 'The run deleted nothing.');
  demand(
    deleted.length === lost.size,
    `The audit says ${deleted.length} deleted, Intercom lost ${lost.size}.`,
  );
  for (const { conversation_id: id, retain_metrics: flag } of deleted) {
    demand(lost.get(id) === flag, `The audit of ${id} is not what happened to it.`);
  }
  const kept = outcomes.filter(({ outcome }) => outcome === 'kept');
  demand(
    kept.length === 1 && kept[0]?.reason === 'held',
    'Not exactly one conversation was kept by the hold.',
  );
  demand(kept[0]?.conversation_id === heldId && !lost.has(heldId), 'The conversation under a hold is gone.');
  const seen = new Set(outcomes.map(({ conversation_id: id }) => id));
  demand(
    seen.size === planned.length && planned.every(({ conversation_id: id }) => seen.has(id)),
    'The plan and the audit do not name the same conversations.',
  );
  return deleted.length;
}

const parseLines = <Line>(text: string, schema: z.ZodType<Line>): readonly Line[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => schema.parse(JSON.parse(line)));

function demand(holds: boolean, otherwise: string): void {
  if (!holds) throw new DemoError(otherwise);
}
