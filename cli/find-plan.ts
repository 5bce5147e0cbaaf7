import { brandId, type PlanId, type WorkspaceId } from '#policy/ids.ts';
import type { RunState } from '#sweep/ports.ts';
import type { PlanRecord } from '#sweep/run-record.ts';
import { usageError } from './cli-error.ts';

/** The stored plan that a person names by its id, or as `latest`. @throws CliError when there is none. */
export async function findPlan(
  state: RunState,
  workspaceId: WorkspaceId,
  named: string,
): Promise<PlanRecord> {
  const plan =
    named === 'latest'
      ? await latestPlan(state, workspaceId)
      : await state.readPlan(workspaceId, brandId<PlanId>(named));
  if (plan !== undefined) return plan;
  throw usageError(
    named === 'latest'
      ? 'There is no plan yet; make one with "retention plan".'
      : `There is no plan ${named}; "retention plan list" shows the plans there are.`,
  );
}

async function latestPlan(state: RunState, workspaceId: WorkspaceId): Promise<PlanRecord | undefined> {
  for await (const plan of state.plans(workspaceId)) return plan;
  return undefined;
}
