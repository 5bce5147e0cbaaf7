import type { RequestQueue } from '#handlers/request-queue.ts';
import { toMessage } from '#sweep/deletion-request.ts';

export interface LocalMessage {
  readonly body: string;
  /** How often it has been taken off the queue, this time included. */
  readonly receiveCount: number;
}

/** Stands for the queue of a deployment while one process listens: in memory, one message after the other. */
export interface LocalRequestQueue extends RequestQueue {
  /** Resolves when no message is waiting or at work. */
  idle(): Promise<void>;
}

const mostReceives = 5;

/**
 * @param work says whether the message is done with; one that is not comes again.
 * @param giveUp is told of a message that was not done with after five receives, as a dead-letter queue would be.
 */
export function localRequestQueue(
  work: (message: LocalMessage) => Promise<boolean>,
  giveUp: (message: LocalMessage) => void,
): LocalRequestQueue {
  let last: Promise<void> = Promise.resolve();

  async function deliver(body: string): Promise<void> {
    for (let receiveCount = 1; receiveCount <= mostReceives; receiveCount += 1) {
      if (await work({ body, receiveCount })) return;
    }
    giveUp({ body, receiveCount: mostReceives });
  }

  return {
    put(request) {
      const body = toMessage(request);
      last = last.then(() => deliver(body));
      return Promise.resolve();
    },
    idle: () => last,
  };
}
