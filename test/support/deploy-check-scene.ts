import { vi } from 'vitest';
import type { NamedCheck } from '#cli/deploy-check/all-checks.ts';
import { checkDeployment } from '#cli/deploy-check/check-deployment.ts';
import { policyFileAt } from '#cli/policy-file.ts';
import { systemClock } from '#cli/system-clock.ts';
import { outputNames } from '#runtime/output-names.ts';
import type { Simulator } from '#simulator/running-simulator.ts';
import { type Desk, openDesk } from '#support/cli.ts';
import { type DeployedAws, startDeployedAws } from '#support/deployed-aws.ts';
import { deployedStack } from '#support/deployed-aws-state.ts';
import { workspace } from '#support/simulated-workspace.ts';

/** Uses names, drops metrics, and so asks all that a policy can ask of a deployment. */
export const policyText = `version: 1
workspace: simulated
mode: delete
protect: { tags: [legal-hold], teams: [Legal] }
rules:
  - id: old
    description: Closed and silent for two years.
    when: { state: closed, last_activity: { older_than: 2y }, assignee: { not: [Ada Archer] } }
    retain_metrics: false
`;

/** A deployment in which everything is as it should be, and what looks at it. */
export interface DeployCheckScene extends AsyncDisposable {
  readonly aws: DeployedAws;
  readonly simulator: Simulator;
  readonly desk: Desk;
  readonly policyPath: string;
  setOutput(name: keyof typeof outputNames, value: string): void;
  /** The secret's entry for the workspace. */
  setSecret(entry: object): void;
  checks(options?: {
    readonly policyText?: string;
    readonly webhookUrl?: string;
  }): Promise<readonly NamedCheck[]>;
}

export async function openDeployCheckScene(): Promise<DeployCheckScene> {
  const [aws, simulator] = await Promise.all([
    startDeployedAws(),
    workspace({ clock: Date.now, rateLimit: { perMinute: 600_000 }, conversations: [{ updatedDaysAgo: 1 }] }),
  ]);
  const desk = await openDesk({ ...aws.env, NO_COLOR: '1' });
  await desk.write('retention.yaml', policyText);
  const policyPath = `${desk.folder}/retention.yaml`;
  const setOutput = (name: keyof typeof outputNames, value: string): void => {
    aws.outputs.set(outputNames[name], value);
  };
  setOutput('intercomAddress', simulator.url);
  setOutput('policyHash', policyFileAt(policyPath).hash);
  for (const [name, value] of Object.entries(aws.env)) vi.stubEnv(name, value);
  return {
    aws,
    simulator,
    desk,
    policyPath,
    setOutput,
    setSecret(entry) {
      aws.secret = JSON.stringify({ workspaces: { simulated: entry } });
    },
    async checks(options = {}) {
      if (options.policyText !== undefined) await desk.write('retention.yaml', options.policyText);
      return checkDeployment(deployedStack, {
        policyFile: policyFileAt(policyPath),
        webhookUrl: options.webhookUrl,
        clock: systemClock,
        environment: {},
      });
    },
    async [Symbol.asyncDispose]() {
      vi.unstubAllEnvs();
      await Promise.all([aws, simulator, desk].map((each) => each[Symbol.asyncDispose]()));
    },
  };
}

export const named = (found: readonly NamedCheck[], name: string): NamedCheck | undefined =>
  found.find((each) => each.name === name);

/** Of all that is not ok. */
export const statusesOf = (found: readonly NamedCheck[]): Readonly<Record<string, NamedCheck['status']>> =>
  Object.fromEntries(found.filter(({ status }) => status !== 'ok').map(({ name, status }) => [name, status]));
