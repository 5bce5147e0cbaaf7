import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { envNames } from '#runtime/env-names.ts';
import { acknowledge } from './acknowledge.ts';
import { bundledCode, type HandlerName, policyFileName } from './bundle.ts';
import type { Deployment } from './deployment.ts';

export interface RetentionFunctionProps {
  readonly handler: HandlerName;
  readonly description: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly reservedConcurrency?: number;
  /** Who deals with a failed invocation: why the function needs no dead-letter queue of its own. */
  readonly onFailure: string;
  /** `intercom`: talks to the workspace, so it gets the policy and Intercom's address. `workspace`: only its id. */
  readonly needs: 'intercom' | 'workspace' | 'nothing';
}

/** One handler as a function with a role and a log of its own. What it may do beyond logging is granted by what it uses. */
export class RetentionFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly timeoutSeconds: number;
  readonly role: Role;

  constructor(scope: Construct, id: string, deployment: Deployment, props: RetentionFunctionProps) {
    super(scope, id);
    const { settings } = deployment;
    this.timeoutSeconds = props.timeoutSeconds;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: props.description,
    });
    logGroup.grantWrite(this.role);
    this.lambda = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: bundledCode(props.handler, props.needs === 'intercom' ? deployment.policyPath : undefined),
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      role: this.role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      environment: { [envNames.stage]: deployment.stage },
      ...(props.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrency }),
    });
    acknowledge(this.lambda, 'noDeadLetters', props.onFailure);
    acknowledge(this.role, 'wildcard', 'X-Ray takes trace segments for no resource in particular.');
    if (props.needs === 'workspace') this.setVariable(envNames.workspaceId, deployment.policy.workspaceId);
    if (props.needs === 'intercom') this.#addressIntercom(settings);
  }

  #addressIntercom({ intercomRegion, intercomVersion, intercomBaseUrl }: Deployment['settings']): void {
    this.setVariable(envNames.policyFile, policyFileName);
    this.setVariable(envNames.intercomRegion, intercomRegion);
    this.setVariable(envNames.intercomVersion, intercomVersion);
    if (intercomBaseUrl !== undefined) this.setVariable(envNames.intercomBaseUrl, intercomBaseUrl);
  }

  setVariable(name: string, value: string): void {
    this.lambda.addEnvironment(name, value);
  }

  allow(actions: readonly string[], resources: readonly string[]): void {
    this.role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  }
}
