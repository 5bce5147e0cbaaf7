/**
 * `npm run soak [-- crashes|plans|properties] [COUNT] [FIRST_SEED]`: what the tests run a sample of, in full. `crashes`: seeded runs of the
 * real command, killed and started again. `plans`: generated policies over 20,000 conversations, by list and by search, against brute
 * force. `properties`: all property tests with other seeds than the usual. Without a word, the first two. A line each; exits with 1 when
 * anything is not as promised.
 */
import { workThrough } from '#sweep/worker-pool.ts';
import { crashRun } from './crash-run.ts';
import { comparePlans } from './plan-equality.ts';
import { propertyRun } from './property-run.ts';

const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

const seedsFrom = (first: number, count: number) => Array.from({ length: count }, (_, at) => first + at);

/** Most of a run is waiting: for Intercom's limit, and between attempts. */
const crashRunsAtOnce = 4;

async function soakCrashes(count: number, firstSeed: number): Promise<boolean> {
  const totals = { runs: 0, killed: 0, started: 0, deleted: 0, unresolved: 0, failed: 0 };
  await workThrough(seedsFrom(firstSeed, count), crashRunsAtOnce, async (seed) => {
    const { killed, started, deleted, outcomes, broken } = await crashRun(seed);
    const holds = broken.length === 0 && killed > 0;
    totals.runs += 1;
    totals.killed += killed;
    totals.started += started;
    totals.deleted += deleted;
    totals.unresolved += outcomes['unresolved'] ?? 0;
    if (!holds) totals.failed += 1;
    print({ seed, killed, started, deleted, outcomes, broken });
  });
  print(totals);
  return totals.failed === 0;
}

async function soakPlans(policies: number, seed: number): Promise<boolean> {
  const equality = await comparePlans({ conversations: 20_000, policies, seed });
  print(equality);
  return equality.different.length === 0 && equality.writeCalls === 0;
}

async function soakProperties(count: number, firstSeed: number): Promise<boolean> {
  const totals = { runs: 0, passed: 0, failed: 0 };
  for (const seed of seedsFrom(firstSeed, count)) {
    const report = await propertyRun(seed);
    print(report);
    totals.runs += 1;
    totals.passed += report.passed;
    totals.failed += report.failed.length;
  }
  print(totals);
  return totals.failed === 0 && totals.passed > 0;
}

const kinds = { crashes: soakCrashes, plans: soakPlans, properties: soakProperties };
const isKind = (word: string): word is keyof typeof kinds => Object.hasOwn(kinds, word);

const [word, ...numbers] = process.argv.slice(2);
const [count = 200, firstSeed = 1] = numbers.map(Number);
if ((word !== undefined && !isKind(word)) || !Number.isInteger(count) || !Number.isInteger(firstSeed)) {
  process.stderr.write(`Say: npm run soak [-- ${Object.keys(kinds).join('|')} [COUNT] [FIRST_SEED]]\n`);
  process.exitCode = 1;
} else {
  const results: boolean[] = [];
  for (const kind of word === undefined ? (['crashes', 'plans'] as const) : [word]) {
    results.push(await kinds[kind](count, firstSeed));
  }
  process.exitCode = results.every(Boolean) ? 0 : 1;
}
