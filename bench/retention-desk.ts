import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '#cli/open-store.ts';
import { systemClock } from '#cli/system-clock.ts';
import { brandId } from '#policy/ids.ts';
import { parsePolicy } from '#policy/parse-policy.ts';
import type { RunState } from '#sweep/ports.ts';
import type { SimulatedIntercom } from './simulated-intercom.ts';
import { command, runNode, type WatchedResult } from './watched-process.ts';

/** A folder with a policy, in which the real command is run on a store of its own. */
export interface RetentionDesk extends AsyncDisposable {
  readonly folder: string;
  /** Approves the policy of this desk, as a person has done in advance. */
  approvePolicy(): Promise<void>;
  retention(...args: readonly string[]): Promise<WatchedResult>;
}

/** How the command sets up the store of its data folder. */
export const localStore = {
  auditTable: 'retention-audit',
  stateTable: 'retention-state',
  access: { region: 'local', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } },
} as const;

type PolicyChanges = Readonly<Record<string, unknown>>;

export async function openDesk(
  { url, token, workspaceId }: Pick<SimulatedIntercom, 'url' | 'token' | 'workspaceId'>,
  changes: PolicyChanges,
): Promise<RetentionDesk> {
  const folder = await mkdtemp(join(tmpdir(), 'retention-bench-'));
  const policy = policyOf(workspaceId, changes);
  await writeFile(join(folder, 'retention.yaml'), policy.canonicalJson); // JSON is YAML
  const env = { INTERCOM_BASE_URL: url, INTERCOM_ACCESS_TOKEN: token };
  return {
    folder,
    async approvePolicy() {
      const settings = { kind: 'local', dataDir: join(folder, '.retention'), ...localStore } as const;
      await using store = await openStore(settings, systemClock);
      await approveInAdvance(store.state, policy);
    },
    retention: (...args) => runNode([...command, ...args], { cwd: folder, env }),
    // The store ends a moment after the last command that used it.
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, maxRetries: 10, retryDelay: 100 }),
  };
}

/** What the benchmarks leave out of a policy: all as generous as can be. */
const generous = {
  version: 1,
  mode: 'delete',
  approval: 'standing',
  pace: '100%',
  limits: { per_run: 10_000_000, per_day: 10_000_000, share_of_workspace: '100%', failures: '100%' },
};

export type ParsedPolicy = Extract<ReturnType<typeof parsePolicy>, { readonly ok: true }>;

export function policyOf(workspaceId: string, changes: PolicyChanges): ParsedPolicy {
  const parsed = parsePolicy(JSON.stringify({ ...generous, workspace: workspaceId, ...changes }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed;
}

export const approveInAdvance = (state: RunState, { policy, hash }: ParsedPolicy): Promise<void> =>
  state.writeApproval({
    workspaceId: policy.workspaceId,
    planId: brandId('approved-in-advance'),
    policyHash: hash,
    covers: 'policy',
    approvedBy: 'bench',
    approvedAt: systemClock.now(),
  });
