import type { Applying } from './applying.ts';
import type { OpenChunk } from './open-chunk.ts';
import type { OutcomeKind } from './outcome.ts';
import { addCounts, addOutcome, noOutcomes } from './run-counts.ts';
import type { RunRecord } from './run-record.ts';
import { type Deleted, tellDeleted } from './tell-deleted.ts';

interface ChunkTally extends Pick<RunRecord, 'counts' | 'countsByRule'> {
  readonly chunkNumber: number;
  readonly left: number;
  readonly deleted: readonly Deleted[];
}

/**
 * Counts a run's outcomes and writes the place reached. Several chunks can be open at once; the place that is written is the
 * first chunk that still lacks an outcome, with the counts of the chunks before it. What an interrupted process counted
 * beyond that place is counted again from the audit by the next one.
 *
 * What a completed chunk deleted is told before the place is written, so that a crash in between tells it twice and not never.
 */
export class RunCheckpoint {
  readonly #applying: Applying;
  /** With everything counted so far, in open chunks too. */
  #run: RunRecord;
  /** With the completed chunks only: what another process may go on from. */
  #completed: RunRecord;
  #open: readonly ChunkTally[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(applying: Applying, begun: RunRecord) {
    this.#applying = applying;
    this.#run = begun;
    this.#completed = begun;
  }

  get run(): RunRecord {
    return this.#run;
  }

  /** Takes in a chunk; chunks come in their order. */
  open({ chunkNumber, deletions, settled }: OpenChunk): void {
    let tally: ChunkTally = {
      chunkNumber,
      left: deletions.length,
      deleted: [],
      counts: noOutcomes,
      countsByRule: {},
    };
    for (const outcome of settled) {
      tally = withOutcome(tally, outcome, outcome.outcome);
      this.#run = addOutcome(this.#run, outcome.ruleId, outcome.outcome);
    }
    this.#open = [...this.#open, tally];
  }

  /** Counts one outcome, and writes the place reached when it moves. */
  settled(chunkNumber: number, deletion: Deleted, outcome: OutcomeKind): Promise<void> {
    this.#run = addOutcome(this.#run, deletion.ruleId, outcome);
    this.#open = this.#open.map((tally) =>
      tally.chunkNumber === chunkNumber
        ? { ...withOutcome(tally, deletion, outcome), left: tally.left - 1 }
        : tally,
    );
    return this.#open[0]?.left === 0 ? this.write() : Promise.resolve();
  }

  /** Writes the place reached, and the calls made so far. */
  write(): Promise<void> {
    const deletedByChunk: (readonly Deleted[])[] = [];
    while (this.#open[0]?.left === 0) {
      const [complete, ...others] = this.#open;
      this.#open = others;
      this.#completed = { ...addCounts(this.#completed, complete), nextChunk: complete.chunkNumber + 1 };
      deletedByChunk.push(complete.deleted);
    }
    this.#run = { ...this.#run, nextChunk: this.#completed.nextChunk };
    const snapshot = this.#completed;
    this.#writing = this.#writing.then(async () => {
      for (const deleted of deletedByChunk) await tellDeleted(this.#applying.deps, snapshot, deleted);
      await this.#applying.save(snapshot);
    });
    return this.#writing;
  }
}

function withOutcome(tally: ChunkTally, deletion: Deleted, outcome: OutcomeKind): ChunkTally {
  const counted = addOutcome(tally, deletion.ruleId, outcome);
  return outcome === 'deleted' ? { ...counted, deleted: [...tally.deleted, deletion] } : counted;
}
