import type { ConversationId } from '#policy/ids.ts';

const initialSlots = 1024;
const empty = 0;

/**
 * A set of conversation ids that takes 8 to 16 bytes an id: Intercom's ids are whole numbers below 2^53, which fit a
 * table of doubles with open addressing. Ids of any other form are kept in a plain set.
 */
export class ConversationIdSet {
  #slots = new Float64Array(initialSlots);
  #numeric = 0;
  readonly #others = new Set<ConversationId>();

  /** True when the id was not there before. */
  add(id: ConversationId): boolean {
    const number = toExactNumber(id);
    if (number === undefined) {
      if (this.#others.has(id)) return false;
      this.#others.add(id);
      return true;
    }
    if (!insert(this.#slots, number)) return false;
    this.#numeric += 1;
    if (this.#numeric * 2 > this.#slots.length) this.#grow();
    return true;
  }

  get size(): number {
    return this.#numeric + this.#others.size;
  }

  #grow(): void {
    const larger = new Float64Array(this.#slots.length * 2);
    for (const number of this.#slots) if (number !== empty) insert(larger, number);
    this.#slots = larger;
  }
}

function insert(slots: Float64Array, number: number): boolean {
  const mask = slots.length - 1;
  let slot = hash(number) & mask;
  while (slots[slot] !== empty) {
    if (slots[slot] === number) return false;
    slot = (slot + 1) & mask;
  }
  slots[slot] = number;
  return true;
}

/** The two halves of the number, mixed by multiplication so that neighbouring ids do not share a run of slots. */
function hash(number: number): number {
  const low = number % 0x1_0000_0000;
  const high = (number - low) / 0x1_0000_0000;
  const mixed = Math.imul(low ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** The id as a number when that loses nothing; undefined otherwise. */
function toExactNumber(id: ConversationId): number | undefined {
  const number = Number(id);
  return Number.isSafeInteger(number) && number > 0 && String(number) === id ? number : undefined;
}
