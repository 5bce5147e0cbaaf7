import type { Share } from '#policy/policy.ts';
import type { Clock } from '#sweep/ports.ts';
import { delayUntilNext, initialPace, type Pace, pauseUntil, receive, send } from './pace.ts';
import type { RateHeaders } from './rate-headers.ts';

/** Lets calls go in the order they came, evenly, at the pace that Intercom's limit allows. */
export class Pacer {
  readonly #clock: Clock;
  readonly #waiting: ((callNumber: number) => void)[] = [];
  #pace: Pace;
  #isLettingGo = false;
  #lastNow = Number.NEGATIVE_INFINITY;
  #setBackMs = 0;
  #sleptUntil = Number.NEGATIVE_INFINITY;

  constructor(share: Share, clock: Clock) {
    this.#clock = clock;
    this.#pace = initialPace(Number(share.numerator) / Number(share.denominator));
  }

  /** Resolves when a call may be sent, with its number. It must be handed back to `ended`. */
  turn(): Promise<number> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#wake();
    });
  }

  /** The call with this number is over; `rate` is undefined when no answer came. */
  ended(callNumber: number, rate: RateHeaders | undefined): void {
    this.#pace = receive(this.#pace, callNumber, rate, this.#now());
    this.#wake();
  }

  /** Nobody gets a turn for so long. */
  pause(delayMs: number): void {
    this.#pace = pauseUntil(this.#pace, this.#now() + delayMs);
  }

  /** Calls per window, as Intercom says. */
  get limit(): number | undefined {
    return this.#pace.limit;
  }

  #wake(): void {
    if (!this.#isLettingGo) void this.#letGo();
  }

  async #letGo(): Promise<void> {
    this.#isLettingGo = true;
    while (this.#waiting.length > 0) {
      const delayMs = delayUntilNext(this.#pace, this.#now());
      if (delayMs === Number.POSITIVE_INFINITY) break;
      if (delayMs > 0) await this.#sleep(delayMs);
      else this.#letOneGo();
    }
    this.#isLettingGo = false;
  }

  #letOneGo(): void {
    this.#pace = send(this.#pace, this.#now());
    this.#waiting.shift()?.(this.#pace.sent);
  }

  async #sleep(delayMs: number): Promise<void> {
    const until = this.#now() + delayMs;
    await this.#clock.sleep(delayMs);
    this.#sleptUntil = until;
  }

  /** Goes on where the clock is set back, and where it stands still but for what was slept. */
  #now(): number {
    const now = this.#clock.now();
    if (now < this.#lastNow) this.#setBackMs += this.#lastNow - now;
    this.#lastNow = now;
    return Math.max(now + this.#setBackMs, this.#sleptUntil);
  }
}
