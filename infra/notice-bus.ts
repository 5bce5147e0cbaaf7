import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { envNames } from '#runtime/env-names.ts';
import type { RetentionFunction } from './retention-function.ts';

/** The event bus that is told what was deleted; it belongs to the account or to another, not to this stack. */
export class NoticeBus extends Construct {
  readonly #name: string;
  readonly #bus: IEventBus;

  /** @param bus Name or ARN. */
  constructor(scope: Construct, id: string, bus: string) {
    super(scope, id);
    this.#name = bus;
    this.#bus = bus.startsWith('arn:')
      ? EventBus.fromEventBusArn(this, 'Bus', bus)
      : EventBus.fromEventBusName(this, 'Bus', bus);
  }

  grantTell(teller: RetentionFunction): void {
    teller.setVariable(envNames.eventBusName, this.#name);
    teller.allow(['events:PutEvents'], [this.#bus.eventBusArn]);
  }
}
