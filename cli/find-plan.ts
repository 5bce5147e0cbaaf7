import { brandId, type PlanId, type WorkspaceId } from '#policy/ids.ts';
import type { RunState } from '#sweep/ports.ts';
import type { PlanRecord } from '#sweep/run-record.ts';
import { usageError } from './cli-error.ts';
import type { CommonFlags } from './command-context.ts';
import { commandToType } from './command-to-type.ts';

/** The stored plan that a person names by its id, or as `latest`. @throws CliError when there is none. */
export async function findPlan(
  state: RunState,
  workspaceId: WorkspaceId,
  { named, flags }: { readonly named: string; readonly flags: CommonFlags },
): Promise<PlanRecord> {
  const plan =
    named === 'latest'
      ? await latestPlan(state, workspaceId)
      : await state.readPlan(workspaceId, brandId<PlanId>(named));
  if (plan !== undefined) return plan;
  throw usageError(
    named === 'latest'
      ? `There is no plan yet; make one with "${commandToType(flags, 'plan')}".`
      : `There is no plan ${named}; "${commandToType(flags, 'plan list')}" shows the plans there are.`,
  );
}

async function latestPlan(state: RunState, workspaceId: WorkspaceId): Promise<PlanRecord | undefined> {
  for await (const plan of state.plans(workspaceId)) return plan;
  return undefined;
}
