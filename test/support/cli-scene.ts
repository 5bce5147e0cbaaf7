import type { Simulator } from '#simulator/running-simulator.ts';
import { type CliResult, type Desk, openDesk } from '#support/cli.ts';
import { type ConversationInDays, type WorkspaceOptions, workspace } from '#support/simulated-workspace.ts';

/** A simulated workspace, and a desk from which the command line works on it. */
export interface CliScene extends AsyncDisposable {
  readonly simulator: Simulator;
  readonly desk: Desk;
  retention(...args: readonly string[]): Promise<CliResult>;
  /** Runs a command with `--json` and gives its document. */
  json(...args: readonly string[]): Promise<{ readonly code: number | null; readonly document: unknown }>;
}

export interface SceneOptions extends WorkspaceOptions {
  /** Undefined for none. */
  readonly policy: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

/** Deletes closed conversations that have been silent for two years, without further questions but for an approval. */
export const twoYearsPolicy = `version: 1
workspace: simulated
mode: delete
limits: { share_of_workspace: 100%, failures: 100% }
rules:
  - id: old
    description: Closed and silent for two years.
    when: { state: closed, last_activity: { older_than: 2y } }
    retain_metrics: true
`;

/** So many conversations that the policy above deletes, with the ids 1, 2, 3 … */
export const oldConversations = (count: number): readonly ConversationInDays[] =>
  Array.from({ length: count }, () => ({ updatedDaysAgo: 1000 }));

export async function openScene({ policy, env = {}, ...options }: SceneOptions): Promise<CliScene> {
  const simulator = await workspace({
    clock: Date.now,
    // Without these headers the client must be careful, and tests slow.
    rateLimit: { perMinute: 600_000 },
    ...options,
  });
  const desk = await openDesk({
    INTERCOM_BASE_URL: simulator.url,
    INTERCOM_ACCESS_TOKEN: 'made-up-token',
    NO_COLOR: '1',
    ...env,
  });
  if (policy !== undefined) await desk.write('retention.yaml', policy);
  return {
    simulator,
    desk,
    retention: desk.retention,
    async json(...args) {
      const { code, stdout } = await desk.retention(...args, '--json');
      return { code, document: JSON.parse(stdout) };
    },
    async [Symbol.asyncDispose]() {
      await simulator.close();
      await desk[Symbol.asyncDispose]();
    },
  };
}
