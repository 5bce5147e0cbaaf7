import { nameOf } from '#policy/clause-text.ts';
import type { ComparedConversation } from '#sweep/comparison-tally.ts';
import { dayText } from '../number-text.ts';
import { judgedText } from './judged-text.ts';
import type { PolicyDiff } from './policy-diff.ts';

export const sampleColumns = [
  'conversation',
  'now',
  'after',
  'state',
  'created',
  'last activity',
  'tags',
  'team',
  'ticket',
] as const;

/** One conversation in a row; `?` where a fact is unknown. Only tags and teams that a policy names have names here. */
export function sampleCells(
  { conversationId, before, after, facts }: ComparedConversation,
  { tags, teams }: PolicyDiff['names'],
): readonly string[] {
  const { state, createdAt, updatedAt, tagIds, teamId, hasTicket } = facts;
  return [
    conversationId,
    judgedText(before),
    judgedText(after),
    state ?? '?',
    createdAt === undefined ? '?' : dayText(createdAt),
    updatedAt === undefined ? '?' : dayText(updatedAt),
    tagIds?.map((id) => nameOf(tags, id)).join(', ') ?? '?',
    teamId === undefined ? '?' : nameOf(teams, teamId),
    hasTicket === undefined ? '?' : hasTicket ? 'yes' : 'no',
  ];
}
