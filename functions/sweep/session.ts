import type { ResolvedPolicy } from '#policy/policy.ts';
import { type HeldLease, holdLease } from './held-lease.ts';
import { identify, policyForTrigger } from './identify.ts';
import type { ApiUsage, Workspace } from './ports.ts';
import type { RunRecord } from './run-record.ts';
import type { SweepDeps, SweepRequest } from './sweep-deps.ts';

/** One process at work on one workspace: who it is for, what it judges by, and that nobody else is at it. */
export interface Session {
  readonly deps: SweepDeps;
  readonly request: SweepRequest;
  readonly workspace: Workspace;
  /** Names resolved; only the rules of this trigger. */
  readonly policy: ResolvedPolicy;
  readonly lease: HeldLease;
  /** What the Intercom client had sent when the session began. */
  readonly usageBefore: ApiUsage;
  /** Whether to stop after the calls in flight: somebody asked for it, or the deadline has come. */
  mustStop(): boolean;
}

/** Identifies the workspace, resolves the policy, and does `work` under the workspace's lease. */
export async function withSession<Result>(
  deps: SweepDeps,
  request: SweepRequest,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const usageBefore = deps.intercom.usage();
  const workspace = await identify(deps.intercom, request.policy);
  deps.observe({ kind: 'identified', workspace });
  const policy = await policyForTrigger(deps.intercom, request.policy, 'schedule');
  const lease = await holdLease(deps, workspace.workspaceId);
  try {
    return await work({
      deps,
      request,
      workspace,
      policy,
      lease,
      usageBefore,
      mustStop: () =>
        request.stop.aborted || (request.stopAt !== undefined && deps.clock.now() >= request.stopAt),
    });
  } finally {
    await lease.release();
  }
}

/** The run with the calls of this session added to those of the sessions before: for writing and reporting, not for going on. */
export function withUsage({ deps, usageBefore }: Session, run: RunRecord): RunRecord {
  const usage = deps.intercom.usage();
  return {
    ...run,
    apiCalls: run.apiCalls + usage.calls - usageBefore.calls,
    rateLimited: run.rateLimited + usage.rateLimited - usageBefore.rateLimited,
  };
}
