import type { CallStats } from './call-stats.ts';
import type { Happening } from './churn.ts';
import type { DeletedBy } from './conversation-store.ts';
import type { Settings, SettingsInput } from './settings.ts';
import type { Staff } from './staff.ts';

export interface Simulator {
  /** `http://127.0.0.1:…`, to be used as the base URL of the API. */
  readonly url: string;
  readonly port: number;
  readonly workspaceId: string;
  readonly region: string;
  readonly staff: Staff;
  /** Ends every connection. */
  close(): Promise<void>;
  /** The truth: all conversations that ever were, deleted ones included. */
  conversations(): Iterable<SimulatedConversation>;
  /** The deletions in the order in which they took place. */
  deletions(): readonly SimulatedDeletion[];
  /** How many conversations are not deleted. */
  size(): number;
  stats(): CallStats;
  resetStats(): void;
  settings(): Settings;
  /**
   * Each setting that is given replaces the whole setting. Setting faults starts their counts anew.
   * @throws z.ZodError for a setting that is none, and for a value that it cannot have.
   */
  set(changes: SettingsInput | Readonly<Record<string, unknown>>): void;
  /** What a customer or a teammate does to a conversation. False when it is not there. */
  happen(conversationId: string, happening: Happening): boolean;
  /** Milliseconds since 1970 on the simulator's clock. */
  now(): number;
  advance(ms: number): void;
}

export interface SimulatedConversation {
  readonly id: string;
  /** The raw object of 2.16, without parts. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly deleted: SimulatedDeletion | null;
}

export interface SimulatedDeletion {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly metricsRetained: boolean;
  readonly by: DeletedBy;
}
