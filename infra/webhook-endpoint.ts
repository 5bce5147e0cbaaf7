import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Deployment } from './deployment.ts';
import type { RequestQueue } from './request-queue.ts';
import { RetentionFunction } from './retention-function.ts';
import type { WorkspaceSecret } from './workspace-secret.ts';

const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    request_id: AccessLogField.contextRequestId(),
    method: AccessLogField.contextHttpMethod(),
    status: AccessLogField.contextStatus(),
    latency_ms: AccessLogField.contextResponseLatency(),
    at: AccessLogField.contextRequestTime(),
  }),
);

/** Where Intercom sends its notifications: public, and deaf to what is not signed. */
export class WebhookEndpoint extends Construct {
  readonly receiver: RetentionFunction;
  readonly url: string;

  constructor(
    scope: Construct,
    id: string,
    deployment: Deployment,
    { requests, secret }: { readonly requests: RequestQueue; readonly secret: WorkspaceSecret },
  ) {
    super(scope, id);
    const { settings } = deployment;
    this.receiver = new RetentionFunction(this, 'Receiver', deployment, {
      handler: 'webhook',
      description: 'Verifies notifications of Intercom and puts them on the request queue',
      memoryMb: 512, // more processor, for a cold start that is over before Intercom gives up
      timeoutSeconds: 5, // Intercom waits no longer
      reservedConcurrency: settings.webhookConcurrency,
      onFailure: 'Intercom sees a 5xx and sends the notification once more; an alarm tells of it.',
      needs: 'nothing',
    });
    secret.grantRead(this.receiver);
    requests.grantSend(this.receiver);
    this.url =
      settings.webhook === 'http-api'
        ? this.#httpApi(settings.logRetentionDays)
        : this.receiver.lambda.addFunctionUrl({ authType: FunctionUrlAuthType.NONE }).url;
  }

  #httpApi(logRetentionDays: RetentionDays): string {
    const api = new HttpApi(this, 'Api', { createDefaultStage: false });
    api.addRoutes({
      path: '/',
      methods: [HttpMethod.POST, HttpMethod.HEAD],
      integration: new HttpLambdaIntegration('ToReceiver', this.receiver.lambda),
    });
    acknowledge(api, 'noAuthorizer', 'The function verifies the signature of each notification.');
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: 50, burstLimit: 100 },
      accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: accessLogFormat },
    });
    return stage.url;
  }
}
