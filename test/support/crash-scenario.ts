import fc from 'fast-check';
import type { SettingsInput } from '#simulator/settings.ts';

/** When the command is killed: around a call to Intercom, or around a write to the store. */
export interface Kill {
  readonly at: 'call' | 'write';
  /** Counted from 1, over all processes of the run. */
  readonly number: number;
  /** `before`: what was asked for does not happen. `after`: it happens, and nobody hears of it. */
  readonly when: 'before' | 'after';
}

export interface CrashScenario {
  readonly conversations: number;
  readonly scan: 'list' | 'search';
  readonly recheckAfter: '0s' | '15m';
  readonly retainMetrics: boolean;
  /** Undefined: the limits are not reached. Otherwise the day's limit, with `when_exceeded: trim`. */
  readonly perDay: number | undefined;
  /** Every so many calls somebody replies, assigns or closes; 0: nobody does anything. */
  readonly churnEveryCalls: number;
  /** Of the conversations that the policy would delete, the share that is held. */
  readonly heldShare: number;
  readonly faults: NonNullable<SettingsInput['faults']>;
  readonly indexLag: number;
  readonly kills: readonly Kill[];
}

const killWithin = (most: number): fc.Arbitrary<Kill> =>
  fc.record({
    at: fc.constantFrom('call', 'call', 'write'),
    number: fc.integer({ min: 1, max: most }),
    when: fc.constantFrom('before', 'after'),
  });

/** The first within what every run comes to, so that each is killed at least once; others anywhere. */
const kills = fc
  .tuple(killWithin(40), fc.array(killWithin(300), { maxLength: 2 }))
  .map(([first, others]) => [first, ...others]);

const share = fc.constantFrom(0, 0, 0.01, 0.04);

const faults = fc
  .record({
    rate_limited: share,
    server_error: share,
    html_error: share,
    reset: share,
    reset_after: share,
    error_after: share,
    torn_body: share,
    torn_connection: share,
    empty_body: share,
  })
  .map((shares) =>
    Object.entries(shares)
      .filter(([, probability]) => probability > 0)
      .map(([kind, probability]) => ({ kind: kind as keyof typeof shares, probability })),
  );

const scenarios: fc.Arbitrary<CrashScenario> = fc.record({
  conversations: fc.integer({ min: 400, max: 900 }),
  scan: fc.constantFrom('list', 'search'),
  recheckAfter: fc.constantFrom('0s', '15m'),
  retainMetrics: fc.boolean(),
  perDay: fc.option(fc.integer({ min: 30, max: 90 }), { nil: undefined, freq: 3 }),
  churnEveryCalls: fc.constantFrom(0, 0, 7, 23),
  heldShare: fc.constantFrom(0, 0.1),
  faults,
  indexLag: fc.constantFrom(0, 0, 0.2),
  kills,
});

/** The same seed always gives the same scenario. */
export function scenarioOf(seed: number): CrashScenario {
  const [scenario] = fc.sample(scenarios, { seed, numRuns: 1 });
  if (scenario === undefined) throw new Error('fast-check gave no scenario.');
  return scenario;
}
