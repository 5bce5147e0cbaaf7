import type { NamedPolicy, ResolvedPolicy, RuleTrigger } from '#policy/policy.ts';
import { directoryNeeds, resolveNames } from '#policy/resolve-names.ts';
import { forTrigger } from '#policy/verdict.ts';
import { ConfigurationError } from './errors.ts';
import type { Intercom, Workspace } from './ports.ts';

/**
 * Asks Intercom whose token this is.
 * @throws ConfigurationError when it belongs to another workspace than the policy names.
 */
export async function identify(
  intercom: Intercom,
  policy: Pick<NamedPolicy, 'workspaceId'>,
): Promise<Workspace> {
  const workspace = await intercom.identify();
  if (workspace.workspaceId !== policy.workspaceId) {
    throw new ConfigurationError(
      `The access token belongs to the workspace ${workspace.workspaceId} (${workspace.name}), but the policy is written for ${policy.workspaceId}; use that workspace's token, or correct "workspace" in the policy.`,
    );
  }
  return workspace;
}

/**
 * Turns the names in a policy into ids of the workspace.
 * @throws ConfigurationError that lists every name which is unknown or ambiguous.
 */
export async function resolvePolicy(intercom: Intercom, policy: NamedPolicy): Promise<ResolvedPolicy> {
  const resolution = resolveNames(policy, await intercom.directory(directoryNeeds(policy)));
  if (!resolution.ok) {
    throw new ConfigurationError(resolution.problems.map(({ message }) => message).join('\n'));
  }
  return resolution.policy;
}

/**
 * The policy as it judges for one trigger, with every name resolved.
 * @throws ConfigurationError for a name that does not resolve, or a flag that this API version would ignore.
 */
export async function policyForTrigger(
  intercom: Intercom,
  policy: NamedPolicy,
  trigger: RuleTrigger,
): Promise<ResolvedPolicy> {
  const resolved = forTrigger(await resolvePolicy(intercom, policy), trigger);
  const erasing = resolved.rules.find((rule) => !rule.retainMetrics);
  if (erasing !== undefined && !intercom.capabilities.retainMetricsFalse) {
    throw new ConfigurationError(
      `The rule "${erasing.id}" says retain_metrics: false, which this version of Intercom's API would ignore; set INTERCOM_VERSION to 2.16 or later.`,
    );
  }
  return resolved;
}
