import { LeaseLostError } from './errors.ts';
import type { PlanChunk, PlannedDeletion } from './outcome.ts';
import type { PlanDraft } from './plan-draft.ts';
import type { AuditTrail } from './ports.ts';
import type { PlanRecord } from './run-record.ts';

/**
 * Stores the chunks of one plan, one after the other, so that a process that dies leaves at most one chunk that its last
 * checkpoint does not know of; the process that goes on finds and adopts it.
 */
export class PlanStore {
  readonly #audit: AuditTrail;
  readonly #plan: Pick<PlanRecord, 'workspaceId' | 'planId'>;
  #nextChunk: number;
  #storing: Promise<void> = Promise.resolve();

  constructor(audit: AuditTrail, plan: Pick<PlanRecord, 'workspaceId' | 'planId'>, nextChunk: number) {
    this.#audit = audit;
    this.#plan = plan;
    this.#nextChunk = nextChunk;
  }

  /** Stores every chunk that the draft has ready; with `rest` also a last one that is not full. Resolves when all are stored. */
  store(draft: PlanDraft, which: 'full' | 'rest'): Promise<void> {
    for (let ready = draft.take(which); ready !== undefined; ready = draft.take(which)) {
      const chunk: PlanChunk = {
        workspaceId: this.#plan.workspaceId,
        planId: this.#plan.planId,
        chunkNumber: this.#nextChunk,
        deletions: ready,
      };
      this.#nextChunk += 1;
      this.#storing = this.#storing.then(() => this.#put(chunk));
    }
    return this.#storing;
  }

  get chunkCount(): number {
    return this.#nextChunk;
  }

  async #put(chunk: PlanChunk): Promise<void> {
    if ((await this.#audit.putPlanChunk(chunk)) === 'written') return;
    // Either this very put was repeated because its answer was lost, or another process is writing the same plan.
    const stored = await this.#audit.readPlanChunk(chunk.workspaceId, chunk.planId, chunk.chunkNumber);
    if (stored !== undefined && sameIds(stored.deletions, chunk.deletions)) return;
    throw new LeaseLostError(
      `Another process has written chunk ${chunk.chunkNumber} of the plan ${chunk.planId}; run again.`,
    );
  }
}

function sameIds(some: readonly PlannedDeletion[], others: readonly PlannedDeletion[]): boolean {
  return (
    some.length === others.length &&
    some.every((deletion, at) => deletion.conversationId === others[at]?.conversationId)
  );
}
