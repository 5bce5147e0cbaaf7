import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { TableProtection } from '#audit/table-protection.ts';
import type { WorkspaceSecrets } from '#handlers/workspace-secrets.ts';
import type { Intercom } from '#sweep/ports.ts';
import type { DeployedStack } from '../deployed-stack.ts';
import type { PolicyFile } from '../policy-file.ts';

/** What the checks look at a deployment with. Each may throw an `OutsideError` or a `ConfigurationError`. */
export interface DeployCheckDeps {
  readonly stack: DeployedStack;
  readonly aws: {
    readonly cloudFormation: CloudFormationClient;
    readonly secrets: SecretsManagerClient;
    readonly scheduler: SchedulerClient;
    readonly sns: SNSClient;
    readonly sqs: SQSClient;
    readonly kms: KMSClient;
    readonly s3: S3Client;
  };
  /** ARN of the role by which the sealing function signs and writes; asked once. */
  readonly readSealingRole: () => Promise<string>;
  readonly readTableProtection: (tableName: string) => Promise<TableProtection>;
  /** The policy on this machine; undefined when there is none. */
  readonly policyFile: PolicyFile | undefined;
  /** Of the workspace that is deployed for; asked once, however many want it. */
  readonly readSecrets: () => Promise<WorkspaceSecrets>;
  /** Intercom as the functions meet it, with the token of the secret. */
  readonly openIntercom: () => Promise<Intercom>;
  /** The same, once it is known that the token works; for what is not worth asking otherwise. */
  readonly openWorkingIntercom: () => Promise<Intercom>;
  /** Where Intercom sends its notifications. */
  readonly webhookUrl: () => string;
}
