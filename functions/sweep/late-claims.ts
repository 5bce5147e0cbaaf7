import { instantFromMs } from '#policy/instant.ts';
import { classifyDeletion, isClaim } from './classify-deletion.ts';
import { withExample, withoutElsewhere } from './examples.ts';
import type { Confirmation, Outcome } from './outcome.ts';
import type { ClaimsWalk, CurrentReconciliation } from './reconcile-record.ts';
import type { ReconcileSession, ReconcileStep, UnderWay } from './reconcile-session.ts';

/**
 * An outcome is looked at again for so long: its time is set before it is written, by another machine's clock, and the
 * index that it is found by follows later still.
 */
const overlapMs = 3_600_000;

/**
 * A deletion can be in Intercom's list before its outcome is in the audit: a moment before, while a run is under way, and
 * a day before, when the process died in between and the next run settles what it left. Such an entry was counted as
 * deleted elsewhere, or before the audit. Here it finds its outcome, and is counted anew. What an earlier reconciliation
 * has told of as deleted elsewhere stays told: it takes nothing from what this one tells.
 */
export const findLateClaims: ReconcileStep = async (session, begun) => {
  const { deps, workspaceId } = session;
  const { startedAt, reached } = begun.current.claims ?? { startedAt: deps.clock.now(), reached: undefined };
  const from = instantFromMs(begun.claimsCheckedUntil - overlapMs);
  let progress = begun;
  let looked = reached;
  for await (const queried of deps.audit.queryOutcomes(workspaceId, { from, after: reached })) {
    const { outcome, confirmation } = queried;
    if (session.mustStop()) {
      progress = withClaims(progress, { startedAt, reached: looked });
      await session.save(progress);
      return { progress, ended: false };
    }
    looked = { recordedAt: outcome.recordedAt, conversationId: outcome.conversationId };
    if (confirmation === undefined || confirmation.claimed || !isClaim(outcome)) continue;
    if (!(await isNews(session, progress, outcome))) continue;
    progress = claim(progress, outcome, confirmation);
    await session.save(progress);
  }
  const lookedAtAgainFrom = startedAt - overlapMs;
  progress = {
    ...withClaims(progress, undefined),
    claimsCheckedUntil: startedAt,
    lateClaims: progress.lateClaims.filter(({ recordedAt }) => recordedAt >= lookedAtAgainFrom),
  };
  await session.save(progress);
  return { progress, ended: true };
};

const withClaims = (progress: UnderWay, claims: ClaimsWalk | undefined): UnderWay => ({
  ...progress,
  current: { ...progress.current, claims },
});

/** Whether it is the first claim on its conversation, and has not been counted. */
async function isNews(
  { deps, workspaceId }: ReconcileSession,
  { lateClaims }: UnderWay,
  { conversationId, runId }: Outcome,
): Promise<boolean> {
  if (lateClaims.some((counted) => counted.conversationId === conversationId)) return false;
  const all = await deps.audit.outcomesOfConversation(workspaceId, conversationId);
  const first = all.find(({ outcome }) => isClaim(outcome));
  return first?.outcome.runId === runId;
}

function claim(progress: UnderWay, outcome: Outcome, confirmation: Confirmation): UnderWay {
  const listedClass = classifyDeletion([outcome], confirmation, progress.auditBeganAt);
  const countedAs = confirmation.beforeAudit ? 'before_audit' : 'deleted_elsewhere';
  const { counts, current } = progress;
  const { conversationId, recordedAt } = outcome;
  const wasTold = countedAs === 'deleted_elsewhere' && isOfEarlier(current, confirmation);
  const examples = withExample(
    withoutElsewhere(current.examples, conversationId),
    listedClass,
    conversationId,
  );
  return {
    ...progress,
    current: { ...current, examples, earlierExplained: current.earlierExplained + (wasTold ? 1 : 0) },
    counts: {
      ...counts,
      [countedAs]: counts[countedAs] - 1,
      [listedClass]: counts[listedClass] + 1,
    },
    lateClaims: [...progress.lateClaims, { conversationId, recordedAt }],
  };
}

/** In doubt it is: telling of a deletion that a run explains is better than keeping still about one that none does. */
const isOfEarlier = ({ confirmsFrom }: CurrentReconciliation, { confirmedAt }: Confirmation): boolean =>
  confirmedAt < confirmsFrom;
