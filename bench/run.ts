/**
 * `npm run bench [-- NAME…]`: runs the benchmarks, all unless some are named, and prints their table.
 *
 * `npm run bench -- --write` also writes it to bench/results.md.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { auditMemory } from './audit-memory.ts';
import type { Benchmark, Row } from './benchmark.ts';
import { bundle } from './bundle.ts';
import { cpu } from './cpu.ts';
import { memory } from './memory.ts';
import { type Result, resultsPage } from './results-page.ts';
import { seal } from './seal.ts';
import { startUp } from './start-up.ts';
import { sweep } from './sweep.ts';
import { webhookToDeletion } from './webhook-to-deletion.ts';
import { writeUnits } from './write-units.ts';

const benchmarks: Readonly<Record<string, Benchmark>> = {
  sweep,
  cpu,
  memory,
  'audit-memory': auditMemory,
  'write-units': writeUnits,
  seal,
  'start-up': startUp,
  bundle,
  'webhook-to-deletion': webhookToDeletion,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no benchmark "${unknown.join('", "')}"; there are ${Object.keys(benchmarks).join(', ')}.\n`,
  );
  process.exit(2);
}

if (values.write && positionals.length > 0) {
  process.stderr.write(
    '--write wants every benchmark: leave the names out, or the others would be lost from the page.\n',
  );
  process.exit(2);
}

const results: Result[] = [];
for (const [name, benchmark] of Object.entries(benchmarks)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  process.stderr.write(`${name} …`);
  const startedAt = performance.now();
  results.push({ name, benchmark, rows: await rowsOf(benchmark) });
  process.stderr.write(` ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
}
const page = resultsPage(results, new Date());
process.stdout.write(page);
if (values.write) writeFileSync(new URL('./results.md', import.meta.url), page);

/** One that breaks off costs the others nothing, and has its line in the table. */
async function rowsOf(benchmark: Benchmark): Promise<readonly Row[]> {
  try {
    return await benchmark.run();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [
      { what: benchmark.title, ours: '', peer: '', ratio: Number.NaN, wrong: [`it broke off: ${why}`] },
    ];
  }
}
