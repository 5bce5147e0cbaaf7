import { checkLimits } from '#policy/limits.ts';
import type { ResolvedPolicy, RuleTrigger } from '#policy/policy.ts';
import { applyChunks, settleOpenChunks } from './apply-chunks.ts';
import type { Applying } from './applying.ts';
import { LeaseLostError } from './errors.ts';
import type { EventDeps, EventReport, EventRequest } from './event-deps.ts';
import { eventRun, toRunEvent } from './event-run.ts';
import { permissionRefusals } from './gate.ts';
import { planEvent } from './plan-event.ts';
import { requestedTopic } from './requested-deletion.ts';
import { countedAsDeleted } from './run-counts.ts';
import type { PlanRecord, Refusal, RunRecord, RunSummary, StopReason } from './run-record.ts';

/**
 * Carries out one message of the queue: finds what it is about, judges it by the rules of its topic, and passes the same
 * gate and the same apply as a sweep. One notification is one run, whose ids come from the notification; so the same message
 * may come again after any end, a crash included, and goes on from there. Needs no lease: a sweep, and other workers with
 * other messages, may be at work in the same workspace.
 * @throws LeaseLostError when another worker may be at the same message; it is to come again later.
 */
export async function deleteOnEvent(deps: EventDeps, request: EventRequest): Promise<EventReport> {
  const { message } = request;
  if (message.topic === 'conversation.deleted') return { kind: 'hint' };
  const callsBefore = deps.intercom.usage();
  const begun = eventRun(message, request.policyHash);
  const stored = await deps.audit.readPlan(begun.workspaceId, begun.planId);
  if (stored === undefined && !isWorthARun(request, message.topic)) return { kind: 'no_rule' };
  const earlier = stored && (await deps.audit.readSummary(begun.workspaceId, begun.runId));
  if (earlier !== undefined) return repeated(deps, earlier);

  const policy = await deps.known.policyFor(message.topic);
  const applying = applyingAlone(deps, request, policy);
  const event: Event = { deps, request, policy, applying, callsBefore };
  // A plan by an older policy is brought to its end under that one's name; the gate does not let it pass.
  if (stored !== undefined) {
    return carryOut(event, { ...begun, policyHash: stored.policyHash }, stored, 'stored');
  }
  const plan = await planEvent(deps, policy, message, begun, () => applying.reasonToStop() !== undefined);
  if (plan === undefined) return { kind: 'unfinished' };
  if (plan.candidates === 0 && message.topic !== requestedTopic) {
    return { kind: 'nothing', keptBy: plan.keptBy };
  }
  return carryOut(event, begun, plan, 'new');
}

/** What is at hand while one message is dealt with. */
interface Event {
  readonly deps: EventDeps;
  readonly request: EventRequest;
  readonly policy: ResolvedPolicy;
  readonly applying: Applying;
  readonly callsBefore: ReturnType<EventDeps['intercom']['usage']>;
}

/** Whoever asks for a deletion in so many words gets an answer in the audit, even when no rule serves them. */
const isWorthARun = ({ policy }: EventRequest, topic: RuleTrigger): boolean =>
  topic === requestedTopic || policy.rules.some(({ on }) => on.includes(topic));

/** A process that died between summary and settling has left its reservation open. */
async function repeated({ state, clock }: EventDeps, summary: RunSummary): Promise<EventReport> {
  const { workspaceId, runId, counts } = summary;
  await state.settleReservation(workspaceId, runId, countedAsDeleted(counts), clock.now());
  return { kind: 'duplicate', summary };
}

async function carryOut(
  event: Event,
  run: RunRecord,
  plan: PlanRecord,
  origin: 'new' | 'stored',
): Promise<EventReport> {
  const { deps, request } = event;
  const refusals = await refusalsBefore(event, plan);
  if (origin === 'new') {
    const gate = { allowed: refusals.length === 0, refusals };
    await deps.audit.putRunStarted(run);
    await deps.audit.putPlan({ ...plan, gate }, request.policyJson);
  }
  if (refusals.length > 0) return refuse(event, run, plan, refusals, origin);

  const limit = event.policy.limits.perDay;
  const reservation = await deps.state.reserveDeletions({
    workspaceId: run.workspaceId,
    key: run.runId,
    count: plan.candidates,
    limit,
    now: deps.clock.now(),
  });
  if (!reservation.reserved) {
    const value = reservation.used + plan.candidates;
    return refuse(event, run, plan, [{ code: 'per_day', setting: 'limits.per_day', value, limit }], origin);
  }
  if (reservation.isNew) {
    // Another worker may have come to the end, and settled, since we looked.
    const summary = await deps.audit.readSummary(run.workspaceId, run.runId);
    if (summary !== undefined) {
      await deps.state.settleReservation(run.workspaceId, run.runId, 0, deps.clock.now());
      return { kind: 'duplicate', summary };
    }
  }
  return apply(event, { ...run, intended: plan.candidates }, plan);
}

/**
 * Everything but the day's limit, which the reservation checks. An event is not trimmed: there is no next time for the rest.
 */
async function refusalsBefore(
  { deps, request, policy }: Event,
  plan: PlanRecord,
): Promise<readonly Refusal[]> {
  const { candidates, workspaceTotal } = plan;
  return [
    ...(await permissionRefusals({ deps, request, policy }, plan, undefined)),
    ...checkLimits(policy.limits, { candidates, workspaceTotal, deletedInLastDay: 0 }),
  ];
}

/** What cannot be gone on with now, a pause for one, is decided anew when the message comes again. */
async function apply(event: Event, run: RunRecord, plan: PlanRecord): Promise<EventReport> {
  const { run: applied, stopReason } = await applyChunks(event.applying, run, plan);
  return stopReason === 'done' || stopReason === 'failures'
    ? { kind: 'done', summary: await finish(event, applied, stopReason, []) }
    : { kind: 'unfinished' };
}

/** What an earlier attempt may have left open, intents and reservation, is brought to an end. */
async function refuse(
  event: Event,
  run: RunRecord,
  plan: PlanRecord,
  refusals: readonly Refusal[],
  origin: 'new' | 'stored',
): Promise<EventReport> {
  if (origin === 'new') return { kind: 'refused', summary: await summarize(event, run, 'refused', refusals) };
  const settled = await settleOpenChunks(event.applying, run, plan);
  return { kind: 'refused', summary: await finish(event, settled, 'refused', refusals) };
}

/** The summary comes before the settling: as long as there is none, the reservation stands. */
async function finish(
  event: Event,
  run: RunRecord,
  stopReason: StopReason,
  refusals: readonly Refusal[],
): Promise<RunSummary> {
  const { state } = event.deps;
  const summary = await summarize(event, run, stopReason, refusals);
  await state.settleReservation(run.workspaceId, run.runId, countedAsDeleted(run.counts), summary.finishedAt);
  return summary;
}

async function summarize(
  { deps, request, callsBefore }: Event,
  run: RunRecord,
  stopReason: StopReason,
  refusals: readonly Refusal[],
): Promise<RunSummary> {
  const usage = deps.intercom.usage();
  const summary: RunSummary = {
    ...run,
    finishedAt: deps.clock.now(),
    stopReason,
    refusals,
    apiCalls: usage.calls - callsBefore.calls,
    rateLimited: usage.rateLimited - callsBefore.rateLimited,
    event: toRunEvent(request.message),
  };
  await deps.audit.putSummary(summary);
  return summary;
}

function applyingAlone(deps: EventDeps, request: EventRequest, policy: ResolvedPolicy): Applying {
  const { clock } = deps;
  return {
    deps,
    policy,
    // Nobody takes a message away from a worker; what one worker may do, the limits and the first outcome settle.
    assertAllowed: () => {},
    assertGone(intendedAt) {
      if (clock.now() - intendedAt > request.longestWorkMs) return;
      throw new LeaseLostError(
        'Another worker may still be at the same message; it is looked at again when it comes next.',
      );
    },
    reasonToStop() {
      if (request.stop.aborted) return 'interrupted';
      return clock.now() >= request.stopAt ? 'deadline' : undefined;
    },
    save: () => Promise.resolve(), // the audit tells the next attempt how far this one came
  };
}
