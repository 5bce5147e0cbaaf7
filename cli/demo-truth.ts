import * as z from 'zod';
import { DemoError } from './demo-shell.ts';

const plannedLine = z.object({ conversation_id: z.string(), retain_metrics: z.boolean() });
const auditLine = z.object({
  conversation_id: z.string(),
  outcome: z.string(),
  reason: z.string().nullable(),
  retain_metrics: z.boolean(),
});
const deletionLine = z.object({ id: z.string(), metrics_retained: z.boolean(), by: z.string() });
const confirmedLine = auditLine.extend({ metrics_retained: z.boolean().nullable() });
const conversationLine = z.object({
  id: z.string(),
  deleted: z.unknown(),
  json: z.object({
    state: z.string(),
    ticket: z.unknown(),
    tags: z.object({ tags: z.array(z.object({ name: z.string() })) }),
    contacts: z.object({ contacts: z.array(z.object({ id: z.string() })) }),
  }),
});
export type SimulatedConversation = z.infer<typeof conversationLine>;
const tagList = z.object({ data: z.array(z.object({ id: z.string(), name: z.string() })) });

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

/** Three conversations that are still there, unremarkable, each of another contact: for the demo to go on with. */
export async function survivors(
  simulatorUrl: string,
  heldId: string,
): Promise<readonly [SimulatedConversation, SimulatedConversation, SimulatedConversation]> {
  const answer = await fetch(`${simulatorUrl}/_simulator/conversations`);
  const all = parseLines(await answer.text(), conversationLine);
  const contactOfHeld = all.filter(({ id }) => id === heldId).map(contactOf);
  const plain = all.filter(
    (each) =>
      each.deleted === null &&
      each.json.state === 'open' &&
      each.json.ticket === null &&
      each.json.tags.tags.length === 0 &&
      !contactOfHeld.includes(contactOf(each)),
  );
  const [first, second, third] = new Map(plain.map((each) => [contactOf(each), each])).values();
  if (first === undefined || second === undefined || third === undefined) {
    throw new DemoError('The simulated workspace has too few conversations left.');
  }
  return [first, second, third];
}

export const contactOf = ({ json }: SimulatedConversation): string => json.contacts.contacts[0]?.id ?? '';

export function tagNamed(list: unknown, name: string): string {
  const found = tagList.parse(list).data.find((tag) => tag.name === name);
  if (found === undefined) throw new DemoError(`The simulated workspace has no tag ${name}.`);
  return found.id;
}

/** Somebody does something to a conversation of the simulated workspace. */
export async function happen(
  simulatorUrl: string,
  id: string,
  action: string,
  subject?: string,
): Promise<void> {
  const url = `${simulatorUrl}/_simulator/conversations/${id}/${action}`;
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify({ subject }) });
  demand(answer.ok, `The simulator could not ${action} the conversation ${id}.`);
}

/** @throws DemoError unless the audit's deletions, all of them confirmed, and the one elsewhere are what the simulator lost. */
export async function checkWholeAudit(
  simulatorUrl: string,
  audit: string,
  elsewhereId: string,
): Promise<number> {
  const answer = await fetch(`${simulatorUrl}/_simulator/deletions`);
  const lost = parseLines(await answer.text(), deletionLine);
  const ours = new Map(lost.filter(({ by }) => by === 'api').map(({ id, ...each }) => [id, each]));
  const deleted = parseLines(audit, confirmedLine).filter(({ outcome }) => outcome === 'deleted');
  demand(deleted.length === ours.size, `The audit says ${deleted.length}, Intercom lost ${ours.size} to us.`);
  for (const { conversation_id: id, retain_metrics: sent, metrics_retained: confirmed } of deleted) {
    const flag = ours.get(id)?.metrics_retained;
    demand(flag === sent && flag === confirmed, `The audit of ${id} is not what happened to it.`);
  }
  const elsewhere = lost.filter(({ by }) => by !== 'api').map(({ id }) => id);
  demand(elsewhere.join() === elsewhereId, 'Not exactly one conversation was deleted by somebody else.');
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
