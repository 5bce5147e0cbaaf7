import { vi } from 'vitest';
import { type AwsServices, startAwsServices } from './lambda-aws-services.ts';
import { secretText } from './webhook-events.ts';

type Webhook = typeof import('#handlers/webhook.ts');

export interface DeployedWebhook extends AsyncDisposable {
  readonly aws: AwsServices;
  /** The module's exported handler as a new Lambda instance has it: nothing composed, nothing cached. */
  coldStart(environment?: Readonly<Record<string, string>>): Promise<Webhook['handler']>;
}

/** The webhook with its environment, its queue and its secret, which can sign for the workspace of the tests. */
export async function deployWebhook(): Promise<DeployedWebhook> {
  const aws = await startAwsServices();
  aws.secret = secretText();
  return {
    aws,
    async coldStart(environment = {}) {
      const variables = { ...environmentOf(aws), ...environment };
      for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
      vi.resetModules();
      const { handler } = await import('#handlers/webhook.ts');
      return handler;
    },
    async [Symbol.asyncDispose]() {
      vi.unstubAllEnvs();
      await aws[Symbol.asyncDispose]();
    },
  };
}

const environmentOf = (aws: AwsServices): Readonly<Record<string, string>> => ({
  STAGE: 'test',
  INTERCOM_SECRET_NAME: 'intercom',
  REQUEST_QUEUE_URL: aws.queueUrl,
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_ENDPOINT_URL_SQS: aws.endpoint,
  AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.endpoint,
  POWERTOOLS_LOGGER_LOG_EVENT: 'true', // the switch that makes Powertools log every event must have no effect here
});
