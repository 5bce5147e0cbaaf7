import { type Check, notChecked, ok } from './check.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';

/** Intercom tells nobody what a token may do, and a deletion cannot be tried without deleting. */
export async function checkDeletePermission({ policyFile }: DeployCheckDeps): Promise<Check> {
  if (policyFile?.policy.mode === 'observe')
    return ok(`${policyFile.path} says mode: observe, which deletes nothing and needs no permission to.`);
  const dropsMetrics = policyFile?.policy.rules.some(({ retainMetrics }) => !retainMetrics) ?? true;
  const scopes = dropsMetrics
    ? '"Write conversations" and, for retain_metrics: false, "Delete conversations and metrics"'
    : '"Write conversations"';
  return notChecked(
    `Deleting cannot be tried without harm; look in the Developer Hub that the app has ${scopes}.`,
  );
}
