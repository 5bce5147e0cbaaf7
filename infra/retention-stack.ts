import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { outputNames } from '#runtime/output-names.ts';
import { Alarms } from './alarms.ts';
import { AuditEndpoint } from './audit-endpoint.ts';
import { deadLetterQueue } from './dead-letter-queue.ts';
import type { Deployment } from './deployment.ts';
import { EventWorker } from './event-worker.ts';
import { HealthDashboard } from './health-dashboard.ts';
import { Notifications } from './notifications.ts';
import { Reconciliation } from './reconciliation.ts';
import { Sealing } from './sealing.ts';
import { Sweep } from './sweep.ts';
import { WebhookEndpoint } from './webhook-endpoint.ts';
import { WorkspaceStores } from './workspace-stores.ts';

/** All that one workspace needs. */
export class RetentionStack extends Stack {
  constructor(scope: Construct, id: string, deployment: Deployment, props?: StackProps) {
    super(scope, id, props);
    const stores = new WorkspaceStores(this, 'Stores', deployment);
    const deadLetters = deadLetterQueue(this, 'DeadStarts');
    const { topic } = new Notifications(this, 'Notifications', deployment.settings, deadLetters);
    const sweep = new Sweep(this, 'Sweep', deployment, { stores, topic, deadLetters });
    const reconciliation = new Reconciliation(this, 'Reconciliation', deployment, { stores, deadLetters });
    const events = new EventWorker(this, 'Events', deployment, stores);
    const webhook = new WebhookEndpoint(this, 'Webhook', deployment, {
      requests: events.requests,
      secret: stores.secret,
    });
    const audit = new AuditEndpoint(this, 'AuditQuery', deployment, stores.audit);
    const sealing = new Sealing(this, 'Sealing', deployment, { audit: stores.audit, deadLetters });
    const alarms = new Alarms(this, 'Alarms', deployment, {
      topic,
      sweepLoop: sweep.loop,
      reconcileLoop: reconciliation.loop,
      sealLoop: sealing.loop,
      eventWorker: events.worker,
      webhook,
      auditReader: audit.reader,
      deadRequests: events.requests.deadLetters,
      deadStarts: deadLetters,
      auditTable: stores.audit.table,
      stateTable: stores.state.table,
    });
    const { dashboard } = new HealthDashboard(this, 'Health', deployment, {
      alarms: alarms.all,
      sweepLoop: sweep.loop,
      reconcileLoop: reconciliation.loop,
      sealLoop: sealing.loop,
      webhook: webhook.receiver,
      requests: events.requests.queue,
      deadRequests: events.requests.deadLetters,
    });

    this.#output(outputNames.auditTable, stores.audit.table.tableName);
    this.#output(outputNames.auditAdminRole, stores.audit.adminRoleArn);
    this.#output(outputNames.stateTable, stores.state.table.tableName);
    this.#output(outputNames.secretName, stores.secret.secret.secretName);
    this.#output(outputNames.sweepStateMachine, sweep.loop.machine.stateMachineArn);
    this.#output(outputNames.sweepFunction, sweep.worker.lambda.functionName);
    this.#output(outputNames.sweepSchedule, sweep.loop.schedule.scheduleName);
    this.#output(outputNames.reconcileStateMachine, reconciliation.loop.machine.stateMachineArn);
    this.#output(outputNames.reconcileFunction, reconciliation.worker.lambda.functionName);
    this.#output(outputNames.reconcileSchedule, reconciliation.loop.schedule.scheduleName);
    this.#output(outputNames.webhookUrl, webhook.door.url);
    this.#output(outputNames.webhookFunction, webhook.receiver.lambda.functionName);
    this.#output(outputNames.eventWorkerFunction, events.worker.lambda.functionName);
    this.#output(outputNames.requestQueue, events.requests.queue.queueUrl);
    this.#output(outputNames.deadLetterQueue, events.requests.deadLetters.queueUrl);
    this.#output(outputNames.deadStartsQueue, deadLetters.queueUrl);
    this.#output(outputNames.auditUrl, audit.url);
    this.#output(outputNames.auditFunction, audit.reader.lambda.functionName);
    this.#output(outputNames.sealSchedule, sealing.loop.schedule.scheduleName);
    this.#output(outputNames.sealStateMachine, sealing.loop.machine.stateMachineArn);
    this.#output(outputNames.sealFunction, sealing.sealer.lambda.functionName);
    this.#output(outputNames.sealBucket, sealing.bucket.bucket.bucketName);
    this.#output(outputNames.sealKey, sealing.key.key.keyArn);
    this.#output(outputNames.notificationsTopic, topic.topicArn);
    this.#output(outputNames.dashboard, dashboard.dashboardName);
    const { policy, policyHash, settings } = deployment;
    this.#output(outputNames.workspaceId, policy.workspaceId);
    this.#output(outputNames.policyHash, policyHash);
    this.#output(outputNames.intercomAddress, settings.intercomBaseUrl ?? settings.intercomRegion);
    this.#output(outputNames.intercomVersion, settings.intercomVersion);
  }

  #output(name: string, value: string): void {
    new CfnOutput(this, name, { value });
  }
}
