import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { instantFromMs } from '#policy/instant.ts';
import { text, url } from '#runtime/config.ts';
import { envNames } from '#runtime/env-names.ts';
import { readEnvironment } from '#runtime/environment.ts';
import { secretNamed } from '#runtime/secret.ts';
import type { WebhookDeps } from './accept-webhook.ts';
import { sqsRequestQueue } from './request-queue.ts';
import { requireConfig } from './require-config.ts';

/** Both calls of a cold start, each tried twice, end within the five seconds that Intercom waits. */
const awsClientSettings = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1000, throwOnRequestTimeout: true },
};

/** The webhook's real dependencies. Sends nothing yet. @throws ConfigurationError */
export function composeWebhook(): WebhookDeps {
  const config = requireConfig(readEnvironment(), {
    secretName: text(envNames.secretName),
    requestQueueUrl: url(envNames.requestQueueUrl),
  });
  const provider = new SecretsProvider({ awsSdkV3Client: new SecretsManagerClient(awsClientSettings) });
  return {
    secret: secretNamed({ provider, now: () => Date.now() }, config.secretName),
    queue: sqsRequestQueue(new SQSClient(awsClientSettings), config.requestQueueUrl),
    now: () => instantFromMs(Date.now()),
  };
}
