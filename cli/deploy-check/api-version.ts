import { outputOf } from '../deployed-stack.ts';
import { type Check, missing, ok } from './check.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';
import { refusedIsMissing } from './refused-is-missing.ts';

/** Whether the deployed API version can do what the policy and the reconciliation ask; asks for one deleted conversation. */
export async function checkApiVersion({
  stack,
  policyFile,
  openWorkingIntercom,
}: DeployCheckDeps): Promise<Check> {
  const version = outputOf(stack, 'intercomVersion');
  const intercom = await openWorkingIntercom();
  const { retainMetricsFalse, deletedList } = intercom.capabilities;
  const erasing = policyFile?.policy.rules.find(({ retainMetrics }) => !retainMetrics);
  if (erasing !== undefined && !retainMetricsFalse)
    return missing(
      `${version} would ignore the retain_metrics: false of the rule "${erasing.id}"; set intercomVersion to 2.16 or later, and deploy.`,
    );
  if (!deletedList)
    return missing(
      `${version} has no list of deleted conversations, so every reconciliation fails; set intercomVersion to 2.16 or later, and deploy.`,
    );
  return refusedIsMissing(async () => {
    await intercom.deletedPage({ page: 1, perPage: 1, order: 'desc' });
    return ok(`Intercom answers in ${version}, which can do all that is asked of it.`);
  });
}
