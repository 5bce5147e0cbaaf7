import { setTimeout } from 'node:timers/promises';
import { instantFromMs } from '#policy/instant.ts';
import type { Clock } from '#sweep/ports.ts';

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => instantFromMs(Date.now()),
  async sleep(delayMs, signal) {
    await setTimeout(delayMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  },
};
