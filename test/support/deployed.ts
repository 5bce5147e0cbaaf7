import type { HandlerName } from '#infra/bundle.ts';
import { bundle } from './bundle.ts';
import { startTestStore, type TestStore } from './dynamodb.ts';
import { type StoreAccess, startGuardedStore } from './guarded-store.ts';
import { startAwsServices } from './lambda-aws-services.ts';
import { type LambdaFunction, startFunction } from './runtime-api.ts';
import { type SealAwsServices, startSealAwsServices } from './seal-aws-services.ts';
import { type Json, roleOf, statementsOf, type Template } from './template.ts';

export interface Deployed extends AsyncDisposable {
  readonly store: TestStore;
  /** Asked at each call of a function to the store: whether it finds none. The test itself always does. */
  isStoreDown: () => boolean;
  /** Bodies of the messages on the request queue. */
  readonly messages: readonly string[];
  /** What is signed with, and where seals are kept. */
  readonly sealing: SealAwsServices;
  /**
   * A function's bundle in an instance of its own, with the environment that the template gives it, and with the tables as far as
   * the template allows them to its role.
   */
  start(functionIdStart: string, handler: HandlerName): Promise<LambdaFunction>;
}

export interface DeployedOptions {
  readonly template: Template;
  readonly policyText: string;
  readonly workspaceId: string;
  readonly clientSecret?: string;
}

/** The stack's functions on this machine: real bundles and a real DynamoDB engine; of the rest, what they call. */
export async function deploy(options: DeployedOptions): Promise<Deployed> {
  const store = await startTestStore();
  const aws = await startAwsServices();
  const sealing = await startSealAwsServices();
  const { workspaceId, clientSecret = 'a-client-secret' } = options;
  aws.secret = JSON.stringify({
    workspaces: { [workspaceId]: { access_token: 'test-token', client_secret: clientSecret } },
  });
  const started = new AsyncDisposableStack();

  /** What CloudFormation would put in the place of a reference. */
  const resolved = (value: Json): string => {
    if (typeof value === 'string') return value;
    const id: string = value.Ref ?? value['Fn::GetAtt'][0];
    if (id.startsWith('StoresAudit')) return store.tables.audit;
    if (id.startsWith('StoresState')) return store.tables.state;
    if (id.startsWith('StoresIntercom')) return 'intercom';
    if (id.startsWith('EventsQueueRequests')) return aws.queueUrl;
    if (id.startsWith('SealingSigningKey')) return 'arn:aws:kms:eu-west-1:123456789012:key/1';
    if (id.startsWith('SealingKeptBucket')) return 'seals';
    throw new Error(`Nothing is known of ${JSON.stringify(value)}.`);
  };

  const tableIds = new Map([
    [store.tables.audit, options.template.one('AWS::DynamoDB::Table', 'StoresAudit').id],
    [store.tables.state, options.template.one('AWS::DynamoDB::Table', 'StoresState').id],
  ]);
  /** Whether a statement of the role allows it, as the template writes tables and indexes. */
  const isAllowedTo =
    (roleId: string) =>
    ({ action, table, index }: StoreAccess): boolean => {
      const arn = { 'Fn::GetAtt': [tableIds.get(table), 'Arn'] };
      const resource = JSON.stringify(
        index === undefined ? arn : { 'Fn::Join': ['', [arn, `/index/${index}`]] },
      );
      return statementsOf(options.template, roleId).some(
        ({ effect, actions, resources }) =>
          effect === 'Allow' && actions.includes(action) && resources.includes(resource),
      );
    };

  const deployed: Deployed = {
    store,
    isStoreDown: () => false,
    messages: aws.messages,
    sealing,
    async start(functionIdStart, handler) {
      const lambda = options.template.one('AWS::Lambda::Function', functionIdStart);
      const { properties } = lambda;
      const isAllowed = isAllowedTo(roleOf(lambda));
      const isDown = () => deployed.isStoreDown();
      const guarded = started.use(await startGuardedStore(store.endpoint, isAllowed, isDown));
      const variables = Object.entries<Json>(properties.Environment.Variables);
      const { folder } = started.use(bundle(handler, options.policyText));
      return started.use(
        await startFunction(folder, {
          ...Object.fromEntries(variables.map(([name, value]) => [name, resolved(value)])),
          AWS_ENDPOINT_URL_DYNAMODB: guarded.endpoint,
          AWS_ENDPOINT_URL_SECRETS_MANAGER: aws.endpoint,
          AWS_ENDPOINT_URL_SQS: aws.endpoint,
          AWS_ENDPOINT_URL_KMS: sealing.endpoint,
          AWS_ENDPOINT_URL_S3: sealing.endpoint,
        }),
      );
    },
    async [Symbol.asyncDispose]() {
      await started.disposeAsync();
      await aws[Symbol.asyncDispose]();
      await sealing[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
  return deployed;
}
