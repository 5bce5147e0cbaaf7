import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type HandlerName, writeBundle } from '#infra/bundle.ts';
import { startFunction } from '#support/runtime-api.ts';
import type { Benchmark, Row } from './benchmark.ts';
import { runNode } from './watched-process.ts';

const rounds = 12;
/** What the runtime interface client itself takes is part of it. */
const startWithinMs = 180;

interface Budget {
  readonly kilobytes: number;
  readonly importMs: number;
}
const budgets: Readonly<Record<HandlerName, Budget>> = {
  webhook: { kilobytes: 400, importMs: 100 },
  sweep: { kilobytes: 650, importMs: 130 },
  'delete-on-event': { kilobytes: 650, importMs: 130 },
  reconcile: { kilobytes: 650, importMs: 130 },
  'audit-query': { kilobytes: 650, importMs: 130 },
  seal: { kilobytes: 650, importMs: 130 },
};
const handlers = Object.keys(budgets) as HandlerName[]; // the record names each of them, and nothing else

export const bundle: Benchmark = {
  title: 'Bundles and cold starts',
  about: `each function's bundle as it is deployed: its size against its budget; the time to import it in a new process (aimed at: ${budgets.webhook.importMs} ms for the webhook, ${budgets.sweep.importMs} ms for the others); and the time from the start of AWS's own runtime interface client with it until that asks for the first invocation (aimed at: ${startWithinMs} ms); both against a handler that does nothing and imports nothing. The fastest of ${rounds} rounds, in which each has its turn: whatever else the machine does only adds to what a start takes.`,
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'retention-bench-'));
    try {
      const bare = writeBare(folder);
      const bundles = handlers.map((handler) => writeOurs(folder, handler));
      const all = [bare, ...bundles];
      for (let round = 0; round < rounds; round += 1) {
        for (const measured of all) await measureOnce(measured);
      }
      return bundles.flatMap((measured) => rowsOf(measured, bare));
    } finally {
      rmSync(folder, { recursive: true, maxRetries: 10, retryDelay: 100 });
    }
  },
};

interface Measured {
  readonly handler: HandlerName | 'bare';
  readonly folder: string;
  readonly importMs: number[];
  readonly startMs: number[];
  readonly wrong: string[];
}

const newMeasured = (handler: Measured['handler'], folder: string): Measured => ({
  handler,
  folder: join(folder, handler),
  importMs: [],
  startMs: [],
  wrong: [],
});

function writeBare(parent: string): Measured {
  const measured = newMeasured('bare', parent);
  mkdirSync(measured.folder);
  writeFileSync(join(measured.folder, 'index.mjs'), 'export const handler = async () => ({});\n');
  return measured;
}

function writeOurs(parent: string, handler: HandlerName): Measured {
  const measured = newMeasured(handler, parent);
  writeBundle(handler, measured.folder, undefined);
  return measured;
}

const environment = { STAGE: 'bench', AWS_REGION: 'local' };

/** Times the import in its own process, and ends that: what a bundle leaves open does not count. */
const importer = `
const before = performance.now();
const { handler } = await import(process.argv[1]);
const tookMs = performance.now() - before;
process.stdout.write(typeof handler === 'function' ? String(tookMs) : 'no handler', () => process.exit());
`;

async function measureOnce({ handler, folder, importMs, startMs, wrong }: Measured): Promise<void> {
  const { href } = pathToFileURL(join(folder, 'index.mjs'));
  const { stdout, stderr } = await runNode(['--input-type=module', '-e', importer, '--', href], {
    env: environment,
  });
  if (!(Number(stdout) > 0)) wrong.push(`${handler} cannot be imported: ${stdout} ${stderr}`.trim());
  importMs.push(Number(stdout));

  await using started = await startFunction(folder, environment);
  // A function without its settings fails, but only after it has started.
  await started.invoke({}).catch(() => undefined);
  if (Number.isNaN(started.startedInMs)) wrong.push(`${handler} did not start: ${started.output}`);
  startMs.push(started.startedInMs);
}

function rowsOf({ handler, folder, importMs, startMs, wrong }: Measured, bare: Measured): readonly Row[] {
  if (handler === 'bare') return [];
  const { kilobytes: budgetKb, importMs: importAimMs } = budgets[handler];
  const kilobytes = statSync(join(folder, 'index.mjs')).size / 1024;
  const problems = [...bare.wrong, ...wrong];
  return [
    {
      what: `size of ${handler}`,
      ours: `${Math.round(kilobytes)} KB`,
      peer: `${budgetKb} KB, the budget`,
      ratio: kilobytes / budgetKb,
      aim: 1,
      wrong: problems,
    },
    timeRow(`import of ${handler}`, Math.min(...importMs), Math.min(...bare.importMs), importAimMs, problems),
    timeRow(`start of ${handler}`, Math.min(...startMs), Math.min(...bare.startMs), startWithinMs, problems),
  ];
}

const timeRow = (what: string, ours: number, bare: number, aimMs: number, wrong: readonly string[]): Row => ({
  what,
  ours: `${ours.toFixed(0)} ms`,
  peer: `${bare.toFixed(1)} ms, bare`,
  ratio: ours / bare,
  aim: Number((aimMs / bare).toFixed(2)),
  wrong,
});
