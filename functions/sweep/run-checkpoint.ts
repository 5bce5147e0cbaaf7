import type { RuleId } from '#policy/ids.ts';
import type { OpenChunk } from './open-chunk.ts';
import type { OutcomeKind } from './outcome.ts';
import { addCounts, addOutcome, noOutcomes } from './run-counts.ts';
import type { RunRecord } from './run-record.ts';
import { type Session, withUsage } from './session.ts';

interface ChunkTally extends Pick<RunRecord, 'counts' | 'countsByRule'> {
  readonly chunkNumber: number;
  readonly left: number;
}

/**
 * Counts a run's outcomes and writes the place reached. Several chunks can be open at once; the place that is written is the
 * first chunk that still lacks an outcome, with the counts of the chunks before it. What an interrupted process counted
 * beyond that place is counted again from the audit by the next one.
 */
export class RunCheckpoint {
  readonly #session: Session;
  /** With everything counted so far, in open chunks too. */
  #run: RunRecord;
  /** With the completed chunks only: what another process may go on from. */
  #completed: RunRecord;
  #open: readonly ChunkTally[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(session: Session, begun: RunRecord) {
    this.#session = session;
    this.#run = begun;
    this.#completed = begun;
  }

  get run(): RunRecord {
    return this.#run;
  }

  /** Takes in a chunk; chunks come in their order. */
  open({ chunkNumber, deletions, settled }: OpenChunk): void {
    let tally: ChunkTally = { chunkNumber, left: deletions.length, counts: noOutcomes, countsByRule: {} };
    for (const { ruleId, outcome } of settled) {
      tally = addOutcome(tally, ruleId, outcome);
      this.#run = addOutcome(this.#run, ruleId, outcome);
    }
    this.#open = [...this.#open, tally];
  }

  /** Counts one outcome, and writes the place reached when it moves. */
  settled(chunkNumber: number, ruleId: RuleId, outcome: OutcomeKind): Promise<void> {
    this.#run = addOutcome(this.#run, ruleId, outcome);
    this.#open = this.#open.map((tally) =>
      tally.chunkNumber === chunkNumber
        ? { ...addOutcome(tally, ruleId, outcome), left: tally.left - 1 }
        : tally,
    );
    return this.#open[0]?.left === 0 ? this.write() : Promise.resolve();
  }

  /** Writes the place reached, and the calls made so far. */
  write(): Promise<void> {
    while (this.#open[0]?.left === 0) {
      const [complete, ...others] = this.#open;
      this.#open = others;
      this.#completed = { ...addCounts(this.#completed, complete), nextChunk: complete.chunkNumber + 1 };
    }
    this.#run = { ...this.#run, nextChunk: this.#completed.nextChunk };
    const snapshot = withUsage(this.#session, this.#completed);
    const { deps, lease } = this.#session;
    this.#writing = this.#writing.then(() => deps.state.writeRun(snapshot, lease.fence));
    return this.#writing;
  }
}
