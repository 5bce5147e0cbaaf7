import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of draws: the same seed gives the same stream. */
export interface Random {
  /** At least 0, below 1. */
  fraction(): number;
  /** Both ends included. */
  integer(min: number, max: number): number;
  chance(probability: number): boolean;
  /** @throws RangeError when there is nothing to pick from. */
  pick<Item>(items: readonly Item[]): Item;
}

export function randomFrom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const fraction = () => (generator.next() >>> 0) / 2 ** 32;
  return {
    fraction,
    integer: (min, max) => min + Math.floor(fraction() * (max - min + 1)),
    chance: (probability) => fraction() < probability,
    pick: (items) => pickAt(items, fraction()),
  };
}

/** The item that lies at this fraction of the list. */
export function pickAt<Item>(items: readonly Item[], fraction: number): Item {
  const item = items[Math.floor(fraction * items.length)];
  if (item === undefined) throw new RangeError('There is nothing to pick from.');
  return item;
}

/**
 * A fraction (at least 0, below 1) that depends on its arguments alone, not on how many were drawn before. So an answer to one
 * endpoint does not depend on how calls to another one interleave with it.
 */
export function drawAt(seed: number, stream: string, position: number): number {
  let hash = seed | 0;
  for (let index = 0; index < stream.length; index += 1) {
    hash = Math.imul(hash ^ stream.charCodeAt(index), 0x01000193);
  }
  // Ids are larger than 32 bits: both halves must count.
  hash = mix(hash ^ (position | 0));
  hash = mix(hash ^ Math.floor(position / 2 ** 32));
  return (hash >>> 0) / 2 ** 32;
}

/** The finaliser of MurmurHash3: every bit of the input moves about half of the output. */
function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
