import { instantFromMs } from '#policy/instant.ts';
import { sleep } from '#runtime/sleep.ts';
import type { Clock } from '#sweep/ports.ts';

/** The machine's own time. */
export const systemClock: Clock = { now: () => instantFromMs(Date.now()), sleep };
