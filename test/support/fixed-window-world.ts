import { delayUntilNext, initialPace, type Pace, pauseUntil, receive, send } from '#intercom/pace.ts';

/** A workspace whose calls Intercom counts in fixed windows, and the calls of one client that is paced. Milliseconds of the client's clock. */
export interface WindowWorld {
  readonly limit: number;
  readonly share: number;
  /** Calls that are waiting for an answer at most. */
  readonly concurrency: number;
  readonly durationMs: number;
  /** One way, there and back: at least this, plus up to `jitterMs`. */
  readonly latencyMs: number;
  readonly jitterMs: number;
  /** How far Intercom's clock is ahead; windows begin at its whole ten seconds. */
  readonly clockSkewMs: number;
  /** When the client begins, within a window. */
  readonly startMs: number;
  /** What other apps take of the limit, evenly over each window. */
  readonly othersShare: number;
  /** How late a timer may be. */
  readonly timerLatenessMs: number;
  /** From 0 to 1. */
  readonly random: () => number;
}

export interface WindowReport {
  /** Calls that Intercom counted, by window, ours and the others'. */
  readonly counted: readonly { readonly own: number; readonly others: number }[];
  readonly rateLimited: number;
  readonly sent: number;
}

const windowMs = 10_000;

interface Arrival {
  readonly kind: 'arrival';
  readonly at: number;
  readonly callNumber: number;
}
interface Answer {
  readonly kind: 'answer';
  readonly at: number;
  readonly callNumber: number;
  readonly admitted: boolean;
  readonly remaining: number;
  readonly reset: number;
  readonly endsInMs: number;
}
interface Wake {
  readonly kind: 'wake';
  readonly at: number;
}

/** Lets the client send as much as its pace allows, and counts what Intercom makes of it. */
export function runInWindows(world: WindowWorld): WindowReport {
  const windows = new Map<number, { own: number; others: number }>();
  const events = new Agenda();
  let pace: Pace = initialPace(world.share);
  let now = world.startMs;
  let rateLimited = 0;
  let wakeAt = Number.POSITIVE_INFINITY;

  const transit = () => world.latencyMs / 2 + (world.random() * world.jitterMs) / 2;

  const sendWhatMayBeSent = (): void => {
    while (pace.inFlight < world.concurrency) {
      const delayMs = delayUntilNext(pace, now);
      if (delayMs === Number.POSITIVE_INFINITY) return;
      if (delayMs > 0) {
        // One timer at a time, which is not set anew when the pace changes: as in the pacer.
        if (wakeAt > now) {
          if (wakeAt !== Number.POSITIVE_INFINITY) return;
        }
        wakeAt = now + delayMs + world.random() * world.timerLatenessMs;
        events.add({ kind: 'wake', at: wakeAt });
        return;
      }
      pace = send(pace, now);
      events.add({ kind: 'arrival', at: now + transit(), callNumber: pace.sent });
    }
  };

  const count = ({ at, callNumber }: Arrival): void => {
    const serverNow = at + world.clockSkewMs;
    const current = Math.floor(serverNow / windowMs);
    const window = windows.get(current) ?? { own: 0, others: 0 };
    windows.set(current, window);
    window.others = Math.floor(
      world.limit * world.othersShare * ((serverNow - current * windowMs) / windowMs),
    );
    const admitted = window.own + window.others < world.limit;
    if (admitted) window.own += 1;
    const reset = ((current + 1) * windowMs) / 1000;
    events.add({
      kind: 'answer',
      at: at + transit(),
      callNumber,
      admitted,
      remaining: Math.max(0, world.limit - window.own - window.others),
      reset,
      endsInMs: reset * 1000 - Math.floor(serverNow / 1000) * 1000,
    });
  };

  sendWhatMayBeSent();
  for (
    let event = events.next();
    event !== undefined && event.at < world.startMs + world.durationMs;
    event = events.next()
  ) {
    now = event.at;
    if (event.kind === 'arrival') count(event);
    else if (event.kind === 'answer') {
      const { remaining, reset, endsInMs } = event;
      pace = receive(
        pace,
        event.callNumber,
        { limit: world.limit, remaining, reset, endsInMs, retryAfterMs: undefined },
        now,
      );
      if (!event.admitted) {
        rateLimited += 1;
        pace = pauseUntil(pace, now + endsInMs);
      }
    } else wakeAt = Number.POSITIVE_INFINITY;
    sendWhatMayBeSent();
  }
  return { counted: [...windows.values()], rateLimited, sent: pace.sent };
}

/** Events in order of time: a binary heap. */
class Agenda {
  readonly #heap: (Arrival | Answer | Wake)[] = [];

  add(event: Arrival | Answer | Wake): void {
    const heap = this.#heap;
    heap.push(event);
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.at <= heap[at]!.at) break;
      [heap[parent], heap[at]] = [heap[at]!, heap[parent]!];
      at = parent;
    }
  }

  next(): Arrival | Answer | Wake | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    heap[0] = last;
    let at = 0;
    while (true) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      let least = at;
      if (left < heap.length && heap[left]!.at < heap[least]!.at) least = left;
      if (right < heap.length && heap[right]!.at < heap[least]!.at) least = right;
      if (least === at) return first;
      [heap[least], heap[at]] = [heap[at]!, heap[least]!];
      at = least;
    }
  }
}
