/** `npm run soak [-- COUNT [FIRST_SEED]]`: seeded runs that are killed and started again, one line each. */
import { crashRun } from './crash-run.ts';

const [count = '200', first = '1'] = process.argv.slice(2);
const totals = { runs: 0, killed: 0, deleted: 0, failed: 0 };

for (let seed = Number(first); seed < Number(first) + Number(count); seed += 1) {
  const report = await crashRun(seed);
  totals.runs += 1;
  totals.killed += report.killed;
  totals.deleted += report.deleted;
  if (report.broken.length > 0 || report.killed === 0) totals.failed += 1;
  const { killed, started, deleted, outcomes, broken } = report;
  process.stdout.write(`${JSON.stringify({ seed, killed, started, deleted, outcomes, broken })}\n`);
}
process.stdout.write(`${JSON.stringify(totals)}\n`);
process.exitCode = totals.failed === 0 ? 0 : 1;
