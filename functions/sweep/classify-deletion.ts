import type { Instant } from '#policy/instant.ts';
import { isBeforeAudit } from './audit-beginning.ts';
import type { Confirmation, Outcome } from './outcome.ts';
import type { DeletedEntry } from './ports.ts';
import type { ListedClass } from './reconcile-record.ts';

/** An outcome by which a run has deleted its conversation, or may have. */
export type Claim = Outcome & { readonly outcome: 'deleted' | 'unresolved' };

export const isClaim = (outcome: Outcome): outcome is Claim =>
  outcome.outcome === 'deleted' || outcome.outcome === 'unresolved';

/**
 * What an entry of Intercom's list is, by everything that our runs wrote about its conversation. Where one of them knows
 * that it deleted it, that one's flag counts; else that of any which may have. Only what none of them claims is told apart
 * by its time.
 */
export function classifyDeletion(
  outcomes: readonly Outcome[],
  { deletedAt, metricsRetained }: Pick<DeletedEntry, 'deletedAt' | 'metricsRetained'>,
  auditBeganAt: Instant,
): ListedClass {
  const claims = outcomes.filter(isClaim);
  if (claims.length === 0)
    return isBeforeAudit(deletedAt, auditBeganAt) ? 'before_audit' : 'deleted_elsewhere';
  const certain = claims.filter(({ outcome }) => outcome === 'deleted');
  const decisive = certain.length > 0 ? certain : claims;
  return decisive.some(({ retainMetrics }) => retainMetrics === metricsRetained)
    ? 'confirmed'
    : 'flag_mismatch';
}

/**
 * An outcome in the light of Intercom's list; the stored one never changes. A lost answer is `deleted` once the list names
 * the conversation. What was not found had been deleted by something else than that DELETE.
 */
export function resolveOutcome(outcome: Outcome, confirmation: Confirmation | undefined): Outcome {
  if (confirmation === undefined) return outcome;
  switch (outcome.outcome) {
    case 'unresolved':
      return { ...outcome, outcome: 'deleted', reason: 'confirmed_after_lost_answer' };
    case 'not_found':
      return { ...outcome, reason: 'deleted_elsewhere' };
    case 'deleted':
    case 'failed':
    case 'kept':
      return outcome;
  }
}

/** A run that kept a conversation did not delete it: a confirmation is then about a later run, or somebody else. */
export const canBeConfirmed = ({ outcome }: Outcome): boolean => outcome !== 'kept';
