import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createDocumentClient } from '#audit/document-client.ts';
import { readTableProtection } from '#audit/table-protection.ts';
import { readWorkspaceSecrets, type WorkspaceSecrets } from '#handlers/workspace-secrets.ts';
import { parseApiVersion } from '#intercom/api-version.ts';
import { createIntercom } from '#intercom/intercom-client.ts';
import { baseUrlOf, parseRegion, type Region } from '#intercom/region.ts';
import { brandId, type WorkspaceId } from '#policy/ids.ts';
import { ConfigurationError } from '#sweep/errors.ts';
import type { Clock, Intercom } from '#sweep/ports.ts';
import { awsClientSettings } from '../aws-client-settings.ts';
import { askAws } from '../aws-error.ts';
import { type DeployedStack, outputOf } from '../deployed-stack.ts';
import type { Environment } from '../environment.ts';
import type { PolicyFile } from '../policy-file.ts';
import type { DeployCheckDeps } from './deploy-check-deps.ts';
import { readSealingRole } from './sealing-role.ts';

export interface OpenChecks {
  readonly stack: DeployedStack;
  readonly cloudFormation: CloudFormationClient;
  readonly policyFile: PolicyFile | undefined;
  /** In place of the stack's own address, for one that passes notifications on. */
  readonly webhookUrl: string | undefined;
  readonly clock: Clock;
  readonly environment: Environment;
}

/** The real clients, which send nothing yet. */
export function openChecks(open: OpenChecks): DeployCheckDeps {
  const { stack, cloudFormation, policyFile, webhookUrl } = open;
  const secrets = new SecretsManagerClient(awsClientSettings);
  const tables = createDocumentClient();
  const readSecrets = once(() => secretsOfWorkspace(secrets, stack));
  const openIntercom = once(() => intercomWithToken(open, readSecrets));
  return {
    stack,
    policyFile,
    aws: {
      cloudFormation,
      secrets,
      scheduler: new SchedulerClient(awsClientSettings),
      sns: new SNSClient(awsClientSettings),
      sqs: new SQSClient(awsClientSettings),
      kms: new KMSClient(awsClientSettings),
      s3: new S3Client(awsClientSettings),
    },
    readSealingRole: once(() => readSealingRole(cloudFormation, stack)),
    readTableProtection: (tableName) => readTableProtection({ client: tables, tableName }),
    readSecrets,
    openIntercom,
    openWorkingIntercom: once(() => workingIntercom(openIntercom, outputOf(stack, 'workspaceId'))),
    webhookUrl: () => webhookUrl ?? outputOf(stack, 'webhookUrl'),
  };
}

/** Asks at the first call, and gives that answer, or that failure, to every other. */
function once<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let answer: Promise<Value> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

/** @throws ConfigurationError when the secret is not filled in; OutsideError */
async function secretsOfWorkspace(
  client: SecretsManagerClient,
  stack: DeployedStack,
): Promise<WorkspaceSecrets> {
  const SecretId = outputOf(stack, 'secretName');
  const text = await askAws('secretsmanager:GetSecretValue', async () => {
    try {
      return (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? '';
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  });
  if (text === undefined)
    throw new ConfigurationError(
      'There is no such secret, or nothing in it; fill it, or bring it back first (docs/operations.md, "Something of the stack was removed").',
    );
  const all = await readWorkspaceSecrets({ read: () => Promise.resolve(text) }, 'fresh');
  const workspaceId = brandId<WorkspaceId>(outputOf(stack, 'workspaceId'));
  const found = all.get(workspaceId);
  if (found !== undefined) return found;
  throw new ConfigurationError(
    `The secret has no entry for the workspace ${workspaceId}, which was deployed for; add it.`,
  );
}

/** A person waits for the answer. */
const timeouts = { pageMs: 20_000, singleMs: 10_000 } as const;
const patienceMs = 45_000;
const usualPace = { numerator: 4n, denominator: 5n } as const;

async function intercomWithToken(
  { stack, policyFile, clock, environment }: OpenChecks,
  readSecrets: () => Promise<WorkspaceSecrets>,
): Promise<Intercom> {
  const { accessToken } = await readSecrets().catch((cause: unknown) => {
    throw new ConfigurationError('The token is not known; see "secret".', { cause });
  });
  return createIntercom({
    ...addressOf(outputOf(stack, 'intercomAddress')),
    token: () => Promise.resolve(accessToken),
    version: parseApiVersion(outputOf(stack, 'intercomVersion')),
    pace: policyFile?.policy.pace ?? usualPace,
    clock,
    random: Math.random,
    timeouts,
    stop: AbortSignal.timeout(patienceMs),
    proxyEnv: environment,
  });
}

function addressOf(address: string): { readonly baseUrl: string; readonly region?: Region } {
  if (URL.canParse(address)) return { baseUrl: address };
  const region = parseRegion(address);
  return { baseUrl: baseUrlOf(region), region };
}

async function workingIntercom(
  openIntercom: () => Promise<Intercom>,
  workspaceId: string,
): Promise<Intercom> {
  const intercom = await openIntercom();
  const identified = await intercom.identify().catch((cause: unknown) => {
    throw new ConfigurationError('The token does not work; see "token".', { cause });
  });
  if (identified.workspaceId === workspaceId) return intercom;
  throw new ConfigurationError('The token is of another workspace; see "token".');
}
