import { Construct } from 'constructs';
import { envNames } from '#runtime/env-names.ts';
import type { Deployment } from './deployment.ts';
import { RequestQueue } from './request-queue.ts';
import { RetentionFunction } from './retention-function.ts';
import type { WorkspaceStores } from './workspace-stores.ts';

/** The event by which other systems of the account ask for a deletion. */
const deletionRequested = 'conversation.deletion.requested';

const timeoutSeconds = 180;

/** Looks at the conversations that something happened to, and deletes those that a rule for it wants gone. */
export class EventWorker extends Construct {
  readonly worker: RetentionFunction;
  readonly requests: RequestQueue;

  constructor(scope: Construct, id: string, deployment: Deployment, stores: WorkspaceStores) {
    super(scope, id);
    this.worker = new RetentionFunction(this, 'Worker', deployment, {
      handler: 'delete-on-event',
      description: 'Judges conversations that a webhook or an event named, and deletes by policy',
      memoryMb: 512,
      timeoutSeconds,
      onFailure: 'The request goes back to the queue, and to its dead-letter queue in the end.',
      needs: 'intercom',
    });
    this.requests = new RequestQueue(this, 'Queue', timeoutSeconds);
    this.requests.deliverTo(this.worker);
    this.requests.takeEvents(deletionRequested, deployment.settings.deletionEventSources);
    const { eventPace } = deployment.settings;
    if (eventPace !== undefined) this.worker.setVariable(envNames.eventPace, eventPace);
    stores.grantDeleting(this.worker);
  }
}
