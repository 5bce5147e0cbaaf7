import { drawAt } from './random.ts';

/** In the form of a UUID, as Intercom's are; the same for the same seed and number of the call. */
export function requestIdOf(seed: number, callNumber: number): string {
  const hex = (stream: string) =>
    Math.floor(drawAt(seed, stream, callNumber) * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const [a, b, c, d] = [hex('request a'), hex('request b'), hex('request c'), hex('request d')];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`;
}
