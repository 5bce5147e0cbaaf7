import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { AuditTable } from './audit-table.ts';
import type { Deployment } from './deployment.ts';
import { RetentionFunction } from './retention-function.ts';

/** Answers questions to the audit trail, to those whom IAM lets call its URL. */
export class AuditEndpoint extends Construct {
  readonly reader: RetentionFunction;
  readonly url: string;

  constructor(scope: Construct, id: string, deployment: Deployment, audit: AuditTable) {
    super(scope, id);
    this.reader = new RetentionFunction(this, 'Reader', deployment, {
      handler: 'audit-query',
      description: 'Answers queries of the audit trail',
      memoryMb: 512,
      timeoutSeconds: 30,
      onFailure: 'Whoever asks sees the failure and asks again; nothing is lost.',
      needs: 'workspace',
    });
    audit.grantQuery(this.reader);
    this.url = this.reader.lambda.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM }).url;
  }
}
