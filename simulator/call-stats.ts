import type { EndpointName, Fault } from './settings.ts';

/** What has been asked of the simulator; control calls do not count. */
export interface CallStats {
  readonly calls: number;
  /** Calls that may change something: all but GET, HEAD and searches. */
  readonly writeCalls: number;
  /** By endpoint, then by the status answered; `none` for calls that never got an answer. */
  readonly byEndpoint: Readonly<Partial<Record<EndpointName, Readonly<Record<string, number>>>>>;
  /** By method and path, with `{id}` for ids. */
  readonly byPath: Readonly<Record<string, number>>;
  /** 429s: because of this client's own calls, because another app used up the window, and injected ones. */
  readonly rateLimited: { readonly own: number; readonly foreign: number; readonly injected: number };
  readonly faults: Readonly<Partial<Record<Fault['kind'], number>>>;
  readonly churnActions: number;
  readonly maxConcurrent: number;
}

type Mutable<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] };

export interface StatsCounter {
  arrived(call: { readonly method: string; readonly path: string; readonly endpoint: EndpointName }): void;
  left(endpoint: EndpointName, status: number | 'none'): void;
  rateLimited(blame: 'own' | 'foreign' | 'injected'): void;
  struck(kind: Fault['kind']): void;
  churned(): void;
  read(): CallStats;
  /** Everything back to 0, but for calls that are still under way. */
  reset(): void;
}

export function statsCounter(): StatsCounter {
  let concurrent = 0;
  let stats = emptyStats();
  return {
    arrived({ method, path, endpoint }) {
      concurrent += 1;
      stats.calls += 1;
      if (method !== 'GET' && method !== 'HEAD' && endpoint !== 'search' && endpoint !== 'contact_search')
        stats.writeCalls += 1;
      const name = `${method} ${path.replace(/\/\d+$|\/[0-9a-f]{24}$/, '/{id}')}`;
      stats.byPath[name] = (stats.byPath[name] ?? 0) + 1;
      stats.maxConcurrent = Math.max(stats.maxConcurrent, concurrent);
    },
    left(endpoint, status) {
      concurrent -= 1;
      const statuses = stats.byEndpoint[endpoint] ?? {};
      stats.byEndpoint[endpoint] = statuses;
      statuses[status] = (statuses[status] ?? 0) + 1;
    },
    rateLimited(blame) {
      stats.rateLimited[blame] += 1;
    },
    struck(kind) {
      stats.faults[kind] = (stats.faults[kind] ?? 0) + 1;
    },
    churned() {
      stats.churnActions += 1;
    },
    read: () => structuredClone(stats),
    reset() {
      stats = emptyStats();
    },
  };
}

const emptyStats = () => ({
  calls: 0,
  writeCalls: 0,
  byEndpoint: {} as Partial<Record<EndpointName, Record<string, number>>>, // an empty object has no type of its own
  byPath: {} as Record<string, number>, // likewise
  rateLimited: { own: 0, foreign: 0, injected: 0 } satisfies Mutable<CallStats['rateLimited']>,
  faults: {} as Partial<Record<Fault['kind'], number>>, // likewise
  churnActions: 0,
  maxConcurrent: 0,
});
