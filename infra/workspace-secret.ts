import { RemovalPolicy, SecretValue } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { envNames } from '#runtime/env-names.ts';
import { acknowledge } from './acknowledge.ts';
import type { RetentionFunction } from './retention-function.ts';

/** The access token and the client secret, filled in by hand after the first deployment. The stack never knows them. */
export class WorkspaceSecret extends Construct {
  readonly secret: Secret;

  constructor(scope: Construct, id: string, secretName: string) {
    super(scope, id);
    this.secret = new Secret(this, 'Secret', {
      secretName,
      description: 'Intercom access token and client secret; docs/operations.md says how to fill it',
      // A value that no function takes for filled in. CloudFormation sets it once, and leaves what is stored later alone.
      secretStringValue: SecretValue.unsafePlainText('{}'),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledge(
      this.secret,
      'noRotation',
      'Intercom issues the token and has no call to issue another; docs/operations.md says how to change it by hand.',
    );
  }

  grantRead(reader: RetentionFunction): void {
    reader.setVariable(envNames.secretName, this.secret.secretArn);
    reader.allow(['secretsmanager:GetSecretValue'], [this.secret.secretArn]);
  }
}
