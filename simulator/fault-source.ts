import { drawAt } from './random.ts';
import type { EndpointName, Fault } from './settings.ts';

/** Says which calls go wrong, and how. */
export interface FaultSource {
  /** The first fault of the list that strikes this call. To be asked once a call. */
  next(endpoint: EndpointName): Fault | undefined;
}

/** Which calls it strikes depends on the seed, on the fault's place in the list and on how many calls to that endpoint came before. */
export function faultSource(seed: number, faults: readonly Fault[]): FaultSource {
  const counted = faults.map((fault, place) => ({ fault, place, matching: 0, struck: 0 }));
  const calls = new Map<EndpointName, number>();
  return {
    next(endpoint) {
      const nthOfEndpoint = (calls.get(endpoint) ?? 0) + 1;
      calls.set(endpoint, nthOfEndpoint);
      let chosen: Fault | undefined;
      for (const entry of counted) {
        const { fault } = entry;
        if (fault.on !== undefined && !fault.on.includes(endpoint)) continue;
        entry.matching += 1;
        if (chosen !== undefined || entry.struck >= (fault.times ?? Number.POSITIVE_INFINITY)) continue;
        const drawn = () => drawAt(seed, `fault ${entry.place} ${endpoint}`, nthOfEndpoint);
        if (!strikes(fault, entry.matching, drawn)) continue;
        entry.struck += 1;
        chosen = fault;
      }
      return chosen;
    },
  };
}

function strikes(fault: Fault, nthMatching: number, drawn: () => number): boolean {
  if (fault.calls !== undefined && !fault.calls.includes(nthMatching)) return false;
  return fault.probability === undefined || drawn() < fault.probability;
}
