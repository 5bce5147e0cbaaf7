import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { type IMetric, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Deployment } from './deployment.ts';
import type { RequestQueue } from './request-queue.ts';
import { RetentionFunction } from './retention-function.ts';
import type { WorkspaceSecret } from './workspace-secret.ts';

const fiveMinutes = Duration.minutes(5);

const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    request_id: AccessLogField.contextRequestId(),
    method: AccessLogField.contextHttpMethod(),
    status: AccessLogField.contextStatus(),
    latency_ms: AccessLogField.contextResponseLatency(),
    at: AccessLogField.contextRequestTime(),
  }),
);

/** Where Intercom's requests come in, and what it sees of them: the function's own metrics know of none that never reached it. */
interface Door {
  readonly url: string;
  /** Answers of 500 and above. */
  readonly serverErrors: IMetric;
  /** Milliseconds until the answer, with the start of the function: 99 of 100 requests waited no longer. */
  readonly slowest: IMetric;
}

/** Where Intercom sends its notifications: public, and deaf to what is not signed. */
export class WebhookEndpoint extends Construct {
  readonly receiver: RetentionFunction;
  readonly door: Door;

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
    this.door =
      settings.webhook === 'http-api' ? this.#httpApi(settings.logRetentionDays) : this.#functionUrl();
  }

  #functionUrl(): Door {
    const { lambda } = this.receiver;
    const metric = (metricName: string, statistic: string) =>
      new Metric({
        namespace: 'AWS/Lambda',
        metricName,
        dimensionsMap: { FunctionName: lambda.functionName },
        statistic,
        period: fiveMinutes,
      });
    return {
      url: lambda.addFunctionUrl({ authType: FunctionUrlAuthType.NONE }).url,
      serverErrors: metric('Url5xxCount', Stats.SUM),
      slowest: metric('UrlRequestLatency', Stats.percentile(99)),
    };
  }

  #httpApi(logRetentionDays: RetentionDays): Door {
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
    return {
      url: stage.url,
      serverErrors: stage.metricServerError({ period: fiveMinutes }),
      slowest: stage.metricLatency({ period: fiveMinutes, statistic: Stats.percentile(99) }),
    };
  }
}
