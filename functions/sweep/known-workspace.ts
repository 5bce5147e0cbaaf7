import type { NamedPolicy, ResolvedPolicy, RuleTrigger } from '#policy/policy.ts';
import { identify, policyForTrigger } from './identify.ts';
import type { Clock, Intercom, Workspace } from './ports.ts';

/** What a worker asks Intercom once in a while and not at every event. */
export interface KnownWorkspace {
  /** @throws ConfigurationError when the token belongs to another workspace than the policy names. */
  workspace(): Promise<Workspace>;
  /** The policy as it judges on this trigger. @throws ConfigurationError for a name that does not resolve. */
  policyFor(trigger: RuleTrigger): Promise<ResolvedPolicy>;
  /** Conversations of the workspace; undefined when Intercom does not say. */
  total(): Promise<number | undefined>;
}

/** How long an answer is good for: a renamed tag or a workspace that shrinks is noticed after this. */
const rememberedMs = 5 * 60_000;

export function knowWorkspace(
  { intercom, clock }: { readonly intercom: Intercom; readonly clock: Pick<Clock, 'now'> },
  policy: NamedPolicy,
): KnownWorkspace {
  const policies = new Map<RuleTrigger, () => Promise<ResolvedPolicy>>();
  return {
    workspace: remembered(clock, () => identify(intercom, policy)),
    async policyFor(trigger) {
      const known =
        policies.get(trigger) ?? remembered(clock, () => policyForTrigger(intercom, policy, trigger));
      policies.set(trigger, known);
      return known();
    },
    total: remembered(clock, () => intercom.count('all')),
  };
}

/** Failures are not remembered. */
function remembered<Value>(clock: Pick<Clock, 'now'>, ask: () => Promise<Value>): () => Promise<Value> {
  let answer: { readonly value: Value; readonly askedAt: number } | undefined;
  return async () => {
    const askedAt = clock.now();
    if (answer !== undefined && askedAt - answer.askedAt < rememberedMs) return answer.value;
    const value = await ask();
    answer = { value, askedAt };
    return value;
  };
}
