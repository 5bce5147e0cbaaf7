import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { vi } from 'vitest';
import { type AwsServices, startAwsServices } from './lambda-aws-services.ts';
import { lambdaContext } from './lambda-context.ts';
import type { WorkspaceOptions } from './simulated-workspace.ts';
import { type SweepWorld, sweepWorld } from './sweep-world.ts';
import { testClientSecret } from './webhook-events.ts';

type Webhook = typeof import('#handlers/webhook.ts')['handler'];
type Worker = typeof import('#handlers/delete-on-event.ts')['handler'];

/** The worker that deletes on events, with a workspace, a store, a secret and an event bus, all of them over HTTP. */
export interface EventWorkerWorld extends AsyncDisposable {
  readonly world: SweepWorld;
  readonly aws: AwsServices;
  /** The module's exported handler as a new Lambda instance has it, with this policy deployed. */
  coldStart(policy: PolicyDocument, environment?: Readonly<Record<string, string>>): Promise<Worker>;
  /** The same for a policy that somebody has approved. */
  approved(policy: PolicyDocument, environment?: Readonly<Record<string, string>>): Promise<Worker>;
  /** The webhook that fills the queue; its app's client secret is the one of `signedRequest`. */
  webhook(): Promise<Webhook>;
}

type PolicyDocument = Readonly<Record<string, unknown>>;

export async function eventWorkerWorld(options: WorkspaceOptions = {}): Promise<EventWorkerWorld> {
  // With no limit at all there would be no headers to pace by.
  const world = await sweepWorld({ clock: Date.now, rateLimit: { perMinute: 6_000_000 }, ...options });
  const aws = await startAwsServices();
  const entry = { access_token: 'made-up-token', client_secret: testClientSecret };
  aws.secret = JSON.stringify({ workspaces: { [world.workspaceId]: entry } });
  const folder = await mkdtemp(join(tmpdir(), 'retention-event-'));
  const coldStart: EventWorkerWorld['coldStart'] = async (policy, environment = {}) => {
    const policyFile = join(folder, `${randomUUID()}.yaml`);
    await writeFile(policyFile, world.request(policy).policyJson); // JSON is YAML
    const variables = { ...environmentOf(world, aws), POLICY_FILE: policyFile, ...environment };
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    vi.resetModules();
    return (await import('#handlers/delete-on-event.ts')).handler;
  };
  return {
    world,
    aws,
    coldStart,
    async approved(policy, environment) {
      await world.approve(world.request(policy));
      return coldStart(policy, environment);
    },
    async webhook() {
      for (const [name, value] of Object.entries(environmentOf(world, aws))) vi.stubEnv(name, value);
      vi.resetModules();
      return (await import('#handlers/webhook.ts')).handler;
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
  INTERCOM_SECRET_NAME: 'intercom',
  INTERCOM_BASE_URL: world.simulator.url,
  REQUEST_QUEUE_URL: aws.queueUrl,
  EVENT_BUS_NAME: 'default',
  EVENT_PACE: '100%',
  AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.endpoint,
  AWS_ENDPOINT_URL_EVENTBRIDGE: aws.endpoint,
  AWS_ENDPOINT_URL_SQS: aws.endpoint,
});

/** A batch as Lambda hands it over. */
export const sqsEvent = (bodies: readonly string[], changes: Partial<SQSRecord> = {}): SQSEvent => ({
  Records: bodies.map((body, at) => ({
    messageId: `message-${at}`,
    receiptHandle: randomUUID(),
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(Date.now()),
      SenderId: 'AIDAEXAMPLE',
      ApproximateFirstReceiveTimestamp: String(Date.now()),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:requests',
    awsRegion: 'eu-west-1',
    ...changes,
  })),
});

export interface MessageChanges {
  readonly workspaceId?: string;
  readonly topic?: string;
  readonly notificationId?: string;
  readonly conversationId?: string;
  readonly contactId?: string;
  /** Milliseconds since 1970; a second ago unless given. */
  readonly occurredAtMs?: number;
  readonly receivedAtMs?: number;
}

/** A message as the webhook puts it on the queue. */
export function queueMessage(changes: MessageChanges): string {
  const {
    workspaceId = 'simulated',
    topic = changes.contactId === undefined ? 'conversation.admin.closed' : 'contact.deleted',
    notificationId = `notif_${randomUUID()}`,
    receivedAtMs = Date.now(),
    occurredAtMs = receivedAtMs - 1_000,
  } = changes;
  return JSON.stringify({
    version: 1,
    workspace_id: workspaceId,
    topic,
    notification_id: notificationId,
    conversation_id: changes.conversationId,
    contact_id: changes.contactId,
    occurred_at: new Date(occurredAtMs).toISOString(),
    received_at: new Date(receivedAtMs).toISOString(),
  });
}

/** An event as EventBridge puts it on the queue. */
export const requestedMessage = (
  detail: Readonly<Record<string, unknown>>,
  id: string = randomUUID(),
): string =>
  JSON.stringify({
    version: '0',
    id,
    'detail-type': 'conversation.deletion.requested',
    source: 'com.example.crm',
    account: '123456789012',
    time: `${new Date().toISOString().slice(0, 19)}Z`,
    region: 'eu-west-1',
    resources: [],
    detail: { reason: 'Ticket 4711', requested_by: 'crm', ...detail },
  });

/** Hands messages to the worker and says which of them, by their place, go back to the queue. */
export async function deliver(
  worker: Worker,
  bodies: readonly string[],
  remainingMs = 180_000,
): Promise<readonly number[]> {
  const { batchItemFailures } = await worker(sqsEvent(bodies), lambdaContext({ remainingMs }));
  return batchItemFailures.map(({ itemIdentifier }) => Number(itemIdentifier.slice('message-'.length)));
}
