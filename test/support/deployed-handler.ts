import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { type AwsServices, startAwsServices } from './lambda-aws-services.ts';
import type { WorkspaceOptions } from './simulated-workspace.ts';
import { type SweepWorld, sweepWorld } from './sweep-world.ts';

/** A workspace, a store and a secret over HTTP, and a handler's environment that leads to them. */
export interface HandlerWorld extends AsyncDisposable {
  readonly world: SweepWorld;
  readonly aws: AwsServices;
  /**
   * Sets the environment, with this policy deployed, and forgets every module, so that an `import` of a handler's gives
   * what a new Lambda instance has: nothing composed, nothing cached.
   */
  deploy(policy: PolicyDocument, environment?: Readonly<Record<string, string>>): Promise<void>;
}

type PolicyDocument = Readonly<Record<string, unknown>>;

export async function handlerWorld(options: WorkspaceOptions = {}): Promise<HandlerWorld> {
  // With no limit at all there would be no headers to pace by.
  const world = await sweepWorld({ clock: Date.now, rateLimit: { perMinute: 6_000_000 }, ...options });
  const aws = await startAwsServices();
  aws.secret = JSON.stringify({ workspaces: { [world.workspaceId]: { access_token: 'made-up-token' } } });
  const folder = await mkdtemp(join(tmpdir(), 'retention-handler-'));
  const policyFile = join(folder, 'policy.yaml');
  return {
    world,
    aws,
    async deploy(policy, environment = {}) {
      await writeFile(policyFile, world.request(policy).policyJson); // JSON is YAML
      const variables = { ...environmentOf(world, aws), POLICY_FILE: policyFile, ...environment };
      vi.unstubAllEnvs();
      for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
      vi.resetModules();
    },
    async [Symbol.asyncDispose]() {
      vi.unstubAllEnvs();
      await aws[Symbol.asyncDispose]();
      await world[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

const environmentOf = (world: SweepWorld, aws: AwsServices): Readonly<Record<string, string>> => ({
  ...world.store.env,
  STAGE: 'test',
  WORKSPACE_ID: world.workspaceId,
  INTERCOM_SECRET_NAME: 'intercom',
  INTERCOM_BASE_URL: world.simulator.url,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.endpoint,
});
