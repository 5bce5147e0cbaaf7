import type { WorkspaceId } from '#policy/ids.ts';
import type { SealSource } from '#seal/seal-store.ts';
import type { WholeTable } from '#seal/standing-item.ts';
import type { CommandContext } from './command-context.ts';
import { withStore } from './store-work.ts';

/** What is to be verified. */
export interface VerifySource {
  readonly source: SealSource;
  readonly wholeTable: WholeTable;
  readonly workspaceId: WorkspaceId;
  /** Whether new days are added and sealed here, so that one may be due. */
  readonly isLive: boolean;
}

/** Opens what is to be verified: the audit of the workspace that the policy names. */
export const withVerifySource = <Result>(
  context: CommandContext,
  work: (opened: VerifySource) => Promise<Result>,
): Promise<Result> =>
  withStore(context, ({ seals, wholeTable, policyFile }) =>
    work({ source: seals, wholeTable, workspaceId: policyFile.policy.workspaceId, isLive: true }),
  );
