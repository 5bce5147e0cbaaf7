import type { HandmadeConversation } from '#simulator/handmade-conversation.ts';
import type { Simulator } from '#simulator/running-simulator.ts';
import { type SimulatorOptions, startSimulator } from '#simulator/simulator.ts';

/** Where the clock of a simulated workspace stands, unless a test says otherwise. */
export const simulatedNowMs = Date.UTC(2026, 0, 15, 12);

const secondsPerDay = 86_400;

/** A conversation in days before the workspace's now. */
export interface ConversationInDays
  extends Omit<HandmadeConversation, 'createdAt' | 'updatedAt' | 'waitingSince' | 'snoozedUntil'> {
  /** A day before the last change, when absent. */
  readonly createdDaysAgo?: number;
  readonly updatedDaysAgo: number;
  readonly waitingDays?: number;
  readonly snoozedForDays?: number;
}

export interface WorkspaceOptions extends Omit<SimulatorOptions, 'handmade' | 'clock'> {
  readonly conversations?: readonly ConversationInDays[];
  /** Milliseconds since 1970. The clock stands still; `advance` moves it. */
  readonly nowMs?: number;
  /** Instead of a clock that stands still. */
  readonly clock?: () => number;
}

/**
 * Starts a simulator whose clock stands still and whose rate limit is off, unless the options say otherwise. It closes itself at the end of
 * an `await using` block.
 */
export async function workspace(options: WorkspaceOptions = {}): Promise<Simulator & AsyncDisposable> {
  const { conversations = [], nowMs = simulatedNowMs, clock = () => nowMs, ...others } = options;
  const nowSeconds = Math.floor(clock() / 1000);
  const simulator = await startSimulator({
    rateLimit: { perMinute: 0 },
    ...others,
    clock,
    handmade: conversations.map((conversation) => inSeconds(conversation, nowSeconds)),
  });
  return Object.assign(simulator, { [Symbol.asyncDispose]: () => simulator.close() });
}

function inSeconds(conversation: ConversationInDays, now: number): HandmadeConversation {
  const { createdDaysAgo, updatedDaysAgo, waitingDays, snoozedForDays, ...others } = conversation;
  const ago = (days: number) => now - Math.round(days * secondsPerDay);
  return {
    ...others,
    updatedAt: ago(updatedDaysAgo),
    ...(createdDaysAgo === undefined ? {} : { createdAt: ago(createdDaysAgo) }),
    ...(waitingDays === undefined ? {} : { waitingSince: ago(waitingDays) }),
    ...(snoozedForDays === undefined ? {} : { snoozedUntil: ago(-snoozedForDays) }),
  };
}
