/**
 * `npm run soak [-- crashes|plans] [COUNT] [FIRST_SEED]`: what the tests run a sample of, in full. `crashes`: seeded runs of the real
 * command, killed and started again, a line each. `plans`: generated policies over 20,000 conversations, by list and by search, against
 * brute force. Exits with 1 when anything is not as promised.
 */
import { workThrough } from '#sweep/worker-pool.ts';
import { crashRun } from './crash-run.ts';
import { comparePlans } from './plan-equality.ts';

const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

/** Most of a run is waiting: for Intercom's limit, and between attempts. */
const runsAtOnce = 4;

async function soakCrashes(count: number, firstSeed: number): Promise<boolean> {
  const totals = { runs: 0, killed: 0, started: 0, deleted: 0, unresolved: 0, failed: 0 };
  const seeds = Array.from({ length: count }, (_, at) => firstSeed + at);
  await workThrough(seeds, runsAtOnce, async (seed) => {
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

const [what = 'all', count = '200', seed = '1'] = process.argv.slice(2);
const results: boolean[] = [];
if (what !== 'plans') results.push(await soakCrashes(Number(count), Number(seed)));
if (what !== 'crashes') results.push(await soakPlans(Number(count), Number(seed)));
process.exitCode = results.every(Boolean) ? 0 : 1;
