import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import { createAuditTrail } from '#audit/audit-trail.ts';
import { createTables } from '#audit/create-tables.ts';
import { createDocumentClient } from '#audit/document-client.ts';
import { createRunState } from '#audit/run-state.ts';
import { openEmbeddedStore } from '#cli/embedded-store.ts';
import { systemClock } from '#cli/system-clock.ts';
import { queueEvent, serve, serveAws, urlEvent } from './queue-stub.ts';
import { approveInAdvance, localStore, policyOf } from './retention-desk.ts';
import type { SimulatedIntercom } from './simulated-intercom.ts';

/** The webhook and the event worker in this process, with a queue between them; everything they talk to is over HTTP. */
export interface DeployedFunctions extends AsyncDisposable {
  /** Of the webhook. */
  readonly url: string;
  readonly queueUrl: string;
  readonly clientSecret: string;
  /** Resolves when the worker is done with the next message: whether it took it. */
  nextWorkedOn(): Promise<boolean>;
  outcomes(): Promise<number>;
}

export async function deployFunctions(
  intercom: SimulatedIntercom,
  rules: readonly object[],
): Promise<DeployedFunctions> {
  const folder = await mkdtemp(join(tmpdir(), 'retention-bench-'));
  const embedded = await openEmbeddedStore(join(folder, '.retention'));
  const client = createDocumentClient({ endpoint: embedded.endpoint, ...localStore.access });
  await createTables(client, { audit: localStore.auditTable, state: localStore.stateTable });
  const policy = policyOf(intercom.workspaceId, { rules });
  await approveInAdvance(createRunState(client, localStore.stateTable), policy);
  const policyFile = join(folder, 'retention.yaml');
  await writeFile(policyFile, policy.canonicalJson); // JSON is YAML

  const clientSecret = randomUUID();
  const entry = { access_token: intercom.token, client_secret: clientSecret };
  const secret = JSON.stringify({ workspaces: { [intercom.workspaceId]: entry } });
  let tellWorkedOn: (isDone: boolean) => void = () => undefined;
  const aws = await serveAws(secret, (body) => {
    void worker(queueEvent(body), context()).then(
      ({ batchItemFailures }) => tellWorkedOn(batchItemFailures.length === 0),
      () => tellWorkedOn(false),
    );
  });
  const queueUrl = `${aws.url}123456789012/requests`;
  const previous = withEnvironment({
    STAGE: 'bench',
    POLICY_FILE: policyFile,
    INTERCOM_SECRET_NAME: 'intercom',
    INTERCOM_BASE_URL: intercom.url,
    REQUEST_QUEUE_URL: queueUrl,
    AUDIT_TABLE: localStore.auditTable,
    STATE_TABLE: localStore.stateTable,
    AWS_REGION: localStore.access.region,
    AWS_ACCESS_KEY_ID: localStore.access.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localStore.access.credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: embedded.endpoint,
    AWS_ENDPOINT_URL_SQS: aws.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.url,
    POWERTOOLS_LOG_LEVEL: 'SILENT', // the benchmark's own output is the page
    POWERTOOLS_METRICS_DISABLED: 'true',
  });
  const { handler: webhook } = await import('#handlers/webhook.ts');
  const { handler: worker } = await import('#handlers/delete-on-event.ts');
  const server = await serve((request, response) => {
    void urlEvent(request)
      .then((event) => webhook(event, context()))
      .then(({ statusCode }) => response.writeHead(statusCode).end())
      .catch(() => response.writeHead(502).end());
  });

  return {
    url: server.url,
    queueUrl,
    clientSecret,
    nextWorkedOn: () =>
      new Promise((resolve) => {
        tellWorkedOn = resolve;
      }),
    async outcomes() {
      const audit = createAuditTrail(client, localStore.auditTable, systemClock);
      const all = await Array.fromAsync(
        audit.queryOutcomes(policy.policy.workspaceId, { outcome: 'deleted' }),
      );
      return all.length;
    },
    async [Symbol.asyncDispose]() {
      withEnvironment(previous);
      await server[Symbol.asyncDispose]();
      await aws[Symbol.asyncDispose]();
      client.destroy();
      await embedded.close();
      await rm(folder, { recursive: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Sets these variables, undefined ones away, and returns what they were. */
function withEnvironment(variables: Variables): Variables {
  const previous = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  return previous;
}

const timeoutMs = 180_000;

const context = (): Context => ({
  awsRequestId: randomUUID(),
  functionName: 'bench',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:local:123456789012:function:bench',
  memoryLimitInMB: '512',
  logGroupName: 'bench',
  logStreamName: 'bench',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => timeoutMs,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
});
