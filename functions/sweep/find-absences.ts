import { subtractDuration } from '#policy/duration.ts';
import { type Instant, instantFromMs } from '#policy/instant.ts';
import { isClaim } from './classify-deletion.ts';
import type { Absence } from './reconcile-record.ts';
import type { ReconcileSession, ReconcileStep, UnderWay } from './reconcile-session.ts';

/** With a short grace period, the newest outcomes are looked at again: they may not be in their index yet. */
const settleMs = 3_600_000;
const absencesPerBatch = 100;

/** Looks for the outcomes that are out of their grace period in what the list has confirmed, each once. */
export const findAbsences: ReconcileStep = async (session, progress) => {
  const { audit, state, clock } = session.deps;
  const { workspaceId } = session;
  const until = endOfGrace(session, progress);
  const from = progress.absencesCheckedUntil;
  if (until === undefined || (from !== undefined && from >= until)) return { progress, ended: true };

  const filter = from === undefined ? { until } : { from, until };
  const checkedUntil = (at: Instant): UnderWay => ({ ...progress, absencesCheckedUntil: at });
  for await (const { outcome, confirmation } of audit.queryOutcomes(workspaceId, filter)) {
    if (session.mustStop()) {
      const reached = checkedUntil(outcome.recordedAt);
      await session.save(reached);
      return { progress: reached, ended: false };
    }
    if (confirmation !== undefined || !isClaim(outcome)) continue;
    const { conversationId, runId, recordedAt } = outcome;
    await state.addAbsence({ workspaceId, conversationId, runId, outcome: outcome.outcome, recordedAt });
  }
  const checked = checkedUntil(instantFromMs(Math.min(until, clock.now() - settleMs)));
  await session.save(checked);
  return { progress: checked, ended: true };
};

/** Clears the absences that the list names by now, and counts the others. */
export const recheckAbsences: ReconcileStep = async (session, progress) => {
  const { audit, state } = session.deps;
  const until = endOfGrace(session, progress);
  let absent = 0;
  for await (const batch of inBatches(state.absences(session.workspaceId))) {
    if (session.mustStop()) return { progress, ended: false };
    const ids = batch.map(({ conversationId }) => conversationId);
    const confirmations = await audit.readConfirmations(session.workspaceId, ids);
    for (const absence of batch) {
      if (confirmations.has(absence.conversationId)) await state.removeAbsence(absence);
      else if (until !== undefined && absence.recordedAt < until) absent += 1;
    }
  }
  return {
    progress: { ...progress, counts: { ...progress.counts, claimed_but_absent: absent } },
    ended: true,
  };
};

/** Outcomes recorded before this had the whole grace period until the list was read. */
export const endOfGrace = ({ grace }: ReconcileSession, { list }: UnderWay): Instant | undefined =>
  list.readAt === undefined ? undefined : subtractDuration(list.readAt, grace);

async function* inBatches(absences: AsyncIterable<Absence>): AsyncGenerator<readonly Absence[]> {
  let batch: Absence[] = [];
  for await (const absence of absences) {
    batch.push(absence);
    if (batch.length < absencesPerBatch) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
