import { subtractDuration } from '#policy/duration.ts';
import type { Facts } from '#policy/facts.ts';
import type { Instant } from '#policy/instant.ts';
import type { ResolvedPolicy } from '#policy/policy.ts';
import { verdict } from '#policy/verdict.ts';
import type { HoldIndex } from './holds.ts';
import type { AuditFacts, KeptReason, PlannedDeletion } from './outcome.ts';
import { toAuditFacts } from './plan-draft.ts';
import type { Clock, Intercom } from './ports.ts';

export interface DeleteDeps {
  readonly intercom: Intercom;
  readonly clock: Clock;
  readonly policy: ResolvedPolicy;
  readonly holds: HoldIndex;
  /** @throws when this process may not delete any more. Asked right before every DELETE. */
  readonly assertAllowed: () => void;
}

/** How it ended for one conversation, before it is written down. */
export type Ending = {
  readonly facts: AuditFacts;
  readonly attemptedAt: Instant | null;
  readonly httpStatus: number | null;
  readonly intercomRequestId: string | null;
} & (
  | { readonly outcome: 'deleted'; readonly reason: null }
  | { readonly outcome: 'not_found' | 'unresolved' | 'failed'; readonly reason: string }
  | { readonly outcome: 'kept'; readonly reason: KeptReason }
);

/** `clean`: no DELETE was ever sent for it. `suspect`: an earlier process may have sent one and died before the answer. */
export type Past = 'clean' | 'suspect';

const mostAttempts = 3;
const pauseAfterLostMs = 1_000;

/**
 * Deletes one planned conversation, or finds out why not.
 *
 * A DELETE whose answer was lost is never simply sent again: the conversation is read first. Gone means `unresolved`, since
 * a 404 does not say who deleted it. Still there means that the DELETE had no effect, and it is judged anew.
 */
export async function deleteOne(deps: DeleteDeps, deletion: PlannedDeletion, past: Past): Promise<Ending> {
  const { intercom, clock, holds, policy } = deps;
  let facts = deletion.facts;
  let mayBeDeleted = past === 'suspect';
  let mustRead = mayBeDeleted || holds.needsContactFacts || isStale(policy, deletion.readAt, clock.now());
  let attemptedAt: Instant | null = null;
  let lost = noAnswer('interrupted');

  const heldAsPlanned = holds.heldBy({ ...emptyHoldFacts, ...deletion, tagIds: facts.tagIds });
  if (heldAsPlanned !== undefined && !mayBeDeleted) return kept('held', facts);

  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    if (mustRead) {
      const read = await intercom.read(deletion.conversationId);
      if (read === undefined) {
        return mayBeDeleted
          ? { outcome: 'unresolved', reason: lost.cause, facts, attemptedAt, ...statusOf(lost) }
          : {
              outcome: 'not_found',
              reason: 'not_found',
              facts,
              attemptedAt,
              httpStatus: 404,
              intercomRequestId: null,
            };
      }
      facts = toAuditFacts(read.facts);
      const spared = spare(deps, deletion, read.facts);
      if (spared !== undefined) return { ...kept(spared, facts), attemptedAt };
    }

    deps.assertAllowed();
    attemptedAt = clock.now();
    const answer = await intercom.delete(deletion.conversationId, deletion.retainMetrics);
    switch (answer.kind) {
      case 'deleted':
        return { outcome: 'deleted', reason: null, facts, attemptedAt, ...statusOf(answer) };
      case 'not_found':
        return mayBeDeleted
          ? { outcome: 'unresolved', reason: lost.cause, facts, attemptedAt, ...statusOf(answer) }
          : { outcome: 'not_found', reason: 'not_found', facts, attemptedAt, ...statusOf(answer) };
      case 'refused':
        return { outcome: 'failed', reason: answer.code, facts, attemptedAt, ...statusOf(answer) };
      case 'lost':
        lost = answer;
        mayBeDeleted = true;
        mustRead = true;
        await clock.sleep(pauseAfterLostMs * attempt);
    }
  }
  return lastLook(deps, deletion, { facts, attemptedAt, lost });
}

/**
 * What became of a conversation whose run is not allowed to go on. Sends no DELETE: a clean one simply stays, a suspect
 * one is looked up.
 */
export async function abandonOne(
  { intercom }: Pick<DeleteDeps, 'intercom'>,
  deletion: PlannedDeletion,
  past: Past,
): Promise<Ending> {
  if (past === 'clean') return kept('stopped', deletion.facts);
  const read = await intercom.read(deletion.conversationId);
  if (read !== undefined) return kept('stopped', toAuditFacts(read.facts));
  const lost = noAnswer('interrupted');
  return {
    outcome: 'unresolved',
    reason: lost.cause,
    facts: deletion.facts,
    attemptedAt: null,
    ...statusOf(lost),
  };
}

interface Lost {
  readonly cause: string;
  readonly httpStatus: number | null;
  readonly requestId: string | null;
}

async function lastLook(
  { intercom }: DeleteDeps,
  deletion: PlannedDeletion,
  { facts, attemptedAt, lost }: { facts: AuditFacts; attemptedAt: Instant | null; lost: Lost },
): Promise<Ending> {
  const read = await intercom.read(deletion.conversationId);
  return {
    outcome: read === undefined ? 'unresolved' : 'failed',
    reason: lost.cause,
    facts,
    attemptedAt,
    ...statusOf(lost),
  };
}

/** Judges a conversation as it is now. The plan may only shrink: another rule or another flag spares it as well. */
function spare(
  { clock, policy, holds }: DeleteDeps,
  deletion: PlannedDeletion,
  facts: Facts,
): KeptReason | undefined {
  if (holds.heldBy(facts) !== undefined) return 'held';
  const judged = verdict(policy, facts, clock.now());
  if (judged.kind === 'keep') return judged.reason.code === 'protected' ? 'protected' : 'changed';
  const sameDecision =
    judged.rule.id === deletion.ruleId && judged.rule.retainMetrics === deletion.retainMetrics;
  return sameDecision ? undefined : 'changed';
}

const isStale = (policy: ResolvedPolicy, readAt: Instant, now: Instant): boolean =>
  readAt <= subtractDuration(now, policy.recheckAfter);

/** The plan keeps no contacts and no company; holds on those are checked on a fresh read (`needsContactFacts`). */
const emptyHoldFacts = { contactIds: [], companyId: 'none' } as const;

const kept = (reason: KeptReason, facts: AuditFacts): Ending => ({
  outcome: 'kept',
  reason,
  facts,
  attemptedAt: null,
  httpStatus: null,
  intercomRequestId: null,
});

const noAnswer = (cause: string): Lost => ({ cause, httpStatus: null, requestId: null });

const statusOf = ({ httpStatus, requestId }: { httpStatus: number | null; requestId: string | null }) => ({
  httpStatus,
  intercomRequestId: requestId,
});
