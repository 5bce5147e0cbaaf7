import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { envNames } from '#runtime/env-names.ts';
import type { RetentionFunction } from './retention-function.ts';

/** The event bus that is told what was deleted; it belongs to the account, not to this stack. */
export class NoticeBus extends Construct {
  readonly #bus: IEventBus;

  constructor(scope: Construct, id: string, name: string) {
    super(scope, id);
    this.#bus = EventBus.fromEventBusName(this, 'Bus', name);
  }

  grantTell(teller: RetentionFunction): void {
    teller.setVariable(envNames.eventBusName, this.#bus.eventBusName);
    teller.allow(['events:PutEvents'], [this.#bus.eventBusArn]);
  }
}
