import { parsePolicy } from '#policy/parse-policy.ts';
import type { RuleTrigger } from '#policy/policy.ts';
import { policyChanges } from '#policy/policy-changes.ts';
import { compareOnPlan } from '#sweep/compare-on-plan.ts';
import { compareOnWorkspace } from '#sweep/compare-on-workspace.ts';
import type { AuditTrail } from '#sweep/ports.ts';
import type { PlanRecord } from '#sweep/run-record.ts';
import { assertStoreOf } from '../assert-store-of.ts';
import { CliError, usageError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import { findPlan } from '../find-plan.ts';
import { stopOnInterrupt } from '../interruption.ts';
import { openIntercom } from '../open-intercom.ts';
import { showProgress } from '../progress.ts';
import { allSettings, storeSettings } from '../settings.ts';
import type { ComparedPolicy, PolicyDiff } from './policy-diff.ts';

export interface PoliciesToCompare {
  readonly old: ComparedPolicy;
  readonly new: ComparedPolicy;
  readonly sampleSize: number;
}

/** Judges the workspace's conversations as they are now. */
export async function diffOnWorkspace(
  context: CommandContext,
  policies: PoliciesToCompare & { readonly on: RuleTrigger },
): Promise<PolicyDiff> {
  const { output, clock, environment, flags } = context;
  const { old, new: changed, on, sampleSize } = policies;
  const settings = allSettings(environment, flags);
  using interruption = stopOnInterrupt('Stopping after the calls in flight.', output);
  const intercom = await openIntercom(context, settings.intercom, changed.policy, interruption.signal);
  const { openStore } = await import('../open-store.ts'); // after what can fail at once, since it loads the AWS SDK
  await using store = await openStore(settings.store, clock);
  assertStoreOf(store, changed);
  const progress = showProgress(output, clock);
  try {
    const comparison = await compareOnWorkspace(
      { intercom, state: store.state, clock, observe: (event) => progress.observe(event) },
      { before: old.policy, after: changed.policy, on, sampleSize, stop: interruption.signal },
    );
    return {
      old,
      new: changed,
      on,
      asOf: comparison.asOf,
      counts: comparison,
      changes: policyChanges(old, changed),
      source: { kind: 'workspace', comparison },
      names: comparison.names,
    };
  } finally {
    progress.end();
  }
}

/** Judges the conversations of a stored plan, and asks Intercom for nothing. */
export async function diffOnPlan(
  { environment, flags, clock }: CommandContext,
  { old, new: changed, sampleSize }: PoliciesToCompare,
  named: string,
): Promise<PolicyDiff> {
  const { openStore } = await import('../open-store.ts'); // after what can fail at once, since it loads the AWS SDK
  await using store = await openStore(storeSettings(environment, flags), clock);
  assertStoreOf(store, changed);
  const plan = await findPlan(store.state, changed.policy.workspaceId, { named, flags });
  const plannedBy = await policyOfPlan(store.audit, plan);
  const counts = await compareOnPlan(store.audit, {
    before: old.policy,
    after: changed.policy,
    plan,
    plannedBy,
    sampleSize,
  });
  return {
    old,
    new: changed,
    on: 'schedule',
    asOf: plan.asOf,
    counts,
    changes: policyChanges(old, changed),
    source: { kind: 'plan', plan, madeBy: makerOf(plan, old, changed) },
    names: { tags: entriesOf(plan.names?.tags), teams: entriesOf(plan.names?.teams) },
  };
}

const entriesOf = <Id extends string>(ids: Readonly<Record<string, Id>> = {}) =>
  Object.entries(ids).map(([name, id]) => ({ id, name }));

function makerOf({ policyHash }: PlanRecord, old: ComparedPolicy, changed: ComparedPolicy) {
  if (old.hash === policyHash) return changed.hash === policyHash ? 'both' : 'old';
  return changed.hash === policyHash ? 'new' : 'neither';
}

/** @throws CliError for a plan that is not a complete one of a sweep */
async function policyOfPlan(audit: AuditTrail, plan: PlanRecord) {
  if (plan.erasure !== undefined || plan.trigger === 'webhook') {
    throw usageError(
      `The plan ${plan.planId} is not one of all rules, but for one ${plan.erasure === undefined ? 'event' : 'contact'}; name a plan that "retention plan" has made.`,
    );
  }
  const json = await audit.readPlanPolicy(plan.workspaceId, plan.planId);
  if (json === undefined) {
    throw usageError(
      `The plan ${plan.planId} is not complete; finish it with "retention plan", or leave --plan out.`,
    );
  }
  const parsed = parsePolicy(json);
  if (parsed.ok) return parsed.policy;
  throw new CliError(
    'plan_unreadable',
    `The policy by which the plan ${plan.planId} was made is not one that this version understands; make a new plan, or leave --plan out.`,
  );
}
